"""Passes: forward and backward of the heads, for training. They must equal each head's `step`, the form to read.

A pass serves one number of examples, and makes all its arrays once: a step at a lesson's size is some thirty calls of
numpy, each as long as a look into its arguments takes. Three more things make it fast. A sum over the outputs is a
product with ones, for numpy is slow to reduce or to broadcast over many short rows. What scales an example goes to the
narrow arrays (n, D), not to the wide (n, C). And the loss is worked out only where it is asked for.
"""

from collections.abc import Callable
from math import log
from typing import Any, Protocol

import numpy as np

from core.examples import Examples
from core.losses import Loss
from core.pools import add_rows, pool_rows, read_rows, spread_rows
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


def once(both_ways: Pass, examples: Examples) -> float:
    """Forward and backward through all n examples: the loss."""
    both_ways.begin(examples)
    both_ways.forward(0)
    loss = both_ways.loss()
    both_ways.backward()
    return loss


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


class SigmoidPass:
    """Dot products z of pooled rows with rows of a second table, and sigmoids of them.

    An example's loss is the sum of a softplus(z) - b z over its scores; its gradient is a sigmoid(z) - b. For a word
    against negatives a is 1, and b is 1 for the word and 0 for the negatives. z / 2 is enough: sigmoid(z) is
    1/2 + tanh(z/2) / 2, and softplus(z) is |z/2| + z/2 + log 2 - log(1 + |tanh(z/2)|). tanh is the quickest of them.
    """

    def __init__(self, parameters: Parameters, into: Parameters, number: int, scores: int) -> None:
        self._weight, self._second, self._into = parameters["weight"], parameters["context_weight"], into
        dtype, columns = self._weight.dtype, self._weight.shape[1]
        self._pooled, self._grad_pooled = np.empty((2, number, columns), dtype)
        self._halves, self._leaning, self._spare = np.empty((3, number, scores), dtype)  # z / 2, tanh(z / 2)
        self._half = np.array(0.5, dtype)

    def _begin(self, examples: Examples, a: FloatArray, b: FloatArray) -> None:
        self._bags, importance = examples.bags, examples.importance[:, None]
        self._slopes = importance * a / 2  # (N, J): the errors, times importance, are slopes * tanh(z / 2) + shifts
        self._shifts = self._slopes - importance * b

    def _score(self, start: int) -> None:
        self._here = slice(start, start + len(self._halves))
        np.tanh(self._halves, out=self._leaning)

    def loss(self) -> float:
        softplus = np.abs(self._leaning, out=self._spare)  # less z / 2, which is part of the shifts
        softplus += 1
        np.log(softplus, out=softplus)
        np.subtract(np.abs(self._halves), softplus, out=softplus)
        softplus += log(2)
        slopes, shifts = self._slopes[self._here], self._shifts[self._here]
        return 2 * float(np.vdot(slopes, softplus) + np.vdot(shifts, self._halves))

    def _errors(self) -> FloatArray:
        errors = np.multiply(self._leaning, self._slopes[self._here], out=self._leaning)
        errors += self._shifts[self._here]
        return errors

    def _spread(self) -> None:
        spread_rows(self._bags, self._grad_pooled, self._into["weight"], self._here.start)


class NegativesPass(SigmoidPass):
    """A word's context and its K negatives: the targets are their ids (N, J), the context first."""

    def __init__(self, parameters: Parameters, into: Parameters, number: int, scores: int) -> None:
        super().__init__(parameters, into, number, scores)
        self._rows, self._products = np.empty((2, number * scores, self._weight.shape[1]), self._weight.dtype)
        self._halving = np.full(self._weight.shape[1], self._half)  # the product with it is half the sum of a row
        self._owners = np.arange(number).repeat(scores)
        self._offsets = np.arange(0, number * scores + 1, scores)

    def begin(self, examples: Examples) -> None:
        self._scored = examples.targets
        right = np.zeros(examples.targets.shape, self._half.dtype)
        right[:, 0] = 1
        self._begin(examples, np.ones_like(right), right)

    def forward(self, start: int) -> None:
        pool_rows(self._bags, self._weight, self._pooled, start)
        self._ids = self._scored[start : start + len(self._pooled)].ravel()
        self._second.take(self._ids, 0, self._rows, "clip")
        self._pooled.take(self._owners, 0, self._products, "clip")
        np.multiply(self._products, self._rows, out=self._products)
        np.dot(self._products, self._halving, out=self._halves.ravel())
        self._score(start)

    def backward(self) -> None:
        errors = self._errors().ravel()  # as the shares of pools: what an example scores is read together
        read_rows(self._offsets, self._ids, errors, self._second, self._grad_pooled)
        add_rows(self._offsets, self._ids, errors, self._pooled, self._into["context_weight"])
        self._spread()


class ExpectedPass(SigmoidPass):
    """All words as contexts and negatives: the targets are their shares (N, V), `expected` (V,) counts negatives."""

    def __init__(self, expected: FloatArray, parameters: Parameters, into: Parameters, number: int) -> None:
        super().__init__(parameters, into, number, len(expected))
        self._expected, self._scaled = expected.astype(self._weight.dtype), np.empty_like(self._pooled)

    def begin(self, examples: Examples) -> None:
        self._begin(examples, examples.targets + self._expected, examples.targets)

    def forward(self, start: int) -> None:
        pool_rows(self._bags, self._weight, self._pooled, start)
        np.multiply(self._pooled, self._half, out=self._scaled)
        np.dot(self._scaled, self._second.T, out=self._halves)
        self._score(start)

    def backward(self) -> None:
        errors = self._errors()
        np.dot(errors.T, self._pooled, out=self._into["context_weight"])
        np.dot(errors, self._second, out=self._grad_pooled)
        self._spread()


class PlainPass:
    """A head that has only `gradient`."""

    def __init__(self, gradient: Callable[[Examples], float], number: int) -> None:
        self._gradient, self._number = gradient, number

    def begin(self, examples: Examples) -> None:
        self._examples = examples

    def forward(self, start: int) -> None:
        self._loss = self._gradient(self._examples.part(start, start + self._number))

    def loss(self) -> float:
        return self._loss

    def backward(self) -> None:
        """The gradients are written already."""
