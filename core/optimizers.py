"""Optimizers as pure functions over explicit state: (gradient, state, parameters) -> (delta, state).

To add one, write a function like the others and name it in OPTIMIZERS: nothing else has to change. Conventions and
defaults are those of PyTorch 2.13.0 (torch.optim); Keras's are in core/keras_optimizers.py.
"""

from collections.abc import Callable
from functools import partial
from typing import NoReturn

import numpy as np

from core.in_place import AdamSteps, SGDSteps
from core.records import FloatArray
from core.row_steps import everywhere, no_sparse, on_rows
from core.update import Optimizer, State, Update, remembering
from core.weight_decay import with_decoupled_decay, with_l2


def sgd(learning_rate: float, weight_decay: float = 0.0) -> Optimizer:
    """Against the gradient, and no memory: a row without a gradient stays where it is. torch.optim.SGD."""

    def update(gradient: FloatArray, state: State, parameters: FloatArray) -> tuple[FloatArray, State]:
        return -learning_rate * gradient, state

    plain = Optimizer(remembering(0), update, on_rows(update), partial(SGDSteps, learning_rate))
    return with_l2(plain, weight_decay)


def momentum(learning_rate: float, decay: float = 0.9, weight_decay: float = 0.0) -> Optimizer:
    """A velocity remembers earlier gradients, so a row goes on moving after it was last read. SGD(momentum=decay).

    A sparse gradient moves every row that was ever read, as in PyTorch: its velocity fades, and does not stop.
    """

    def update(gradient: FloatArray, state: State, parameters: FloatArray) -> tuple[FloatArray, State]:
        velocity = decay * state.memory[0] + gradient
        return -learning_rate * velocity, State(state.steps + 1, (velocity,))

    return with_l2(Optimizer(remembering(1), update, everywhere(update)), weight_decay)


def nesterov(learning_rate: float, decay: float = 0.9, weight_decay: float = 0.0) -> Optimizer:
    """Momentum that looks one step ahead: it adds the velocity's next share now. SGD(momentum=decay, nesterov=True)."""

    def update(gradient: FloatArray, state: State, parameters: FloatArray) -> tuple[FloatArray, State]:
        velocity = decay * state.memory[0] + gradient
        return -learning_rate * (gradient + decay * velocity), State(state.steps + 1, (velocity,))

    return with_l2(Optimizer(remembering(1), update, everywhere(update)), weight_decay)


def adagrad(learning_rate: float, weight_decay: float = 0.0, start: float = 0.0, eps: float = 1e-10) -> Optimizer:
    """Every number at its own pace, ever slower: over the root of the sum of its squared gradients.

    torch.optim.Adagrad: the sum begins at `start` (initial_accumulator_value), and eps is added to the root.
    """

    def update(gradient: FloatArray, state: State, parameters: FloatArray) -> tuple[FloatArray, State]:
        total = state.memory[0] + gradient * gradient
        return -learning_rate * gradient / (np.sqrt(total) + eps), State(state.steps + 1, (total,))

    return with_l2(Optimizer(remembering(1, start), update, on_rows(update)), weight_decay)


def rmsprop(learning_rate: float, decay: float = 0.99, eps: float = 1e-8, weight_decay: float = 0.0) -> Optimizer:
    """Adagrad that forgets: over the root of the running mean of its squared gradients.

    torch.optim.RMSprop(alpha=decay): nothing corrects the mean's start at 0, so the first steps are large.
    """

    def update(gradient: FloatArray, state: State, parameters: FloatArray) -> tuple[FloatArray, State]:
        square = decay * state.memory[0] + (1 - decay) * gradient * gradient
        return -learning_rate * gradient / (np.sqrt(square) + eps), State(state.steps + 1, (square,))

    return with_l2(Optimizer(remembering(1), update, no_sparse("RMSprop")), weight_decay)


def adam(
    learning_rate: float, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-8, weight_decay: float = 0.0
) -> Optimizer:
    """Every number at its own pace: the running mean of its gradients over the root of their running mean square.

    Kingma and Ba 2015, algorithm 1. torch.optim.Adam: eps is added after the bias correction of the root, and weight
    decay goes into the gradient.
    """

    def update(gradient: FloatArray, state: State, parameters: FloatArray) -> tuple[FloatArray, State]:
        steps, (mean, square) = moments(gradient, state, beta1, beta2)
        root = np.sqrt(square) / (1 - beta2**steps) ** 0.5 + eps
        return -learning_rate / (1 - beta1**steps) * mean / root, State(steps, (mean, square))

    in_place = partial(AdamSteps, learning_rate, beta1, beta2, eps)
    return with_l2(Optimizer(remembering(2), update, no_sparse("Adam"), in_place), weight_decay)


def adamw(
    learning_rate: float, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-8, weight_decay: float = 0.01
) -> Optimizer:
    """Adam whose weight decay stays out of the gradient, so that every row shrinks at one pace: a row never read too.

    Loshchilov and Hutter 2019. torch.optim.AdamW.
    """
    return with_decoupled_decay(adam(learning_rate, beta1, beta2, eps), learning_rate * weight_decay)


def sparse_adam(learning_rate: float, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-8) -> Optimizer:
    """Adam for sparse gradients: rows that were not read keep still, and their memory does not fade.

    torch.optim.SparseAdam: eps is added before the bias correction; steps count for all rows, read or not.
    """
    return Optimizer(remembering(2), _no_dense, on_rows(adam_eps_first(learning_rate, beta1, beta2, eps)))


def adam_eps_first(learning_rate: float, beta1: float, beta2: float, eps: float) -> Update:
    """Adam's update with eps added to the uncorrected root: the order that ends the paper's section 2."""

    def update(gradient: FloatArray, state: State, parameters: FloatArray) -> tuple[FloatArray, State]:
        steps, (mean, square) = moments(gradient, state, beta1, beta2)
        size = learning_rate * (1 - beta2**steps) ** 0.5 / (1 - beta1**steps)
        return -size * mean / (np.sqrt(square) + eps), State(steps, (mean, square))

    return update


def moments(gradient: FloatArray, state: State, beta1: float, beta2: float) -> State:
    """Adam's memory after this gradient: its running mean, and that of its square, both still biased towards 0."""
    mean, square = state.memory
    mean = beta1 * mean + (1 - beta1) * gradient
    square = beta2 * square + (1 - beta2) * gradient * gradient
    return State(state.steps + 1, (mean, square))


def _no_dense(gradient: FloatArray, state: State, parameters: FloatArray) -> NoReturn:
    raise RuntimeError("sparse_adam needs a sparse gradient, rows and their values: use adam for a dense one")


OPTIMIZERS: dict[str, Callable[[float], Optimizer]] = {
    "SGD": sgd,
    "Momentum": momentum,
    "Nesterov": nesterov,
    "Adagrad": adagrad,
    "RMSprop": rmsprop,
    "Adam": adam,
    "AdamW": adamw,
}
