"""Pools: which rows of the table are read together, and with what share each.

    rows 1, 3, 1 with shares 1/3 -> their mean        rows 4, 2 with shares 1 -> their sum        no rows -> zero

As a matrix (P, V) of shares, `pool_rows` is its product with the table and `spread_rows` the product of its transpose
with a gradient. Both touch only the rows in question. `Pools.matrix` is the public form that they are tested against.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from core.records import FloatArray, IntArray
from core.row_sums import Ids, add_rows, read_rows, share_matrix
from core.table import check_indices


@dataclass(frozen=True, slots=True, eq=False)
class Pools:
    """P pools, M rows in all: pool p reads rows indices[offsets[p]:offsets[p + 1]]. Made by `sums` and the like."""

    indices: Ids  # (M,)
    offsets: Ids  # (P + 1,)
    shares: FloatArray  # (M,)
    num_embeddings: int

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @property
    def lengths(self) -> Ids:
        """How many rows each pool has: (P,)."""
        return np.diff(self.offsets)

    @property
    def pool(self) -> Ids:
        """Which pool each row belongs to: (M,)."""
        return np.repeat(np.arange(len(self)), self.lengths)

    @property
    def matrix(self) -> Any:
        """The shares as a sparse csr_array (P, V)."""
        return share_matrix(self.offsets, self.indices, self.shares, self.num_embeddings)

    def part(self, start: int, stop: int) -> "Pools":
        """Pools start .. stop - 1, without copying a row."""
        offsets = self.offsets[start : stop + 1]
        first, last = offsets[0], offsets[-1]
        return Pools(self.indices[first:last], offsets - first, self.shares[first:last], self.num_embeddings)

    def take(self, chosen: IntArray) -> "Pools":
        """The chosen pools, in that order."""
        lengths = self.lengths
        offsets = _offsets(lengths[chosen])
        if lengths.size and lengths[0] and (lengths == lengths[0]).all():  # the lines of a rectangle: much quicker
            lines = -1, lengths[0]
            indices, shares = self.indices.reshape(lines).take(chosen, 0), self.shares.reshape(lines).take(chosen, 0)
            return Pools(indices.ravel(), offsets, shares.ravel(), self.num_embeddings)
        places = np.arange(offsets[-1]) + np.repeat(self.offsets[chosen] - offsets[:-1], lengths[chosen])
        return Pools(self.indices.take(places), offsets, self.shares.take(places), self.num_embeddings)

    def astype(self, dtype: DTypeLike) -> "Pools":
        """The same pools with their shares in another dtype."""
        return replace(self, shares=self.shares.astype(dtype))


def sums(indices: ArrayLike, offsets: IntArray, num_embeddings: int) -> Pools:
    """Pools of rows that are added up: indices (M,), offsets (P + 1,). Errors as in check_indices."""
    checked = check_indices(indices, num_embeddings)  # the products do not check: they would corrupt memory
    if offsets[0] != 0 or offsets[-1] != len(checked) or (np.diff(offsets) < 0).any():
        raise ValueError(f"offsets must rise from 0 to the number of indices, {len(checked)}, got {offsets}")
    return Pools(checked, np.asarray(offsets, np.intp), np.ones(len(checked)), num_embeddings)


def means(indices: ArrayLike, offsets: IntArray, num_embeddings: int) -> Pools:
    """Pools of rows that are averaged: each has the share 1 / length. Errors as in check_indices."""
    return averaged(sums(indices, offsets, num_embeddings))


def averaged(pools: Pools) -> Pools:
    """The same pools with the share 1 / length for each row."""
    lengths = pools.lengths
    return replace(pools, shares=np.repeat(1 / np.maximum(lengths, 1), lengths))


def singles(indices: ArrayLike, num_embeddings: int) -> Pools:
    """A pool of one row for each index (P,): the plain look-up."""
    return sums(indices, np.arange(len(np.asarray(indices)) + 1), num_embeddings)


def ragged(documents: Sequence[IntArray]) -> tuple[IntArray, IntArray]:
    """Documents of any length, the empty ones too, as indices (M,) and offsets (P + 1,)."""
    indices = np.concatenate([np.empty(0, np.intp), *documents]).astype(np.intp)
    return indices, _offsets(np.array([len(document) for document in documents], np.intp))


def unpadded(windows: IntArray, padding_idx: int | None) -> tuple[IntArray, IntArray]:
    """Windows (P, T) without their padding, as indices (M,) and offsets (P + 1,). With None nothing is padding."""
    kept = np.full(windows.shape, True) if padding_idx is None else windows != padding_idx
    return windows[kept], _offsets(kept.sum(axis=1))


def pool_rows(pools: Pools, weight: FloatArray, into: FloatArray | None = None, first: int = 0) -> FloatArray:
    """The rows of weight (V, D) in each pool, times their shares, added up: (P, D).

    With `into` (n, D), which is overwritten, only pools first .. first + n - 1.
    """
    output = np.empty((len(pools), weight.shape[1]), weight.dtype) if into is None else into
    if len(weight) != pools.num_embeddings:
        raise ValueError(f"the table must have {pools.num_embeddings} rows, got {len(weight)}")
    offsets = pools.offsets[first : first + len(output) + 1]
    return read_rows(offsets, pools.indices, pools.shares, weight, output)


def spread_rows(pools: Pools, grad_pooled: FloatArray, into: FloatArray, first: int = 0) -> None:
    """Backward of `pool_rows`: grad_pooled (n, D) goes back into every row, times its share. Overwrites into (V, D)."""
    offsets = pools.offsets[first : first + len(grad_pooled) + 1]
    if into.shape != (pools.num_embeddings, grad_pooled.shape[1]) or len(grad_pooled) != len(offsets) - 1:
        raise ValueError(f"{len(pools)} pools of {pools.num_embeddings} rows: got {grad_pooled.shape}, {into.shape}")
    add_rows(offsets, pools.indices, pools.shares, grad_pooled, into)


def _offsets(lengths: Ids) -> Ids:
    offsets = np.zeros(len(lengths) + 1, np.intp)
    np.cumsum(lengths, out=offsets[1:])
    return offsets
