"""Passes of negative sampling, whose scores are dot products with rows of a second table: see core/passes.py."""

from math import log

import numpy as np

from core.examples import Examples
from core.pools import pool_rows, spread_rows
from core.records import FloatArray, Parameters
from core.row_sums import add_rows, read_rows


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
