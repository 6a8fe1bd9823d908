"""Sums of rows, each times its share: the loops behind `pool_rows` and `spread_rows`, and behind coalescing."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from core.records import FloatArray

Ids: TypeAlias = NDArray[np.intp]

try:  # the loops behind scipy's sparse products (1.17): they add into an array at hand, at a tenth of the call's cost
    from scipy.sparse._sparsetools import csc_matvecs, csr_matvecs
except ImportError:  # they are not public: `share_matrix` does the same
    csc_matvecs = csr_matvecs = None  # type: ignore[assignment]


def read_rows(offsets: Ids, indices: Ids, shares: FloatArray, table: FloatArray, into: FloatArray) -> FloatArray:
    """Pool p is rows indices[offsets[p]:offsets[p + 1]] of table (V, D), times their shares, added up: into (P, D).

    The bare loop, for a trainer: it takes for granted that the table has these rows.
    """
    if csr_matvecs is None or not _flat_and_alike(into, table, shares):
        into[:] = share_matrix(offsets, indices, shares, len(table)) @ table
        return into
    into.fill(0)
    csr_matvecs(len(into), len(table), table.shape[1], offsets, indices, shares, table, into)
    return into


def add_rows(offsets: Ids, indices: Ids, shares: FloatArray, pooled: FloatArray, into: FloatArray) -> FloatArray:
    """Backward of `read_rows`: row p of pooled (P, D) goes into each row that pool p read. Overwrites into (V, D)."""
    if csc_matvecs is None or not _flat_and_alike(into, pooled, shares):
        into[:] = share_matrix(offsets, indices, shares, len(into)).T @ pooled
        return into
    into.fill(0)
    csc_matvecs(len(into), len(pooled), pooled.shape[1], offsets, indices, shares, pooled, into)
    return into


def share_matrix(offsets: Ids, indices: Ids, shares: FloatArray, num_embeddings: int) -> Any:
    """The shares of P pools as a sparse csr_array (P, V): reading is its product with the table."""
    own = slice(offsets[0], offsets[-1])
    parts = shares[own], indices[own], offsets - offsets[0]
    return csr_array(parts, shape=(len(offsets) - 1, num_embeddings))


def _flat_and_alike(into: FloatArray, numbers: FloatArray, shares: FloatArray) -> bool:
    """Whether the loops can write into flat memory, and meet one dtype only."""
    return into.flags.c_contiguous and into.dtype == numbers.dtype == shares.dtype
