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

    def batch(self, chosen: IntArray, size: int | None = None) -> "Examples":
        """Some of the examples (B,), in this order. With a size they are mini-batches: each `size` of them in a row.

        Importance is scaled so that it sums to 1 in each batch.
        """
        slots = np.arange(len(self.bags) // len(self))
        pools = (chosen[:, None] * len(slots) + slots).ravel()
        importance, starts = self.importance[chosen], np.arange(0, len(chosen), size or len(chosen))
        totals = np.add.reduceat(importance, starts).repeat(np.diff(starts, append=len(chosen)))
        return replace(self, bags=self.bags.take(pools), targets=self.targets[chosen], importance=importance / totals)

    def part(self, start: int, stop: int) -> "Examples":
        """The examples start .. stop - 1, their importance as it is. Costs no copies."""
        slots, stop = len(self.bags) // len(self), min(stop, len(self))
        pools = self.bags.part(start * slots, stop * slots)
        return replace(self, bags=pools, targets=self.targets[start:stop], importance=self.importance[start:stop])

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


def draw(noise: FloatArray, shape: tuple[int, ...], rng: np.random.Generator) -> IntArray:
    """Ids of this shape; `noise` (V,) holds the running sums of their chances, up to 1."""
    return noise.searchsorted(rng.random(shape), side="right")
