"""Transfer between words: labelled texts use one half of the vocabulary, the test uses the other half.

The words come as ids in groups; a text takes three words of one group, repeats allowed, and a filler.
"""

from collections.abc import Sequence
from itertools import product
from typing import NamedTuple

import numpy as np

from core.records import IntArray, Parameters
from core.tasks import Task

Groups = Sequence[Sequence[int]]

WORDS_A_TEXT = 3


class Labelled(NamedTuple):
    """N texts as ids, four each, and the label of each: (N,)."""

    texts: tuple[IntArray, ...]
    labels: IntArray


def halves(groups: Groups) -> tuple[list[list[int]], list[list[int]]]:
    """Each group cut in two: what the labels mention, and what they never do."""
    return [list(group[: len(group) // 2]) for group in groups], [list(group[len(group) // 2 :]) for group in groups]


def drawn_texts(
    groups: Groups, labels: Sequence[int], fillers: Sequence[int], count: int, rng: np.random.Generator
) -> Labelled:
    """`count` texts at random, the groups taking turns; labels: one for each group."""
    turns = [number % len(groups) for number in range(count)]
    texts = tuple(np.array([*rng.choice(groups[turn], WORDS_A_TEXT), rng.choice(fillers)]) for turn in turns)
    return Labelled(texts, np.array([labels[turn] for turn in turns]))


def every_text(groups: Groups, labels: Sequence[int], fillers: Sequence[int]) -> Labelled:
    """All texts there are, the filler last: an accuracy on them owes nothing to a draw."""
    texts, said = [], []
    for group, label in zip(groups, labels, strict=True):
        for *words, filler in product(*[group] * WORDS_A_TEXT, fillers):
            texts.append(np.array([*words, filler]))
            said.append(label)
    return Labelled(tuple(texts), np.array(said))


def accuracy(task: Task, parameters: Parameters) -> float:
    """The share of a task's examples whose right label gets the highest score of several."""
    scores = task.head.step(parameters, task.examples).logits  # (N, C)
    return float(np.mean(scores.argmax(axis=1) == task.examples.targets))
