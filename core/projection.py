"""A table with many columns on a flat page: which axes, how much they show, and whether they hold still."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.records import FloatArray, Record
from core.table import check_indices


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Projection(Record):
    """All frames of a run on the same k axes.

    basis (D, k): orthonormal columns; coordinates (F, V, k) float32; explained (k,): share of the fitted rows' variance
    over the whole run on each axis; shown (F,): share of each frame's variance (all rows) that is on the page;
    limits (k, 2): lowest and highest coordinate over all frames.
    """

    basis: FloatArray
    explained: NDArray[np.float64]
    coordinates: NDArray[np.float32]
    shown: NDArray[np.float64]
    limits: NDArray[np.float32]


def project(snapshots: FloatArray, dimensions: int, rows: Sequence[int] | None = None) -> Projection:
    """Show the frames (F, V, D) on the first principal axes of all frames together, each frame centred on its own mean.

    Axes and centres are fitted on `rows` (default: all); every row is shown. One basis for the whole run, its sign such
    that the largest loading is positive, so nothing flips between frames. With D == dimensions nothing is projected or
    centred: the picture is the table itself.
    """
    _checked(snapshots, dimensions)
    fitted = slice(None) if rows is None else _fitted(rows, snapshots.shape[1])
    frames = snapshots - _middles(snapshots[:, fitted])
    covariance = _covariance(frames[:, fitted])  # (D, D)
    if snapshots.shape[2] == dimensions:
        return replace(_pictured(snapshots, covariance, np.eye(dimensions)), shown=np.ones(len(snapshots)))
    basis = _principal_axes(covariance, dimensions)  # (D, k)
    basis = basis * np.sign(basis[np.abs(basis).argmax(axis=0), range(dimensions)])
    return _pictured(frames, covariance, basis)


def per_frame_bases(snapshots: FloatArray, dimensions: int) -> FloatArray:
    """Principal axes of every frame by itself (F, D, k), signs as they fall: how not to animate a table."""
    _checked(snapshots, dimensions)
    return _principal_axes(_covariance(centred(snapshots), per_frame=True), dimensions)


def jitter(snapshots: FloatArray, bases: FloatArray) -> float:
    """How far the axes alone move the points from frame to frame, in radii of the picture; bases (F, D, k) or (D, k).

    A displacement Y' - Y splits into (X' - X) P', what the table did, and X (P' - P), what the axes did. This is the
    root mean square of the second part over that of Y = X P, averaged over the steps. X is centred in each frame.
    """
    frames, bases = centred(snapshots), np.broadcast_to(bases, (len(snapshots), *np.shape(bases)[-2:]))
    moved = root_mean_square(frames[:-1] @ np.diff(bases, axis=0))
    radius = root_mean_square(frames[:-1] @ bases[:-1])
    return float(np.mean(moved / np.where(radius > 0, radius, 1))) if len(moved) else 0.0


def flips(bases: FloatArray) -> int:
    """How often an axis of bases (F, D, k) points the other way in the next frame."""
    return int(np.sum(np.einsum("fdk,fdk->fk", bases[:-1], bases[1:]) < 0))


def _pictured(frames: FloatArray, covariance: FloatArray, basis: FloatArray) -> Projection:
    flat = (frames.reshape(-1, len(basis)) @ basis).astype(np.float32)  # (F V, k)
    coordinates = flat.reshape(*frames.shape[:2], -1)
    return Projection(
        basis=basis,
        explained=share(np.diag(basis.T @ covariance @ basis), np.trace(covariance), of_nothing=0),
        coordinates=coordinates,
        shown=share(_spread(coordinates), _spread(frames), of_nothing=1),
        limits=np.array([(column.min(), column.max()) for column in flat.T]),  # quicker than axis=0
    )


def share(part: ArrayLike, whole: ArrayLike, *, of_nothing: float) -> NDArray[np.float64]:
    """part / whole, kept in [0, 1] against rounding; `of_nothing` where there is no variance at all."""
    part, whole = np.broadcast_arrays(np.asarray(part, np.float64), np.asarray(whole, np.float64))
    share = np.divide(part, whole, out=np.full(part.shape, float(of_nothing)), where=whole > 0)
    return np.asarray(np.clip(share, 0, 1))


def _middles(frames: FloatArray) -> FloatArray:
    """Mean row of each frame: (F, 1, D). As a product, because a mean over the middle axis is several times slower."""
    count = frames.shape[1]
    return np.full((1, count), 1 / count, frames.dtype) @ frames


def centred(frames: FloatArray) -> FloatArray:
    """Each frame (F, V, D) less its mean row."""
    return frames - _middles(frames)


def _spread(frames: FloatArray) -> FloatArray:
    """Sum of squared distances of each frame's rows from their mean: (F,). The frames come centred, or nearly so."""
    middles, rows = _middles(frames)[:, 0], frames.reshape(len(frames), -1)
    squares = np.einsum("fi,fi->f", rows, rows)
    return np.asarray(squares - frames.shape[1] * np.einsum("fd,fd->f", middles, middles))


def _covariance(frames: FloatArray, per_frame: bool = False) -> FloatArray:
    """Sums of products of the columns of centred frames (F, V, D), over the whole run (D, D) or per frame (F, D, D)."""
    if per_frame:
        return frames.swapaxes(1, 2) @ frames
    rows = frames.reshape(-1, frames.shape[2])
    return rows.T @ rows


def _principal_axes(covariance: FloatArray, dimensions: int) -> FloatArray:
    """Eigenvectors (..., D, k) of the largest eigenvalues, largest first: eigh gives them in rising order."""
    return np.linalg.eigh(covariance).eigenvectors[..., : -dimensions - 1 : -1]


def root_mean_square(frames: FloatArray) -> FloatArray:
    """Of the lengths of each frame's rows: (F,)."""
    return np.asarray(np.sqrt(np.mean(np.sum(frames**2, axis=2), axis=1)))


def _checked(snapshots: FloatArray, dimensions: int) -> None:
    if snapshots.ndim != 3 or 0 in snapshots.shape:
        raise ValueError(f"snapshots must have the shape (F, V, D), none of them 0, got {snapshots.shape}")
    if not 1 <= dimensions <= snapshots.shape[2]:
        raise ValueError(f"dimensions must lie in [1, D = {snapshots.shape[2]}], got {dimensions}")
    if not (finite := np.isfinite(snapshots)).all():
        raise ValueError(f"snapshots must be finite, but frame {finite.all(axis=(1, 2)).argmin()} is not")


def _fitted(rows: ArrayLike, num_embeddings: int) -> NDArray[np.intp]:
    ids = check_indices(rows, num_embeddings)
    if not ids.size:
        raise ValueError("rows must hold at least one row, got none")
    return ids
