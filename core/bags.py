"""Bags: pools of rows as PyTorch 2.13's `nn.EmbeddingBag` takes them.

indices 1 3 1 4, offsets 0 3        -> the bags (1, 3, 1) and (4)
indices ((1, 3), (4, 0)), padding 0 -> the bags (1, 3) and (4)
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.padding import padding_row
from core.pools import Pools, sums
from core.records import Record
from core.table import check_indices


class BadBagError(IndexError, RuntimeError):
    """An id that no row owns: an IndexError as everywhere here, and a RuntimeError as in PyTorch's EmbeddingBag."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Bags(Record):
    """B bags with M rows in all, as pools of shares 1, and which indices (...) those rows are: the rest is padding."""

    pools: Pools  # B
    kept: NDArray[np.bool_]  # (N,) or (B, L), M of them true


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
    padding = -1 if padding_idx is None else padding_row(padding_idx, num_embeddings)  # no index is -1
    kept = checked != padding
    rows_before = np.append(0, np.cumsum(kept))  # (N + 1,), how many are kept before each position
    return Bags(pools=sums(checked[kept], rows_before[_edges(checked, offsets)], num_embeddings), kept=kept)


def _edges(indices: NDArray[np.intp], offsets: ArrayLike | None) -> NDArray[np.intp]:
    """The position at which each bag starts, and that after the last: (B + 1,)."""
    if indices.ndim == 2 and offsets is None:
        edges: NDArray[np.intp] = np.arange(indices.shape[0] + 1) * indices.shape[1]
        return edges
    if indices.ndim != 1 or offsets is None:
        raise ValueError(f"indices must be (N,) with offsets or (B, L) without, got {indices.ndim} dimensions")
    return _checked_edges(np.asarray(offsets), indices.size)


def _checked_edges(offsets: NDArray[Any], num_positions: int) -> NDArray[np.intp]:
    if offsets.size and not np.issubdtype(offsets.dtype, np.integer):  # [] alone comes as float64
        raise TypeError(f"offsets must be integers, got {offsets.dtype}")
    edges = np.append(offsets, num_positions).astype(np.intp)
    if edges[0] != 0 or (np.diff(edges) < 0).any():  # PyTorch 2.13 trusts those in the middle
        raise ValueError(f"offsets must rise from 0 to at most {num_positions}, got {offsets.tolist()}")
    return edges
