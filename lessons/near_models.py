"""Lesson 9's model: a trained CBOW, its table turned and stretched, and the same model from another seed."""

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.heads import HeadStep
from core.records import FloatArray, IntArray, Parameters
from core.similarity import (
    agreement,
    changed_and_undone,
    cosines,
    distances,
    dots,
    nearest_by,
    pair_distances,
    random_cosines,
    rotation,
    stretch,
)
from core.training import Training
from lessons.reviews import CONTENT, WORDS, Recipe, history_of, task_of

D = 8
STRETCHED = 0  # the column that is stretched
PAIRS_DRAWN = 4000
BINS = 40
NAMES = tuple(WORDS[row] for row in CONTENT)


class Change(NamedTuple):
    """What is done to the table, and undone by the kernel behind it."""

    degrees: float = 0
    factor: float = 1

    @property
    def matrix(self) -> FloatArray:
        """(D, D): the turn first, then the stretch."""
        return rotation(D, self.degrees) @ stretch(D, STRETCHED, self.factor)


class Outcome(NamedTuple):
    """What a change leaves and what it moves."""

    loss: float
    moved: float  # the largest change of a probability
    points: FloatArray  # (16, D), the content words
    measures: Mapping[str, FloatArray]  # (16, 16)
    nearest: Mapping[str, IntArray]  # (16,)

    def between(self, measure: str, one: str, other: str) -> float:
        """How near two words are, by that measure."""
        return float(self.measures[measure][NAMES.index(one), NAMES.index(other)])


class Seeds(NamedTuple):
    """Two models from two seeds, compared over the content words."""

    coordinates: tuple[FloatArray, FloatArray]  # (16, D) each
    distances: tuple[FloatArray, FloatArray]  # (120,) each
    of_coordinates: float  # correlations
    of_distances: float
    shared: int  # words with the same nearest word


MEASURES = {"Euclid": distances, "cosine": cosines, "dot": dots}


@lru_cache(maxsize=16)
def parameters(seed: int) -> Parameters:
    """Table, kernel and bias of the trained CBOW, in double precision."""
    training = Training(history_of(Recipe("CBOW", columns=D, seed=seed)).run)
    training.advance(training.run.steps)
    return {name: array.astype(np.float64) for name, array in training.parameters.items()}


@lru_cache(maxsize=64)
def outcome(change: Change) -> Outcome:
    """The model after the change, run through its own head over all examples."""
    step = _step(change)
    points = changed_and_undone(parameters(0), change.matrix)["weight"][CONTENT]
    return Outcome(
        loss=step.loss,
        moved=float(np.abs(step.probabilities - _step(Change()).probabilities).max()),
        points=points,
        measures={name: measure(points) for name, measure in MEASURES.items()},
        nearest={name: nearest_by(name, points) for name in MEASURES},
    )


@lru_cache(maxsize=16)
def compared(seed: int) -> Seeds:
    """Seed 0 beside another seed."""
    tables = parameters(0)["weight"][CONTENT], parameters(seed)["weight"][CONTENT]
    pairs = pair_distances(tables[0]), pair_distances(tables[1])
    same = nearest_by("Euclid", tables[0]) == nearest_by("Euclid", tables[1])
    return Seeds(tables, pairs, agreement(*tables), agreement(*pairs), int(same.sum()))


@lru_cache(maxsize=16)
def by_chance(columns: int) -> FloatArray:
    """Cosines of pairs of random vectors with that many numbers."""
    return random_cosines(np.random.default_rng(0), PAIRS_DRAWN, columns)


@lru_cache(maxsize=16)
def histogram(dimensions: int) -> tuple[FloatArray, FloatArray]:
    """Middles of the bins, and the share of the random pairs in each; the narrower the heap, the narrower the bins.

    Beyond the bins the curve goes on at 0, to the ends of the axis.
    """
    reach = min(1.0, 5 * dimensions**-0.5)
    counts, edges = np.histogram(by_chance(dimensions), BINS, (-reach, reach))
    middles = np.concatenate([(-1, -reach), (edges[:-1] + edges[1:]) / 2, (reach, 1)])
    return middles, np.pad(counts / counts.sum(), 2)


def learnt_cosines() -> NDArray[np.float64]:
    """Cosines of all pairs of content words in the trained table: (120,)."""
    table = outcome(Change()).measures["cosine"]
    return np.asarray(table[np.triu_indices(len(table), 1)])


@lru_cache(maxsize=2)
def _step(change: Change) -> HeadStep:
    task = task_of("CBOW")
    return task.head.step(changed_and_undone(parameters(0), change.matrix), task.examples)
