"""Bags: which rows of the table are pooled together, as PyTorch 2.13's `nn.EmbeddingBag` takes them.

indices 1 3 1 4, offsets 0 3      -> the bags (1, 3, 1) and (4)
indices ((1, 3), (4, 0)), padding 0 -> the bags (1, 3) and (4)
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.padding import padding_row
from core.records import IntArray, Record
from core.table import check_indices


class BadBagError(IndexError, RuntimeError):
    """An id that no row owns: an IndexError as everywhere here, and a RuntimeError as in PyTorch's EmbeddingBag."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Bags(Record):
    """B bags with M rows in all, out of N positions: the other N - M are padding. Made by `bags_of`, which checks."""

    indices: NDArray[np.intp]  # (M,)
    bag: NDArray[np.intp]  # (M,), the bag that each row goes into, never falling
    position: NDArray[np.intp]  # (M,), where each stood among the N
    num_bags: int
    shape: tuple[int, ...]  # of the positions, (N,) or (B, L)

    @property
    def sizes(self) -> IntArray:
        """How many rows each bag has, padding not counted: (B,)."""
        sizes: IntArray = np.bincount(self.bag, minlength=self.num_bags)
        return sizes


def bags_of(
    indices: ArrayLike, num_embeddings: int, offsets: ArrayLike | None = None, padding_idx: int | None = None
) -> Bags:
    """Indices (N,) cut where the offsets (B,) say that a bag starts; or indices (B, L), one bag a line, no offsets.

    BadBagError or TypeError for bad indices, ValueError for offsets that do not rise from 0 to at most N.
    """
    try:
        checked = check_indices(indices, num_embeddings)
    except IndexError as error:
        raise BadBagError(*error.args) from None
    starts = _starts(checked, offsets)
    bag = np.repeat(np.arange(len(starts)), np.diff(starts, append=checked.size))  # (N,)
    padding = -1 if padding_idx is None else padding_row(padding_idx, num_embeddings)  # no index is -1
    position = np.flatnonzero(checked != padding)
    rows = checked.ravel()[position]
    return Bags(indices=rows, bag=bag[position], position=position, num_bags=len(starts), shape=checked.shape)


def _starts(indices: NDArray[np.intp], offsets: ArrayLike | None) -> NDArray[np.intp]:
    if indices.ndim == 2 and offsets is None:
        starts: NDArray[np.intp] = np.arange(indices.shape[0]) * indices.shape[1]
        return starts
    if indices.ndim != 1 or offsets is None:
        raise ValueError(f"indices must be (N,) with offsets or (B, L) without, got {indices.ndim} dimensions")
    return _checked_offsets(np.asarray(offsets), indices.size)


def _checked_offsets(offsets: NDArray[Any], num_positions: int) -> NDArray[np.intp]:
    if offsets.size and not np.issubdtype(offsets.dtype, np.integer):  # [] alone comes as float64
        raise TypeError(f"offsets must be integers, got {offsets.dtype}")
    edges = np.append(offsets, num_positions).astype(np.intp)
    if edges[0] != 0 or (np.diff(edges) < 0).any():  # PyTorch 2.13 trusts those in the middle
        raise ValueError(f"offsets must rise from 0 to at most {num_positions}, got {offsets.tolist()}")
    return edges[:-1]
