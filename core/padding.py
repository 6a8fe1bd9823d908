"""padding_idx: one row that stands for "no word here". It starts at zero and is never trained.

Reading it is an ordinary read: whatever the row holds comes out. Seen in PyTorch 2.13, `nn.Embedding(padding_idx=...)`.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.gradient import occurrences
from core.records import FloatArray


def padding_row(padding_idx: int, num_embeddings: int) -> int:
    """The row that padding_idx names: a negative one counts from the end, as in PyTorch. Otherwise ValueError."""
    if not -num_embeddings <= padding_idx < num_embeddings:
        raise ValueError(f"padding_idx must lie in [{-num_embeddings}, {num_embeddings}), got {padding_idx}")
    return padding_idx % num_embeddings


def padded_table(weight: FloatArray, padding_idx: int) -> FloatArray:
    """A copy of start values (V, D) in which the padding row is zero. Nothing keeps it so but the missing gradient."""
    padded = weight.copy()
    padded[padding_row(padding_idx, len(weight))] = 0
    return padded


def without_padding(
    indices: ArrayLike, grad_output: FloatArray, num_embeddings: int, padding_idx: int
) -> tuple[NDArray[np.intp], FloatArray]:
    """The M indices (...) that are not padding, and their rows of grad_output (..., D): (M,) and (M, D).

    What is left out gets no gradient: scatter_add(*without_padding(...), num_embeddings). Errors as in scatter_add.
    """
    checked, gradients = occurrences(indices, grad_output, num_embeddings)
    kept = checked != padding_row(padding_idx, num_embeddings)
    return checked[kept], gradients[kept]
