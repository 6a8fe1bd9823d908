"""The optimizers as Keras 3.15.1 (keras.optimizers) has them, where it differs from PyTorch: core/optimizers.py.

A sparse gradient (IndexedSlices, on TensorFlow only) changes no result: rows that it leaves out have the gradient 0, so
every optimizer takes it. Here it is summed first; Keras 3.15.1 on TensorFlow squares each part of a repeated row by
itself. Weight decay is always decoupled: a share of every parameter, and none of it enters the gradient.
"""

from collections.abc import Callable

import numpy as np

from core.optimizers import adam_eps_first
from core.records import FloatArray
from core.row_steps import everywhere
from core.update import Optimizer, State, Update, remembering
from core.weight_decay import with_decoupled_decay


def sgd(learning_rate: float) -> Optimizer:
    """Against the gradient, as in PyTorch. keras.optimizers.SGD."""

    def update(gradient: FloatArray, state: State, parameters: FloatArray) -> tuple[FloatArray, State]:
        return -learning_rate * gradient, state

    return _optimizer(0, update)


def momentum(learning_rate: float, decay: float = 0.9) -> Optimizer:
    """The velocity is the step itself: the learning rate is inside it, where PyTorch's stands before it.

    The same steps, as long as the learning rate stays what it is. keras.optimizers.SGD(momentum=decay).
    """

    def update(gradient: FloatArray, state: State, parameters: FloatArray) -> tuple[FloatArray, State]:
        velocity = decay * state.memory[0] - learning_rate * gradient
        return velocity, State(state.steps + 1, (velocity,))

    return _optimizer(1, update)


def nesterov(learning_rate: float, decay: float = 0.9) -> Optimizer:
    """Momentum that looks one step ahead. keras.optimizers.SGD(momentum=decay, nesterov=True)."""

    def update(gradient: FloatArray, state: State, parameters: FloatArray) -> tuple[FloatArray, State]:
        velocity = decay * state.memory[0] - learning_rate * gradient
        return decay * velocity - learning_rate * gradient, State(state.steps + 1, (velocity,))

    return _optimizer(1, update)


def adagrad(learning_rate: float, start: float = 0.1, eps: float = 1e-7) -> Optimizer:
    """keras.optimizers.Adagrad: the sum of squares starts at 0.1 (PyTorch: 0), and eps is added inside the root."""

    def update(gradient: FloatArray, state: State, parameters: FloatArray) -> tuple[FloatArray, State]:
        total = state.memory[0] + gradient * gradient
        return -learning_rate * gradient / np.sqrt(total + eps), State(state.steps + 1, (total,))

    return _optimizer(1, update, start)


def rmsprop(learning_rate: float, decay: float = 0.9, eps: float = 1e-7) -> Optimizer:
    """keras.optimizers.RMSprop(rho=decay): forgets ten times faster than PyTorch's 0.99, and eps is inside the root."""

    def update(gradient: FloatArray, state: State, parameters: FloatArray) -> tuple[FloatArray, State]:
        square = decay * state.memory[0] + (1 - decay) * gradient * gradient
        return -learning_rate * gradient / np.sqrt(square + eps), State(state.steps + 1, (square,))

    return _optimizer(1, update)


def adam(learning_rate: float, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-7) -> Optimizer:
    """keras.optimizers.Adam: eps is added before the bias correction of the root (PyTorch: after), and is 1e-7."""
    return _optimizer(2, adam_eps_first(learning_rate, beta1, beta2, eps))


def adamw(
    learning_rate: float, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-7, weight_decay: float = 0.004
) -> Optimizer:
    """keras.optimizers.AdamW: decays by 0.004 where PyTorch decays by 0.01."""
    return decayed(adam(learning_rate, beta1, beta2, eps), learning_rate, weight_decay)


def decayed(optimizer: Optimizer, learning_rate: float, weight_decay: float) -> Optimizer:
    """Any of them with `weight_decay`: the parameters shrink by learning_rate * weight_decay at each step."""
    update = with_decoupled_decay(optimizer, learning_rate * weight_decay).update
    return Optimizer(optimizer.init, update, everywhere(update))


def _optimizer(arrays: int, update: Update, start: float = 0.0) -> Optimizer:
    return Optimizer(remembering(arrays, start), update, everywhere(update))


KERAS_OPTIMIZERS: dict[str, Callable[[float], Optimizer]] = {
    "SGD": sgd,
    "Momentum": momentum,
    "Nesterov": nesterov,
    "Adagrad": adagrad,
    "RMSprop": rmsprop,
    "Adam": adam,
    "AdamW": adamw,
}
