"""Axes that core/projection.py does not take: of every frame by itself, columns as they are, directions named by words.

Each is one basis a frame, (F, D, k), so that a picture made with any of them can be judged by the same numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.metrics import roc_auc_score

from core.projection import centred, project, root_mean_square, share
from core.records import FloatArray, Record


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Picture(Record):
    """Frames (F, V, D) on bases (F, D, k): coordinates (F, V, k), each centred, and shown (F,) as in Projection."""

    bases: FloatArray
    coordinates: FloatArray
    shown: NDArray[np.float64]


def pictured(snapshots: FloatArray, bases: FloatArray) -> Picture:
    """The frames, each centred on its mean row, on orthonormal axes of their own."""
    frames = centred(snapshots)
    coordinates = frames @ bases  # (F, V, k)
    shown = share(root_mean_square(coordinates) ** 2, root_mean_square(frames) ** 2, of_nothing=1)
    return Picture(bases=bases, coordinates=coordinates, shown=shown)


def last_frame_bases(snapshots: FloatArray, dimensions: int) -> FloatArray:
    """Principal axes of the last frame, held for all: (F, D, k). Their signs are fixed as in `project`."""
    return _held(project(snapshots[-1:], dimensions).basis, len(snapshots))


def column_bases(snapshots: FloatArray, columns: Sequence[int]) -> FloatArray:
    """Columns of the table as they are, held for all frames: (F, D, k)."""
    num_columns = snapshots.shape[2]
    if len(set(columns)) < len(columns) or not all(0 <= column < num_columns for column in columns):
        raise ValueError(f"columns must be different and lie in [0, {num_columns}), got {list(columns)}")
    return _held(np.eye(num_columns)[:, list(columns)], len(snapshots))


def word_pair_bases(snapshots: FloatArray, first: tuple[int, int], second: tuple[int, int]) -> FloatArray:
    """Two directions named by two opposed pairs of rows, in each frame: (F, D, 2).

    One runs along both pairs, from their first word to their second; the other from the middle of the second pair to
    the middle of the first, less what the first direction already says. The words give the signs: nothing is left to
    the eigenvectors. (Pairs instead of principal components: Bandyopadhyay et al. 2022.)
    """
    rows = [*first, *second]
    if len(set(rows)) < len(rows):
        raise ValueError(f"the pairs must be of four different rows, got {rows}")
    low, high, other_low, other_high = np.asarray(snapshots, np.float64)[:, rows].swapaxes(0, 1)  # (F, D) each
    along = _unit((high - low) + (other_high - other_low))
    across = (high + low) - (other_high + other_low)
    across = across - np.sum(across * along, axis=1, keepdims=True) * along
    return np.stack([along, _unit(across)], axis=2)


def largest_jump(coordinates: FloatArray) -> float:
    """How far the points move from one frame (F, V, k) to the next at most, in radii of the last frame's cloud.

    Both are root mean squares over the points.
    """
    radius = root_mean_square(coordinates[-1:] - coordinates[-1].mean(axis=0))[0]
    moved = root_mean_square(np.diff(coordinates, axis=0)).max(initial=0)
    return float(moved / radius) if radius > 0 else 0.0


def ranks(scores: ArrayLike, upper: ArrayLike) -> float:
    """How often a row of the upper class scores above one of the lower: 0.5 by chance, 1 if always (the AUC)."""
    return float(roc_auc_score(upper, scores))


def _held(basis: FloatArray, frames: int) -> FloatArray:
    return np.broadcast_to(basis, (frames, *basis.shape))


def _unit(vectors: FloatArray) -> FloatArray:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0))
