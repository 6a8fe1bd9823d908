"""Rings: whether rows that stand for a cycle (months, remainders) stand in a ring, and in which order."""

from math import factorial, gcd

import numpy as np
from numpy.typing import NDArray

from core.projection import project
from core.records import FloatArray, IntArray


def plane(weight: FloatArray) -> FloatArray:
    """The rows of weight (V, D) on a flat page (V, 2): themselves at D = 2, a line at D = 1, else on principal axes."""
    if weight.shape[1] == 1:
        return np.asarray(np.hstack([weight, np.zeros_like(weight)]))
    return np.asarray(project(weight[None], 2).coordinates[0])


def around(places: FloatArray) -> IntArray:
    """Row ids in the order in which one meets them (V,): by angle round the mean, or along it if all is on a line."""
    if not places[:, 1].any():
        return np.argsort(places[:, 0])
    across, up = (places - places.mean(axis=0)).T
    return np.argsort(np.arctan2(up, across))


def neighbours_around(places: FloatArray) -> int:
    """How many of the V steps round the picture (V, 2) lead to the next or the last id of the cycle 0, 1 .. V - 1."""
    order = around(places)
    steps = np.diff(order, append=order[0]) % len(order)
    return int(np.isin(steps, (1, len(order) - 1)).sum())


def expected_neighbours(count: int) -> float:
    """What `neighbours_around` is on average for rows dealt at random: each of V steps has 2 of V - 1 chances."""
    return 2 * count / (count - 1)


def constant_step(places: FloatArray) -> int:
    """k if id a stands at place k * a round the picture (V, 2), counted from id 0 the shorter way; 0 if there is no k.

    With k = 1 the ids follow each other, with k = 2 each is two places on: k times the id, as a remainder.
    """
    order = around(places)
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    steps: NDArray[np.intp] = np.diff(rank, append=rank[0]) % len(order)
    return int(min(steps[0], len(order) - steps[0])) if (steps == steps[0]).all() else 0


def chance_of_constant_step(count: int) -> float:
    """How likely `constant_step` finds some k in rows dealt at random round a ring: (V - 1)! orders, one for each k."""
    return sum(gcd(step, count) == 1 for step in range(1, count)) / factorial(count - 1)
