"""The gradient of the table: every row that came out carries its gradient back into the row that it was read from.

`scatter_add` does what a framework does; `matmul_gradient` is the transposed one-hot product that means the same.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.records import FloatArray
from core.table import check_indices, one_hot


def scatter_add(indices: ArrayLike, grad_output: FloatArray, num_embeddings: int) -> FloatArray:
    """Add each row of grad_output (..., D) into the row of the gradient that its index (...) names: (V, D).

    A row read twice gets the sum of two gradients; a row never read gets exactly 0.
    Raises IndexError or TypeError for bad indices, ValueError where the two shapes do not belong together.
    """
    checked, gradients = occurrences(indices, grad_output, num_embeddings)
    grad_weight = np.zeros((num_embeddings, gradients.shape[1]), gradients.dtype)
    np.add.at(grad_weight, checked, gradients)  # grad_weight[checked] += gradients would drop repeated indices
    return grad_weight


def matmul_gradient(indices: ArrayLike, grad_output: FloatArray, num_embeddings: int) -> FloatArray:
    """The same gradient as `scatter_add`, as the product one_hot(indices).T @ grad_output: (V, D)."""
    checked, gradients = occurrences(indices, grad_output, num_embeddings)
    return one_hot(checked, num_embeddings, gradients.dtype).T @ gradients


def scatter_sums(indices: ArrayLike, grad_output: FloatArray, num_embeddings: int) -> FloatArray:
    """The gradient as it grows, one occurrence at a time: (N, V, D). `sums[n]` has added occurrences 0 .. n."""
    checked, gradients = occurrences(indices, grad_output, num_embeddings)
    terms = one_hot(checked, num_embeddings, gradients.dtype)[:, :, None] * gradients[:, None, :]  # (N, V, D)
    return np.cumsum(terms, axis=0, dtype=gradients.dtype)


def assigned_gradient(indices: ArrayLike, grad_output: FloatArray, num_embeddings: int) -> FloatArray:
    """The classic mistake, to be recognised: a repeated index keeps only its last gradient. (V, D)."""
    checked, gradients = occurrences(indices, grad_output, num_embeddings)
    grad_weight = np.zeros((num_embeddings, gradients.shape[1]), gradients.dtype)
    grad_weight[checked] = gradients
    return grad_weight


def occurrences(
    indices: ArrayLike, grad_output: FloatArray, num_embeddings: int
) -> tuple[NDArray[np.intp], FloatArray]:
    """Indices (...) in a row (N,), each with its row of grad_output (..., D): (N, D). Errors as in scatter_add."""
    checked = check_indices(indices, num_embeddings)
    if grad_output.shape[:-1] != checked.shape:
        raise ValueError(
            f"grad_output must have one row per index, shape {(*checked.shape, 'D')}, got {grad_output.shape}"
        )
    return checked.ravel(), grad_output.reshape(checked.size, grad_output.shape[-1])


def finite_differences(function: Callable[[FloatArray], float], point: FloatArray, step: float = 1e-6) -> FloatArray:
    """The gradient of a scalar function at `point` by central differences: the check that needs no theory."""
    gradient = np.zeros_like(point, dtype=np.float64)
    for position in np.ndindex(point.shape):
        nudge = np.zeros_like(point, dtype=np.float64)
        nudge[position] = step
        gradient[position] = (function(point + nudge) - function(point - nudge)) / (2 * step)
    return gradient


def divided_by_count(indices: ArrayLike, grad_output: FloatArray, num_embeddings: int) -> FloatArray:
    """Each row of grad_output (..., D) over how often its index (...) occurs, so that a row read often gets a mean.

    scale_grad_by_freq of torch.nn.Embedding (2.13): scatter_add what comes out. Errors as in scatter_add.
    """
    checked, gradients = occurrences(indices, grad_output, num_embeddings)
    counts = np.bincount(checked, minlength=num_embeddings)[checked]  # (N,)
    return (gradients / counts[:, None].astype(gradients.dtype)).reshape(grad_output.shape)


def frozen(grad_weight: FloatArray, rows: ArrayLike) -> FloatArray:
    """The gradient (V, D) with 0 in the given rows: they stay as they are, unless the optimizer decays weights."""
    kept = grad_weight.copy()
    kept[check_indices(rows, len(grad_weight))] = 0
    return kept


class DenseGradients(NamedTuple):
    """What a Dense layer hands back."""

    inputs: FloatArray  # (..., V)
    kernel: FloatArray  # (V, D)
    bias: FloatArray  # (D,)


def dense_gradients(inputs: FloatArray, kernel: FloatArray, grad_output: FloatArray) -> DenseGradients:
    """Backward of core.table.dense, inputs (..., V), kernel (V, D), grad_output (..., D)."""
    flat_inputs, flat_output = inputs.reshape(-1, len(kernel)), grad_output.reshape(-1, kernel.shape[1])
    return DenseGradients(grad_output @ kernel.T, flat_inputs.T @ flat_output, flat_output.sum(axis=0))
