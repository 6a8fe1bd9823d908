"""Optimizers as pairs of pure functions over explicit state: (gradient, state) -> (delta, state).

`init(parameters)` gives the state before the first step. To add one, write a function like the others and name it in
OPTIMIZERS: nothing else has to change. Conventions and defaults are PyTorch's (2.13).
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from core.records import FloatArray


class Optimizer(NamedTuple):
    """`update` takes a gradient and the state and gives what to add to the parameters, and the next state."""

    init: Callable[[FloatArray], Any]
    update: Callable[[FloatArray, Any], tuple[FloatArray, Any]]


def sgd(learning_rate: float) -> Optimizer:
    """Against the gradient, and no memory: a row without a gradient stays where it is."""
    return Optimizer(lambda parameters: None, lambda gradient, state: (-learning_rate * gradient, state))


def momentum(learning_rate: float, decay: float = 0.9) -> Optimizer:
    """A velocity remembers earlier gradients, so a row goes on moving after it was last read."""

    def update(gradient: FloatArray, velocity: FloatArray) -> tuple[FloatArray, FloatArray]:
        velocity = decay * velocity + gradient
        return -learning_rate * velocity, velocity

    return Optimizer(np.zeros_like, update)


class AdamState(NamedTuple):
    """What Adam remembers."""

    steps: int
    mean: FloatArray  # of the gradients, running
    square: FloatArray  # of their squares, running


def adam(learning_rate: float, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-8) -> Optimizer:
    """Every number at its own pace: the running mean of its gradients over the root of their running mean square.

    Kingma and Ba 2015, algorithm 1; eps is added after the bias correction of the root, as in PyTorch.
    """

    def update(gradient: FloatArray, state: AdamState) -> tuple[FloatArray, AdamState]:
        steps = state.steps + 1
        mean = beta1 * state.mean + (1 - beta1) * gradient
        square = beta2 * state.square + (1 - beta2) * gradient * gradient
        root = np.sqrt(square) / (1 - beta2**steps) ** 0.5 + eps
        return -learning_rate / (1 - beta1**steps) * mean / root, AdamState(steps, mean, square)

    return Optimizer(lambda parameters: AdamState(0, np.zeros_like(parameters), np.zeros_like(parameters)), update)


OPTIMIZERS: dict[str, Callable[[float], Optimizer]] = {"SGD": sgd, "Momentum": momentum, "Adam": adam}
