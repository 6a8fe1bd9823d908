"""How far to trust a picture of a table: whether neighbours survive in it, whether groups separate."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.manifold import trustworthiness
from sklearn.metrics import pairwise_distances
from sklearn.neighbors import NearestNeighbors

from core.records import FloatArray, Record

CHUNK = 1_000_000  # distances at a time: 8 MB


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Silhouette(Record):
    """Silhouette of the given groups, and of the same group names dealt out at random (R,)."""

    score: float
    shuffled: NDArray[np.float64]

    @property
    def chance(self) -> float:
        """Mean over the shuffles: what the same group sizes score by accident."""
        return float(self.shuffled.mean())


def nearest(points: FloatArray, count: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Ids and Euclidean distances of the `count` rows nearest to each row of points (V, D): two (V, count).

    A row is never its own neighbour, but its duplicates are.
    """
    if not 1 <= count < len(points):
        raise ValueError(f"count must lie in [1, {len(points)}), got {count}")
    distances, ids = NearestNeighbors(n_neighbors=count).fit(points).kneighbors()
    return ids, distances


def neighbours_kept(snapshots: FloatArray, coordinates: FloatArray) -> NDArray[np.int64]:
    """For how many rows of each frame (F,) the nearest in the full space (F, V, D) is so in the picture (F, V, k)."""
    size = max(1, CHUNK // snapshots.shape[1] ** 2)
    starts = range(0, len(snapshots), size)
    kept = [_nearest_one(snapshots[s : s + size]) == _nearest_one(coordinates[s : s + size]) for s in starts]
    return np.asarray(np.count_nonzero(np.concatenate(kept), axis=1))


def trust(points: FloatArray, picture: FloatArray, count: int = 5) -> float:
    """Trustworthiness in [0, 1]: 1 if the `count` nearest in the picture (V, k) are near in points (V, D) too.

    Venna and Kaski 2001, as scikit-learn computes it.
    """
    if not 1 <= count < len(points) / 2:
        raise ValueError(f"count must be at least 1 and below V / 2 = {len(points) / 2}, got {count}")
    return float(trustworthiness(points, picture, n_neighbors=count))


def silhouette(points: FloatArray, groups: Sequence[str], rng: np.random.Generator, shuffles: int = 20) -> Silhouette:
    """How well the groups (V,) of points (V, D) separate, in [-1, 1], next to the same for groups dealt at random."""
    different = len(set(groups))
    if not 2 <= different < len(points):
        raise ValueError(f"groups must be at least 2 and fewer than the {len(points)} points, got {different}")
    names, labels = np.unique(groups, return_inverse=True)
    dealt = np.stack([labels, *(rng.permutation(labels) for _ in range(shuffles))])
    score, *shuffled = _silhouettes(pairwise_distances(points), dealt, len(names)).mean(axis=1).tolist()
    return Silhouette(score=score, shuffled=np.array(shuffled))


def _silhouettes(distances: FloatArray, labels: NDArray[np.int64], different: int) -> FloatArray:
    """Silhouette of each point, for each dealing of the labels (S, V): (S, V). A point alone in its group has 0.

    Rousseeuw 1987. All dealings at once: for 16 points twenty times as fast as scikit-learn one by one.
    """
    member = labels[..., None] == np.arange(different)  # (S, V, K)
    sums, sizes = distances @ member, member.sum(axis=1, keepdims=True)
    with np.errstate(invalid="ignore"):  # 0 / 0: alone, or all of them at one place
        own = np.sum(sums * member, axis=2) / (np.sum(sizes * member, axis=2) - 1)
        other = np.where(member, np.inf, sums / sizes).min(axis=2)
        return np.asarray(np.nan_to_num((other - own) / np.maximum(own, other)))


def _nearest_one(frames: FloatArray) -> NDArray[np.int64]:
    """Id of the row nearest to each row, per frame: (F, V). Seven times as fast as scikit-learn frame by frame."""
    frames = (frames - frames.mean(axis=1, keepdims=True)).astype(np.float64)  # near duplicates cancel in float32
    squares = np.sum(frames**2, axis=2)
    distances = squares[:, None, :] - 2 * frames @ frames.swapaxes(1, 2)  # less a constant per row
    distances[:, range(frames.shape[1]), range(frames.shape[1])] = np.inf
    return np.asarray(distances.argmin(axis=2))
