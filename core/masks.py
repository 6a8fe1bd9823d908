"""Keras's way with padding: `mask_zero=True` changes no number, it tells later layers which positions to leave out.

Row 0 stays an ordinary row: it trains wherever a layer does not use the mask. Seen in Keras 3.15 on the torch backend.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.records import FloatArray


def zero_mask(indices: ArrayLike) -> NDArray[np.bool_]:
    """True where an index (...) is a word, False where it is 0: (...), as keras.layers.Embedding(mask_zero=True)."""
    mask: NDArray[np.bool_] = np.asarray(indices) != 0
    return mask


def masked_mean(rows: FloatArray, mask: NDArray[np.bool_]) -> FloatArray:
    """Mean over the positions that the mask (B, L) keeps of rows (B, L, D): (B, D). A text of padding only gives nan.

    As keras.layers.GlobalAveragePooling1D, which divides by the number of positions kept, 0 among them.
    """
    total: FloatArray = np.where(mask[..., None], rows, 0).sum(axis=1)
    with np.errstate(invalid="ignore"):  # 0 / 0 is the nan that is meant
        return total / _kept(mask, total)


def masked_mean_gradient(mask: NDArray[np.bool_], grad_output: FloatArray) -> FloatArray:
    """Backward of masked_mean, grad_output (B, D): (B, L, D), exactly 0 at what the mask leaves out.

    A text of padding only gets 0 everywhere: its nan goes forward into the loss, not back into the table.
    """
    with np.errstate(divide="ignore", invalid="ignore"):  # of what the mask leaves out
        share = grad_output / _kept(mask, grad_output)
    return np.where(mask[..., None], share[:, None], 0)


def _kept(mask: NDArray[np.bool_], like: FloatArray) -> FloatArray:
    kept: FloatArray = mask.sum(axis=1)[:, None].astype(like.dtype)  # (B, 1)
    return kept
