"""A grammar in which analogies should hold: animals, grown or young, each beside words of its kind and of its age.

Skip-gram learns a row for each animal from what stands beside it. Is dog - puppy + kitten then the row of cat?
"""

from typing import NamedTuple

import numpy as np
from scipy.spatial.distance import cdist

from core.records import FloatArray
from core.tasks import Task, skip_gram_counts

GROWN = ("dog", "cat", "cow", "horse", "sheep", "hen")
YOUNG = ("puppy", "kitten", "calf", "foal", "lamb", "chick")
KINDS = len(GROWN)
ANIMALS = GROWN + YOUNG  # ids 0 .. 11; the words beside them follow


class Analogy(NamedTuple):
    """first - second + third should be `wanted`: ids of animals."""

    first: int
    second: int
    third: int
    wanted: int


def grammar(kind_words: int, age_words: int) -> Task:
    """Animal -> a word beside it: one of `kind_words` for its kind or of `age_words` for its age, all equally often."""
    kind = np.tile(np.repeat(np.eye(KINDS), kind_words, axis=1), (2, 1))  # (12, 6 * kind_words)
    age = np.repeat(np.repeat(np.eye(2), KINDS, axis=0), age_words, axis=1)  # (12, 2 * age_words)
    beside = np.hstack([kind, age])
    counts = np.zeros((len(ANIMALS) + beside.shape[1],) * 2)
    counts[: len(ANIMALS), len(ANIMALS) :] = beside
    return skip_gram_counts(counts)


def questions() -> list[Analogy]:
    """All 60: two kinds, and which of the two ages is asked for."""
    grown, young = range(KINDS), range(KINDS, 2 * KINDS)
    return [
        Analogy(of[one], other[one], other[two], of[two])
        for of, other in ((grown, young), (young, grown))
        for one in range(KINDS)
        for two in range(KINDS)
        if one != two
    ]


def answers(animals: FloatArray, *, leave_out: bool = False) -> tuple[int, ...]:
    """The animal nearest to first - second + third for each question, by Euclidean distance; animals (12, D).

    leave_out: the three that were put in cannot be the answer, as in many published scores.
    """
    asked = np.array(questions())
    first, second, third = asked[:, :3].T
    wanted = animals[first] - animals[second] + animals[third]  # (60, D)
    distances = cdist(wanted, animals)  # (60, 12)
    if leave_out:
        np.put_along_axis(distances, asked[:, :3], np.inf, axis=1)
    return tuple(distances.argmin(axis=1).tolist())


def share_right(animals: FloatArray, *, leave_out: bool = False) -> float:
    """The share of the 60 questions answered right. Guessing gives `chance`."""
    found = answers(animals, leave_out=leave_out)
    return float(np.mean([answer == asked.wanted for answer, asked in zip(found, questions(), strict=True)]))


def chance(*, leave_out: bool = False) -> float:
    """The share that a guess among the animals gets right."""
    return 1 / (len(ANIMALS) - 3 * leave_out)
