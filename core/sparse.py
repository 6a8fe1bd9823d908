"""The gradient of a table, kept as the rows that have one: what PyTorch calls a sparse gradient (2.13, `sparse=True`).

A table of a million rows of which 256 were read has 256 rows of gradient; nobody has to write the zeros of the others.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from core.gradient import occurrences, scatter_add
from core.records import FloatArray, IntArray, Record
from core.row_sums import read_rows


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class SparseGradient(Record):
    """Row indices[n] of the table gets values[n] added; an index may come several times until it is coalesced."""

    indices: IntArray  # (N,)
    values: FloatArray  # (N, D)
    num_embeddings: int

    def dense(self) -> FloatArray:
        """The same gradient with all its zeros: (V, D)."""
        return scatter_add(self.indices, self.values, self.num_embeddings)

    def coalesced(self) -> "SparseGradient":
        """The same gradient with each row once: indices (n,) ascending, values (n, D) summed in order of occurrence.

        An optimizer that squares gradients must coalesce first: (a + b)^2 is not a^2 + b^2.
        """
        number = len(self.indices)
        bits = number.bit_length()
        keys = self.indices.astype(np.int64, copy=False) << bits | np.arange(number)  # no two alike, so that the
        keys.sort()  # quickest sort, which keeps no order among equals, keeps the order of occurrence
        ascending, order = keys >> bits, keys & (1 << bits) - 1
        begins = np.full(number + 1, True)  # where the next index begins, and at the end
        np.not_equal(ascending[1:], ascending[:-1], out=begins[1:-1])
        offsets = begins.nonzero()[0]
        values = np.empty((len(offsets) - 1, self.values.shape[1]), self.values.dtype)
        read_rows(offsets, order, np.ones(number, values.dtype), self.values, values)
        return SparseGradient(indices=ascending[offsets[:-1]], values=values, num_embeddings=self.num_embeddings)


def sparse_gradient(indices: ArrayLike, grad_output: FloatArray, num_embeddings: int) -> SparseGradient:
    """One entry per index (...) with its row of grad_output (..., D), repeats kept, as PyTorch leaves them (COO).

    Errors as in scatter_add.
    """
    checked, gradients = occurrences(indices, grad_output, num_embeddings)
    return SparseGradient(indices=checked, values=gradients, num_embeddings=num_embeddings)
