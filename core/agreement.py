"""What two tables, or a table and a grouping, agree on: neighbours that come back, and what chance alone gives."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from core.fidelity import nearest
from core.projection import per_frame_bases, project
from core.records import FloatArray


def shared_neighbours(first: FloatArray, second: FloatArray, count: int) -> float:
    """Share of each row's `count` nearest in `first` (V, D) that are among its `count` nearest in `second` (V, D')."""
    if len(first) != len(second):
        raise ValueError(f"both tables must have as many rows, got {len(first)} and {len(second)}")
    ids, others = nearest(first, count)[0], nearest(second, count)[0]
    return float((ids[:, :, None] == others[:, None, :]).sum() / ids.size)


def shared_by_chance(rows: int, count: int) -> float:
    """What `shared_neighbours` gives on average if the second table's neighbours are drawn from all other rows."""
    return count / (rows - 1)


def same_group(points: FloatArray, groups: Sequence[str]) -> float:
    """Share of the points (V, D) whose nearest point belongs to their own group."""
    names = np.asarray(groups)
    return float(np.mean(names[nearest(points, 1)[0][:, 0]] == names))


def same_group_by_chance(groups: Sequence[str]) -> float:
    """What `same_group` gives on average if each nearest point is drawn from all other points."""
    sizes = np.array(list(Counter(groups).values()))
    return float(sizes @ (sizes - 1) / (sizes.sum() * (sizes.sum() - 1)))


def along_first_axis(points: FloatArray, quantity: FloatArray) -> float:
    """Size of the correlation of `quantity` (V,) with the points' (V, D) place on their first principal axis."""
    return float(along(principal_places(points, 1), quantity)[0])


def along(places: FloatArray, quantity: FloatArray) -> FloatArray:
    """Size of the correlation of each column of places (V, k) with `quantity` (V,): (k,)."""
    return np.asarray(np.abs(np.corrcoef(places, quantity, rowvar=False)[-1, :-1]))


def principal_places(points: FloatArray, axes: int) -> FloatArray:
    """Where the points (V, D) stand on their first principal axes: (V, axes)."""
    return np.asarray(points @ per_frame_bases(points[None], axes)[0])


def first_axis_share(points: FloatArray) -> float:
    """Share of the points' (V, D) spread that lies along their first principal axis: 1 if they stand on a line."""
    return float(project(points[None], 1).explained[0])
