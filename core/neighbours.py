"""Who stands beside whom in a text: windows, pairs, counts."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.records import Record
from core.table import check_indices
from core.text import Ids


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Windows(Record):
    """Neighbours of each position that has any: those of centers[i] (N,) are indices[offsets[i]:offsets[i + 1]]."""

    indices: Ids
    offsets: Ids
    centers: Ids


def windows(documents_ids: Sequence[ArrayLike], radius: int) -> Windows:
    """Each position's neighbours at most `radius` away in its own document; a lone word has none and is left out."""
    if radius < 1:
        raise ValueError(f"radius must be at least 1, got {radius}")
    ids, first, last = _joined(documents_ids)
    position = np.arange(len(ids))
    low, high = np.maximum(position - radius, first), np.minimum(position + radius, last)
    size = high - low
    ends = np.cumsum(size)
    reach = np.arange(size.sum()) + np.repeat(low - ends + size, size)  # low, low + 1, ... for each position
    reach += reach >= np.repeat(position, size)  # step over the centre
    offsets = np.concatenate([[0], ends[size > 0]])
    return Windows(indices=ids[reach], offsets=offsets, centers=ids[size > 0])


def pairs(documents_ids: Sequence[ArrayLike], radius: int) -> tuple[Ids, Ids]:
    """(centers, contexts), each (N,): every word with every neighbour, so each pair comes in both directions."""
    near = windows(documents_ids, radius)
    return np.repeat(near.centers, np.diff(near.offsets)), near.indices


def cooccurrence(documents_ids: Sequence[ArrayLike], radius: int, num_embeddings: int) -> NDArray[np.float64]:
    """How often each (center, context) pair occurs: (V, V), symmetric, dense: 8 V^2 bytes."""
    centers, contexts = pairs(documents_ids, radius)
    cells = check_indices(centers, num_embeddings) * num_embeddings + contexts
    counts = np.bincount(cells, minlength=num_embeddings**2)
    return counts.reshape(num_embeddings, num_embeddings).astype(np.float64)


def _joined(documents_ids: Sequence[ArrayLike]) -> tuple[Ids, Ids, Ids]:
    """All ids in a row (N,), and for each the first and the last position of its document."""
    each = [np.asarray(ids, np.int64) for ids in documents_ids]
    lengths = np.array([len(ids) for ids in each], np.int64)
    ends = np.cumsum(lengths)
    ids = np.concatenate([np.empty(0, np.int64), *each])
    return ids, np.repeat(ends - lengths, lengths), np.repeat(ends - 1, lengths)
