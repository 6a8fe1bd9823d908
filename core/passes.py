"""Passes: forward and backward of the heads, for training. They must equal each head's `step`, the form to read.

A pass serves one number of examples, and makes all its arrays once: a step at a lesson's size is some thirty calls of
numpy, each as long as a look into its arguments takes. Three more things make it fast. A sum over the outputs is a
product with ones, for numpy is slow to reduce or to broadcast over many short rows. What scales an example goes to the
narrow arrays (n, D), not to the wide (n, C). And the loss is worked out only where it is asked for. Those of negative
sampling are in core/sigmoid_passes.py, that of a hidden layer in core/hidden.py.
"""

from typing import Any, Protocol

import numpy as np

from core.examples import Examples
from core.losses import Loss
from core.pools import pool_rows, spread_rows
from core.records import FloatArray, Parameters

MODERATE = 16  # scores: exp of them is of moderate size, and so are sums of it


class Pass(Protocol):
    """Forward and backward for n examples at a time. Made for parameters, and for arrays that take their gradients."""

    def begin(self, examples: Examples) -> None:
        """Read these examples from now on."""
        ...

    def forward(self, start: int) -> None:
        """Score examples start .. start + n - 1."""
        ...

    def loss(self) -> float:
        """Of the examples just scored: their importance @ their losses."""
        ...

    def backward(self) -> None:
        """Write the gradients of that loss into their arrays."""
        ...


class LinearPass:
    """Pools side by side -> linear layer -> any loss. The bias is one row more of the kernel, with an input of 1."""

    def __init__(self, loss: Loss, slots: int, parameters: Parameters, into: Parameters, number: int) -> None:
        self._loss, self._slots, self._number = loss, slots, number
        self._weight, self._kernel, self._bias = parameters["weight"], parameters["kernel"], parameters["bias"]
        self._into, dtype, (inputs, outputs) = into, self._weight.dtype, self._kernel.shape
        self._pools = np.empty((number * slots, self._weight.shape[1]), dtype)
        self._pooled = self._pools.reshape(number, inputs)
        self._inputs, self._scaled = np.ones((2, number, inputs + 1), dtype)
        self._matrix, self._grad_matrix = np.empty((2, inputs + 1, outputs), dtype)
        self._logits = np.empty((number, outputs), dtype)
        self._factors = np.empty((number, 1), dtype)  # of each example's row of errors
        self._grad_pools = np.empty_like(self._pools)
        self._grad_pooled = self._grad_pools.reshape(number, inputs)

    def begin(self, examples: Examples) -> None:
        self._bags, self._targets, self._importance = examples.bags, examples.targets, examples.importance

    def forward(self, start: int) -> None:
        self._start = start
        pool_rows(self._bags, self._weight, self._pools, start * self._slots)
        self._inputs[:, :-1] = self._pooled
        self._matrix[:-1] = self._kernel
        self._matrix[-1] = self._bias
        np.dot(self._inputs, self._matrix, out=self._logits)
        here = slice(start, start + self._number)
        self._score(self._targets[here], self._importance[here])

    def _score(self, targets: Any, importance: FloatArray) -> None:
        _, self._losses, self._errors = self._loss(self._logits, targets)
        self._factors[:, 0] = importance

    def loss(self) -> float:
        return float(self._factors[:, 0] @ self._losses)

    def backward(self) -> None:
        np.multiply(self._inputs, self._factors, out=self._scaled)
        np.dot(self._scaled.T, self._errors, out=self._grad_matrix)
        self._into["kernel"][:] = self._grad_matrix[:-1]
        self._into["bias"][:] = self._grad_matrix[-1]
        np.dot(self._errors, self._kernel.T, out=self._grad_pooled)
        self._grad_pooled *= self._factors
        spread_rows(self._bags, self._grad_pools, self._into["weight"], self._start * self._slots)


class SoftmaxPass(LinearPass):
    """The same with softmax and cross-entropy, core.losses.softmax_loss, in place.

    exp of the scores stays as it is: what it is divided by, its sum over the outputs, goes into the factor of its row.
    """

    def __init__(self, loss: Loss, slots: int, parameters: Parameters, into: Parameters, number: int) -> None:
        super().__init__(loss, slots, parameters, into, number)
        self._flat, self._errors = self._logits.ravel(), self._logits
        self._rows = np.arange(0, self._logits.size, self._logits.shape[1])
        self._right = np.empty_like(self._rows)  # where the scores of the right labels are
        self._right_logits, self._totals = np.empty((2, number), self._logits.dtype)
        self._ones = np.ones(self._logits.shape[1], self._logits.dtype)

    def _score(self, labels: Any, importance: FloatArray) -> None:
        logits, flat = self._logits, self._flat
        if not -MODERATE < np.minimum.reduce(flat) <= np.maximum.reduce(flat) < MODERATE:  # or not a number
            logits -= _largest(logits)
        right = np.add(self._rows, labels, out=self._right)
        flat.take(right, 0, self._right_logits, "clip")
        np.exp(logits, out=logits)
        np.dot(logits, self._ones, out=self._totals)
        flat[right] -= self._totals  # the error of a right label is its share less 1
        np.divide(importance, self._totals, out=self._factors[:, 0])

    def loss(self) -> float:
        losses = np.log(self._totals) - self._right_logits
        return float((self._factors[:, 0] * self._totals) @ losses)


def _largest(logits: FloatArray) -> FloatArray:
    """The largest of each row: (N, 1). Many short rows are turned first, for numpy is slow on them."""
    if len(logits) < 16 * logits.shape[1]:
        return np.asarray(np.maximum.reduce(logits, axis=1, keepdims=True))
    return np.asarray(np.maximum.reduce(logits.T.copy(), axis=0))[:, None]
