"""What "near" may mean, and changes of a table that the layer behind it can undo."""

from collections.abc import Callable, Mapping
from math import cos, radians, sin

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import pdist, squareform
from sklearn.metrics.pairwise import cosine_similarity

from core.records import FloatArray, Parameters


def distances(points: FloatArray) -> FloatArray:
    """Euclidean distance of every row of points (V, D) to every row: (V, V)."""
    return np.asarray(squareform(pair_distances(points)))


def dots(points: FloatArray) -> FloatArray:
    """Dot product of every row with every row: (V, V)."""
    return np.asarray(points @ points.T)


def cosines(points: FloatArray) -> FloatArray:
    """Cosine of the angle between every two rows: (V, V), 0 for a row of zeros."""
    return np.asarray(cosine_similarity(points))


LIKENESS: Mapping[str, Callable[[FloatArray], FloatArray]] = {  # larger is nearer
    "Euclid": lambda points: -distances(points),
    "cosine": cosines,
    "dot": dots,
}


def nearest_by(measure: str, points: FloatArray) -> NDArray[np.int64]:
    """The row nearest to each row of points (V, D) by that measure, never itself: (V,)."""
    likeness = LIKENESS[measure](points).copy()
    np.fill_diagonal(likeness, -np.inf)
    return np.asarray(likeness.argmax(axis=1))


def rotation(embedding_dim: int, degrees: float) -> FloatArray:
    """A turn (D, D) by the same angle in the planes of columns 0 and 1, 2 and 3, ...; an odd last column stays.

    Rows of a table E (V, D) are turned by E @ rotation, counter-clockwise in each plane.
    """
    turned, angle = np.eye(embedding_dim), radians(degrees)
    for first in range(0, embedding_dim - 1, 2):
        turned[first : first + 2, first : first + 2] = [[cos(angle), sin(angle)], [-sin(angle), cos(angle)]]
    return turned


def stretch(embedding_dim: int, column: int, factor: float) -> FloatArray:
    """The change (D, D) that multiplies one column of a table by a factor other than 0."""
    if factor == 0:
        raise ValueError("factor must not be 0: a column of zeros cannot be undone, got 0")
    stretched = np.eye(embedding_dim)
    stretched[column, column] = factor
    return stretched


def changed_and_undone(parameters: Parameters, change: FloatArray) -> Parameters:
    """The table E (V, D) times an invertible change (D, D), and the kernel W (D, C) behind it times the inverse.

    (E A) (A^-1 W) = E W: every score, every loss and every prediction stays.
    """
    undone = np.linalg.solve(change, parameters["kernel"])
    return {**parameters, "weight": parameters["weight"] @ change, "kernel": undone}


def agreement(one: FloatArray, other: FloatArray) -> float:
    """Correlation of two lists of numbers of the same length."""
    return float(np.corrcoef(np.ravel(one), np.ravel(other))[0, 1])


def pair_distances(points: FloatArray) -> FloatArray:
    """Euclidean distance of each pair of rows, once: (V (V - 1) / 2,), in the order of itertools.combinations."""
    return np.asarray(pdist(points))


def random_cosines(rng: np.random.Generator, pairs: int, embedding_dim: int) -> FloatArray:
    """Cosines of pairs of vectors drawn from N(0, 1): (pairs,). Mean 0, standard deviation exactly 1 / sqrt(D)."""
    one, other = rng.normal(size=(2, pairs, embedding_dim))
    return np.asarray(np.sum(one * other, axis=1) / np.linalg.norm(one, axis=1) / np.linalg.norm(other, axis=1))
