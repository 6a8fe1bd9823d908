"""Mini-batches: the examples in portions of one size, epoch after epoch."""

import numpy as np

from core.examples import Examples


class Batches:
    """The mini-batch is examples start .. stop - 1 of `epoch`: all examples in a new order, with fresh negatives.

    If a step sees all examples, they stay in their order.
    """

    def __init__(self, examples: Examples, size: int | None, rng: np.random.Generator) -> None:
        self._examples, self._rng = examples, rng
        self.size = min(size or len(examples), len(examples))
        self._begin()

    def _begin(self) -> None:
        epoch, number = self._examples, len(self._examples)
        if self.size < number:
            epoch = epoch.batch(self._rng.permutation(number), self.size)
        self.epoch = epoch.redrawn(self._rng)
        self.start, self.stop = 0, self.size

    def advance(self) -> bool:
        """Go on to the next mini-batch; whether `epoch` is a new one."""
        number = len(self.epoch)
        if self.stop < number:
            self.start, self.stop = self.stop, min(self.stop + self.size, number)
            return False
        if self.size == number and self.epoch.noise is None:
            return False  # all examples come again, as they are
        self._begin()
        return True
