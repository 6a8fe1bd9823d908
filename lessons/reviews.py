"""The toy reviews as the later lessons use them: one table of 20 rows, and the runs that different heads make of it."""

from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np

from core.corpora import FILLERS, toy_reviews
from core.negatives import skip_gram_drawn, unigram_noise
from core.optimizers import OPTIMIZERS
from core.records import IntArray
from core.tasks import Task, binary_classifier, cbow, skip_gram
from core.text import pairs, windows
from core.training import History, Run, train

WORDS = tuple(toy_reviews().groups)  # a row for each of the 20, in the order of the groups
GROUPS = tuple(toy_reviews().groups.values())
CONTENT = [row for row, word in enumerate(WORDS) if word not in FILLERS.split()]
MOODS = tuple(group.partition(" ")[0] for group in GROUPS)  # good, bad, filler
TOPICS = tuple(group.partition(" ")[2] or "filler" for group in GROUPS)  # food, film, filler
WINDOW = 3  # a review has four words: all the others are neighbours
NEGATIVES = 5


class Recipe(NamedTuple):
    """All that decides a run on the toy reviews."""

    head: str  # one of HEADS
    columns: int = 2
    steps: int = 300
    rate: float = 0.05
    scale: float = 0.1
    seed: int = 0
    optimizer: str = "Adam"


@cache
def reviews() -> tuple[IntArray, ...]:
    """The 400 reviews as ids, four each."""
    rows = {word: row for row, word in enumerate(WORDS)}
    return tuple(np.array([rows[word] for word in text.split()]) for text in toy_reviews().documents)


def labels(question: str) -> IntArray:
    """The answers to one of the corpus's questions: (400,) of 0 and 1."""
    return np.unique(toy_reviews().labels[question], return_inverse=True)[1]


def _cbow() -> Task:
    found = windows(reviews(), WINDOW)
    return cbow(found.indices, found.offsets, found.centers, len(WORDS))


def _negatives() -> Task:
    noise = unigram_noise(np.bincount(np.concatenate(reviews()), minlength=len(WORDS)))
    return skip_gram_drawn(*pairs(reviews(), WINDOW), noise, NEGATIVES, np.random.default_rng(0))


HEADS = {
    "Good or bad": lambda: binary_classifier(reviews(), labels("Good or bad"), len(WORDS)),
    "Food or film": lambda: binary_classifier(reviews(), labels("Food or film"), len(WORDS)),
    "CBOW": _cbow,
    "Skip-gram": lambda: skip_gram(*pairs(reviews(), WINDOW), len(WORDS)),
    "Skip-gram, negatives": _negatives,
}


@cache
def task_of(head: str) -> Task:
    """The head and its examples, made once."""
    return HEADS[head]()


@lru_cache(maxsize=64)
def history_of(recipe: Recipe) -> History:
    """The run of a recipe, trained once for everyone who asks."""
    return train(
        Run(
            task=task_of(recipe.head),
            num_embeddings=len(WORDS),
            embedding_dim=recipe.columns,
            optimizer=OPTIMIZERS[recipe.optimizer](recipe.rate),
            steps=recipe.steps,
            seed=recipe.seed,
            start_scale=recipe.scale,
        )
    )
