"""Examples: what a head learns from. Each reads some rows of the table and should say something about them."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from core.pools import Pools
from core.records import FloatArray, IntArray


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Examples:
    """N training examples: the rows that each one reads, and what it should say. Not a Record: training cuts many."""

    bags: Pools  # N pools, or N * S: then an example has S of them, and they stand side by side
    targets: Any  # (N,) labels, (N, C) distributions (an array or a csr_array), numbers or ids: the head's loss knows
    importance: FloatArray  # (N,), summing to 1: the loss is importance @ losses
    noise: FloatArray | None = None  # (V,), running sums of chances: negatives are drawn from it afresh. None: given

    def __len__(self) -> int:
        return len(self.importance)

    def batch(self, chosen: IntArray) -> "Examples":
        """Some of the examples (B,), their importance scaled to sum to 1 again."""
        slots = np.arange(len(self.bags) // len(self))
        pools = (chosen[:, None] * len(slots) + slots).ravel()
        return self._of(self.bags.take(pools), self.targets[chosen], self.importance[chosen])

    def part(self, start: int, stop: int) -> "Examples":
        """`batch` for the examples start .. stop - 1, which costs no copies."""
        slots, stop = len(self.bags) // len(self), min(stop, len(self))
        pools = self.bags.part(start * slots, stop * slots)
        return self._of(pools, self.targets[start:stop], self.importance[start:stop])

    def redrawn(self, rng: np.random.Generator) -> "Examples":
        """The same examples with fresh negatives, if theirs are drawn."""
        if self.noise is None:
            return self
        targets = self.targets.copy()  # (N, 1 + K): the context, then its negatives
        targets[:, 1:] = draw(self.noise, targets[:, 1:].shape, rng)
        return replace(self, targets=targets)

    def astype(self, dtype: DTypeLike) -> "Examples":
        """The same examples with their numbers in another dtype; labels and ids stay integers."""
        targets = self.targets if self.targets.dtype.kind in "iu" else self.targets.astype(dtype)
        return replace(self, bags=self.bags.astype(dtype), targets=targets, importance=self.importance.astype(dtype))

    def _of(self, bags: Pools, targets: Any, importance: FloatArray) -> "Examples":
        scaled = importance / np.add.reduce(importance)
        return Examples(bags=bags, targets=targets, importance=scaled, noise=self.noise)


def draw(noise: FloatArray, shape: tuple[int, ...], rng: np.random.Generator) -> IntArray:
    """Ids of this shape; `noise` (V,) holds the running sums of their chances, up to 1."""
    return noise.searchsorted(rng.random(shape), side="right")
