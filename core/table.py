"""The layer itself: one table of V x D numbers and a row look-up, with its two explanations.

`lookup` does what a framework does; `matmul_lookup` is the one-hot product that means the same and nobody computes.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from core.records import FloatArray


def check_indices(indices: ArrayLike, num_embeddings: int) -> NDArray[np.intp]:
    """Indices of any shape as an integer array, once it is sure that the table owns a row for each.

    Raises TypeError for anything but integers, and IndexError for an index outside 0 .. num_embeddings - 1.
    Negative ones too, as in PyTorch 2.13: numpy and Keras would quietly read the last row instead. Any integer dtype
    and lists are taken; PyTorch takes tensors of int64 and int32 only.
    """
    array = np.asarray(indices)
    if array.size and not np.issubdtype(array.dtype, np.integer):  # [] alone comes as float64
        raise TypeError(f"indices must be integers, got {array.dtype}")
    outside = (array < 0) | (array >= num_embeddings)
    if outside.any():
        raise IndexError(f"indices must lie in [0, {num_embeddings}), got {array[outside][0]}")
    return array.astype(np.intp, copy=False)


def lookup(weight: FloatArray, indices: ArrayLike) -> FloatArray:
    """Read one row of weight (V, D) per index (...): (..., D), in the dtype of weight. Errors as in check_indices."""
    return take_rows(weight, check_indices(indices, len(weight)))


def take_rows(weight: FloatArray, indices: NDArray[np.intp]) -> FloatArray:
    """`lookup` for indices that have been checked already: the trainer checks once, not at every step."""
    return weight.take(indices, 0)


def one_hot(indices: ArrayLike, num_embeddings: int, dtype: DTypeLike = np.float64) -> FloatArray:
    """A 1 in the column of each index (...), 0 elsewhere: (..., V)."""
    checked = check_indices(indices, num_embeddings)
    return np.equal(checked[..., None], np.arange(num_embeddings)).astype(dtype)


def matmul_lookup(weight: FloatArray, indices: ArrayLike) -> FloatArray:
    """The same rows as `lookup`, as the product one_hot(indices) @ weight: (..., D)."""
    return one_hot(indices, len(weight), weight.dtype) @ weight


def product_sums(weight: FloatArray, indices: ArrayLike) -> FloatArray:
    """The one-hot product, row by row of the table: (V, ..., D). `sums[v]` has added rows 0 .. v."""
    columns = np.moveaxis(one_hot(indices, len(weight), weight.dtype), -1, 0)  # (V, ...)
    rows = weight.reshape(len(weight), *(1,) * (columns.ndim - 1), -1)  # (V, 1 ..., D)
    return np.cumsum(columns[..., None] * rows, axis=0, dtype=weight.dtype)


def dense(inputs: FloatArray, kernel: FloatArray, bias: FloatArray | None = None) -> FloatArray:
    """A Dense layer without activation, inputs (..., V) @ kernel (V, D) + bias (D,): (..., D).

    Keras keeps the kernel as (V, D), so an embedding table fits as it is. PyTorch's Linear keeps (D, V): its transpose.
    """
    product: FloatArray = inputs @ kernel
    return product if bias is None else product + bias


@dataclass(frozen=True, slots=True)
class Cost:
    """What one forward pass of B ids takes, in numbers that do not depend on the machine."""

    parameters: int
    multiplications: int
    bytes_read: int


def lookup_cost(batch: int, num_embeddings: int, embedding_dim: int, dtype: DTypeLike = np.float32) -> Cost:
    """Look-up: reads B ids of 8 bytes and B rows, multiplies nothing."""
    item = np.dtype(dtype).itemsize
    return Cost(num_embeddings * embedding_dim, 0, batch * 8 + batch * embedding_dim * item)


def matmul_cost(batch: int, num_embeddings: int, embedding_dim: int, dtype: DTypeLike = np.float32) -> Cost:
    """One-hot product: reads the whole one-hot matrix (B, V) and the whole table (V, D), multiplies B * V * D times."""
    item: int = np.dtype(dtype).itemsize
    read = (batch * num_embeddings + num_embeddings * embedding_dim) * item
    return Cost(num_embeddings * embedding_dim, batch * num_embeddings * embedding_dim, read)


def dense_parameters(num_inputs: int, units: int, bias: bool = True) -> int:
    """Trainable numbers of a Dense layer: the kernel, and one bias per unit if it has them."""
    return num_inputs * units + (units if bias else 0)


def largest_difference(first: NDArray[Any], second: NDArray[Any]) -> float:
    """max |first - second|; 0.0 for empty arrays."""
    return float(np.abs(first - second).max(initial=0))
