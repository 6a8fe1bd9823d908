"""The gradient of a mini-batch, as the trainer takes it."""

from collections.abc import Iterator
from math import nan

import numpy as np

from core.examples import Examples
from core.heads import Head
from core.passes import Pass
from core.records import FloatArray, Parameters, views

SCORES_AT_ONCE = 200_000  # more do not stay in the cache


class BatchGradient:
    """Loss and gradient of examples in a row, as one flat vector. Many come in portions, which stay in the cache."""

    def __init__(self, head: Head, flat: FloatArray, parameters: Parameters, most: int) -> None:
        numbers = max(SCORES_AT_ONCE, 4 * flat.size)  # adding portions up must stay the lesser part
        self._rows = min(most, max(1, numbers // head.num_outputs))
        self.flat = np.zeros_like(flat)
        self._portion = np.zeros_like(flat) if self._rows < most else self.flat
        self._head, self._parameters, self._into = head, parameters, views(self._portion, parameters)
        self._passes: dict[int, Pass] = {}  # by their number of examples

    def begin(self, examples: Examples) -> None:
        """Read these examples from now on."""
        self._examples = examples
        for one in self._passes.values():
            one.begin(examples)

    def write(self, start: int, stop: int, measured: bool) -> float:
        """Overwrite `flat` with the gradient of examples start .. stop - 1; their loss, or nan if not `measured`."""
        loss = 0.0 if measured else nan
        if self._portion is not self.flat:
            self.flat.fill(0)
        for portion in self._scored(start, stop):
            loss += portion.loss() if measured else 0.0
            portion.backward()
            if self._portion is not self.flat:
                self.flat += self._portion
        return loss

    def loss(self, start: int, stop: int) -> float:
        """Only the loss."""
        return sum(portion.loss() for portion in self._scored(start, stop))

    def _scored(self, start: int, stop: int) -> Iterator[Pass]:
        for first in range(start, stop, self._rows):
            portion = self._pass(min(self._rows, stop - first))
            portion.forward(first)
            yield portion

    def _pass(self, number: int) -> Pass:
        if number not in self._passes:
            self._passes[number] = self._head.prepare(self._parameters, self._into, number)
            self._passes[number].begin(self._examples)
        return self._passes[number]
