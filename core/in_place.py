"""Optimizers once more, for training: the steps of core/optimizers.py up to rounding, in arrays that are made once."""

from math import sqrt

import numpy as np

from core.records import FloatArray
from core.update import Optimizer, State, Steps


def steps_of(optimizer: Optimizer, parameters: FloatArray) -> Steps:
    """The steps of an optimizer from here on: in place where it has such a form, else by its pure function."""
    return PureSteps(optimizer, parameters) if optimizer.in_place is None else optimizer.in_place(parameters)


class PureSteps:
    """Any optimizer, by its pure function. `parameters` are those that the caller moves."""

    def __init__(self, optimizer: Optimizer, parameters: FloatArray) -> None:
        self._update, self._parameters = optimizer.update, parameters
        self.state = optimizer.init(parameters)

    def step(self, gradient: FloatArray) -> FloatArray:
        delta, self.state = self._update(gradient, self.state, self._parameters)
        return delta


class SGDSteps:
    """core.optimizers.sgd without weight decay."""

    state = State(0, ())

    def __init__(self, learning_rate: float, parameters: FloatArray) -> None:
        self._size = np.array(-learning_rate, parameters.dtype)  # numpy is slower with Python's numbers

    def step(self, gradient: FloatArray) -> FloatArray:
        gradient *= self._size
        return gradient


class AdamSteps:
    """core.optimizers.adam without weight decay.

    Its memory is kept divided by 1 - beta, so that a new gradient is added as it is.
    """

    def __init__(self, learning_rate: float, beta1: float, beta2: float, eps: float, parameters: FloatArray) -> None:
        self._rates = learning_rate, beta1, beta2, eps
        self._beta1, self._beta2 = (np.array(beta, parameters.dtype) for beta in (beta1, beta2))
        self._eps, self._size = np.empty((2, 1), parameters.dtype)
        self._mean, self._square = np.zeros((2, *parameters.shape), parameters.dtype)
        self._steps = 0

    @property
    def state(self) -> State:
        _, beta1, beta2, _ = self._rates
        return State(self._steps, ((1 - beta1) * self._mean, (1 - beta2) * self._square))

    def step(self, gradient: FloatArray) -> FloatArray:
        learning_rate, beta1, beta2, eps = self._rates
        self._steps += 1
        root = sqrt((1 - beta2) / (1 - beta2**self._steps))  # of the share that turns this memory into a mean
        self._eps[0] = eps / root
        self._size[0] = -learning_rate * (1 - beta1) / (1 - beta1**self._steps) / root
        self._mean *= self._beta1
        self._mean += gradient
        self._square *= self._beta2
        np.multiply(gradient, gradient, out=gradient)
        self._square += gradient
        np.sqrt(self._square, out=gradient)
        gradient += self._eps
        np.divide(self._mean, gradient, out=gradient)
        gradient *= self._size
        return gradient
