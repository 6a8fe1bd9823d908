"""The toy reviews as the later lessons use them: one table of 20 rows, and the runs that different heads make of it."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np

from core.corpora import FILLERS, toy_reviews
from core.examples import Examples
from core.heads import LinearHead
from core.losses import softmax_loss
from core.negatives import skip_gram_drawn, unigram_noise
from core.neighbours import windows
from core.optimizers import OPTIMIZERS
from core.pools import Pools, means, singles
from core.records import IntArray, Parameters
from core.runs import History, Run
from core.tasks import Task
from core.training import Training

WORDS = tuple(toy_reviews().groups)  # a row for each of the 20, in the order of the groups
GROUPS = tuple(toy_reviews().groups.values())
CONTENT = [row for row, word in enumerate(WORDS) if word not in FILLERS.split()]
MOODS = tuple(group.partition(" ")[0] for group in GROUPS)  # good, bad, filler
TOPICS = tuple(group.partition(" ")[2] or "filler" for group in GROUPS)  # food, film, filler
WINDOW = 3  # a review has four words: all the others are neighbours
NEGATIVES = 5
ANSWERS = {  # what the outputs of a head stand for, in their order
    "Good or bad": ("bad", "good"),
    "Food or film": ("film", "food"),
    "Both labels": ("bad film", "bad food", "good film", "good food"),
    "word": WORDS,
}


class Model(NamedTuple):
    """The parts that stand around the table."""

    reads: str  # one of READS: how the rows of an example become one vector
    says: str  # one of ANSWERS: what is to be said of it
    loss: str = "softmax"  # or "negatives": the word and five drawn ones, each by yes or no, against a second table


READS: dict[str, Callable[[IntArray], Pools]] = {  # ids (N, K) to the pools of N examples
    "mean": lambda ids: means(ids.ravel(), np.arange(0, ids.size + 1, ids.shape[1]), len(WORDS)),
    "one": lambda ids: singles(ids.ravel(), len(WORDS)),
    "side by side": lambda ids: singles(ids.ravel(), len(WORDS)),  # K pools an example
}
HEADS = {
    "Good or bad": Model("mean", "Good or bad"),
    "Food or film": Model("mean", "Food or film"),
    "Both labels": Model("mean", "Both labels"),
    "CBOW": Model("mean", "word"),
    "Skip-gram": Model("one", "word"),
    "Skip-gram, negatives": Model("one", "word", "negatives"),
}


class Recipe(NamedTuple):
    """All that decides a run on the toy reviews."""

    head: str | Model  # one of HEADS, or parts of one's own
    columns: int = 2
    steps: int = 300
    rate: float = 0.05
    scale: float = 0.1
    seed: int = 0
    optimizer: str = "Adam"


class Trained(NamedTuple):
    """A run that is over, and what it leaves: the table under "weight", and the head's own arrays."""

    history: History
    parameters: Parameters


@cache
def reviews() -> tuple[IntArray, ...]:
    """The 400 reviews as ids, four each."""
    rows = {word: row for row, word in enumerate(WORDS)}
    return tuple(np.array([rows[word] for word in text.split()]) for text in toy_reviews().documents)


def labels(question: str) -> IntArray:
    """The answers to a question about each review (400,), as places in ANSWERS."""
    if question == "Both labels":
        return 2 * labels("Good or bad") + labels("Food or film")
    return np.unique(toy_reviews().labels[question], return_inverse=True)[1]


@cache
def read_and_said(reads: str, says: str) -> tuple[IntArray, IntArray]:
    """Which ids each example reads (N, K), and what it should say (N,)."""
    if says == "word":
        near = windows(reviews(), WINDOW)
        ids, said = near.indices.reshape(-1, WINDOW), near.centers
        return (np.repeat(said, WINDOW)[:, None], ids.ravel()) if reads == "one" else (ids, said)
    words, answers = np.array(reviews()), labels(says)
    return (words.reshape(-1, 1), np.repeat(answers, words.shape[1])) if reads == "one" else (words, answers)


@cache
def task_of(head: str | Model) -> Task:
    """The head and its examples, made once. Raises ValueError if the parts do not fit together."""
    model = HEADS[head] if isinstance(head, str) else head
    ids, said = read_and_said(model.reads, model.says)
    bags = READS[model.reads](ids)
    if model.loss == "negatives":
        return _against_drawn(model, bags, said)
    importance = np.full(len(said), 1 / len(said))
    outputs, slots = len(ANSWERS[model.says]), len(bags) // len(said)
    return Task(LinearHead(outputs, softmax_loss, slots), Examples(bags=bags, targets=said, importance=importance))


def _against_drawn(model: Model, bags: Pools, said: IntArray) -> Task:
    """A second table, whose rows are scored by their dot product with the pooled row."""
    if model.says != "word" or len(bags) != len(said):
        raise ValueError(f"negatives need a word to say and one vector of D numbers, got {model}")
    noise = unigram_noise(np.bincount(np.concatenate(reviews()), minlength=len(WORDS)))
    task = skip_gram_drawn(said, said, noise, NEGATIVES, np.random.default_rng(0))
    return Task(task.head, replace(task.examples, bags=bags))


@lru_cache(maxsize=64)
def trained(recipe: Recipe) -> Trained:
    """The run of a recipe, trained once for everyone who asks."""
    training = Training(
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
    training.advance(recipe.steps)
    return Trained(training.history, training.parameters)


def history_of(recipe: Recipe) -> History:
    """The history of a recipe's run."""
    return trained(recipe).history
