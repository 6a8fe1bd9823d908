"""Pools: which rows of the table are read together, and with what share each.

    rows 1, 3, 1 with shares 1/3 -> their mean        rows 4, 2 with shares 1 -> their sum        no rows -> zero

As a matrix (P, V) of shares, `pool_rows` is its product with the table and `spread_rows` the product of its transpose
with a gradient. Both touch only the rows in question. `Pools.matrix` is the public form that they are tested against.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray
from scipy.sparse import csr_array

from core.records import FloatArray, IntArray
from core.table import check_indices

try:  # the loops behind scipy's sparse products (1.17): they add into an array at hand, at a tenth of the call's cost
    from scipy.sparse._sparsetools import csc_matvecs, csr_matvecs
except ImportError:  # they are not public: `Pools.matrix` does the same
    csc_matvecs = csr_matvecs = None  # type: ignore[assignment]


@dataclass(frozen=True, slots=True, eq=False)
class Pools:
    """P pools, M rows in all: pool p reads rows indices[offsets[p]:offsets[p + 1]]. Made by `pools`, which checks."""

    indices: NDArray[np.intp]  # (M,)
    offsets: NDArray[np.intp]  # (P + 1,)
    shares: FloatArray  # (M,)
    num_embeddings: int

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @property
    def pool(self) -> NDArray[np.intp]:
        """Which pool each row belongs to: (M,)."""
        return np.repeat(np.arange(len(self)), np.diff(self.offsets))

    @property
    def matrix(self) -> Any:
        """The shares as a sparse csr_array (P, V)."""
        return csr_array((self.shares, self.indices, self.offsets), shape=(len(self), self.num_embeddings))

    def part(self, start: int, stop: int) -> "Pools":
        """Pools start .. stop - 1, without copying a row."""
        offsets = self.offsets[start : stop + 1]
        first, last = offsets[0], offsets[-1]
        return Pools(self.indices[first:last], offsets - first, self.shares[first:last], self.num_embeddings)

    def take(self, chosen: IntArray) -> "Pools":
        """The chosen pools, in that order."""
        lengths = np.diff(self.offsets)[chosen]
        offsets = _offsets(lengths)
        places = np.arange(offsets[-1]) + np.repeat(self.offsets[chosen] - offsets[:-1], lengths)
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
    lengths = np.diff(offsets)
    return replace(sums(indices, offsets, num_embeddings), shares=np.repeat(1 / np.maximum(lengths, 1), lengths))


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


def pool_rows(pools: Pools, weight: FloatArray) -> FloatArray:
    """The rows of weight (V, D) in each pool, times their shares, added up: (P, D)."""
    if len(weight) != pools.num_embeddings:
        raise ValueError(f"the table must have {pools.num_embeddings} rows, got {len(weight)}")
    if csr_matvecs is None or weight.dtype != pools.shares.dtype:
        return np.asarray(pools.matrix @ weight)
    output = np.zeros((len(pools), weight.shape[1]), weight.dtype)
    rows, columns = weight.shape
    csr_matvecs(len(pools), rows, columns, pools.offsets, pools.indices, pools.shares, weight.ravel(), output.ravel())
    return output


def spread_rows(pools: Pools, grad_pooled: FloatArray, into: FloatArray) -> None:
    """Backward of `pool_rows`: grad_pooled (P, D) goes back into every row, times its share. Overwrites into (V, D)."""
    if into.shape != (pools.num_embeddings, grad_pooled.shape[1]) or len(grad_pooled) != len(pools):
        raise ValueError(f"{len(pools)} pools of {pools.num_embeddings} rows: got {grad_pooled.shape}, {into.shape}")
    one_dtype = into.dtype == grad_pooled.dtype == pools.shares.dtype
    if csc_matvecs is None or not one_dtype or not into.flags.c_contiguous:  # the loop writes into flat memory
        into[:] = pools.matrix.T @ grad_pooled
        return
    into.fill(0)
    rows, columns = into.shape
    csc_matvecs(
        rows, len(pools), columns, pools.offsets, pools.indices, pools.shares, grad_pooled.ravel(), into.ravel()
    )


def _offsets(lengths: NDArray[np.intp]) -> NDArray[np.intp]:
    offsets = np.zeros(len(lengths) + 1, np.intp)
    np.cumsum(lengths, out=offsets[1:])
    return offsets
