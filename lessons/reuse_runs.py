"""What lesson 10 computes: labels on half of the words, three ways to start the table, five runs of each."""

from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np

from core.examples import Examples
from core.heads import LinearHead
from core.losses import soft_target_loss
from core.optimizers import OPTIMIZERS
from core.projection import project
from core.records import FloatArray, Parameters
from core.runs import Run
from core.splits import Labelled, accuracy, drawn_texts, every_text, halves
from core.tasks import Task, classifier
from core.training import Training
from lessons.reviews import CONTENT, GROUPS, READS, WORDS, Recipe, read_and_said

MODES = ("Scratch", "Frozen", "Fine-tuned")
RUNS = 5
RATES = {"SGD": 1.0, "Adam": 0.05}
MOST_STEPS = 200
LABELS = {"good": 1, "bad": 0}
KINDS = tuple(dict.fromkeys(GROUPS[row] for row in CONTENT))  # good food, bad food, good film, bad film
FILLER_ROWS = [row for row in range(len(WORDS)) if row not in CONTENT]
SEEN, UNSEEN = halves([[row for row in CONTENT if GROUPS[row] == kind] for kind in KINDS])
SEEN_ROWS, UNSEEN_ROWS = ([row for group in half for row in group] for half in (SEEN, UNSEEN))
KIND_LABELS = [LABELS[kind.split()[0]] for kind in KINDS]


class Settings(NamedTuple):
    """What the learner has set."""

    mode: str
    labelled: int
    columns: int
    steps: int
    optimizer: str
    run: int


class Tuned(NamedTuple):
    """One run: the table before and after (V, D), and the accuracies on all reviews of the two halves of the words."""

    before: FloatArray
    after: FloatArray
    seen: float
    unseen: float


class Moves(NamedTuple):
    """The content words on a flat page, before and after; how long their moves are, and which share is on the page."""

    before: FloatArray  # (16, 2)
    after: FloatArray  # (16, 2)
    distances: FloatArray  # (16,), in all D columns
    shown: float
    limits: tuple[tuple[float, float], tuple[float, float]]


@lru_cache(maxsize=1024)
def tuned(settings: Settings) -> Tuned:
    """Train on the labelled reviews of a run, then test on every review of either half."""
    training = Training(
        Run(
            task=_task(labelled_reviews(settings.labelled, settings.run)),
            num_embeddings=len(WORDS),
            embedding_dim=settings.columns,
            optimizer=OPTIMIZERS[settings.optimizer](RATES[settings.optimizer]),
            steps=settings.steps,
            seed=settings.run,
            record_every=MOST_STEPS,
            table=None if settings.mode == "Scratch" else pretrained(settings.columns, settings.run),
            frozen=settings.mode == "Frozen",
        )
    )
    training.advance(settings.steps)
    before, after = training.history.snapshots[[0, -1]]
    return Tuned(before, after, _test("seen", training.parameters), _test("unseen", training.parameters))


def five_runs(settings: Settings, mode: str) -> list[Tuned]:
    """All runs of a mode with these settings."""
    return [tuned(settings._replace(mode=mode, run=run)) for run in range(RUNS)]


def mean_unseen(settings: Settings, mode: str) -> float:
    """The accuracy on the words without labels, over the five runs."""
    return float(np.mean([run.unseen for run in five_runs(settings, mode)]))


@cache
def pretrained(columns: int, run: int) -> FloatArray:
    """The table that CBOW made of all 400 reviews, without their labels: (20, D)."""
    recipe = Recipe("CBOW", columns=columns, seed=run)
    training = Training(
        Run(
            task=_cbow(),
            num_embeddings=len(WORDS),
            embedding_dim=columns,
            optimizer=OPTIMIZERS[recipe.optimizer](recipe.rate),
            steps=recipe.steps,
            seed=run,
            start_scale=recipe.scale,
            record_every=recipe.steps,
        )
    )
    training.advance(recipe.steps)
    return training.parameters["weight"]


@cache
def _cbow() -> Task:
    """CBOW's 1,600 examples with equal neighbours taken together: the same loss and gradient in a third of the time.

    What stood between the same neighbours becomes one example, with the shares of its words as target.
    """
    near, said = read_and_said("mean", "word")
    different, place, count = np.unique(np.sort(near), axis=0, return_inverse=True, return_counts=True)
    shares = np.zeros((len(different), len(WORDS)))
    np.add.at(shares, (place, said), 1 / count[place])
    examples = Examples(bags=READS["mean"](different), targets=shares, importance=count / count.sum())
    return Task(LinearHead(len(WORDS), soft_target_loss), examples)


@cache
def labelled_reviews(count: int, run: int) -> Labelled:
    """The labelled reviews of a run: they use two words of each kind."""
    return drawn_texts(SEEN, KIND_LABELS, FILLER_ROWS, count, np.random.default_rng(run))


@cache
def crosswise(run: int) -> bool:
    """Whether CBOW put the kinds in two columns so that no straight line parts good from bad.

    So it is when the line from one good kind to the other crosses the line from one bad kind to the other.
    """
    good, bad = ([kind for kind, label in enumerate(KIND_LABELS) if label == want] for want in (1, 0))
    words = [seen + unseen for seen, unseen in zip(SEEN, UNSEEN, strict=True)]
    middles = np.array([pretrained(2, run)[rows].mean(axis=0) for rows in words])  # (4, 2)
    return _parts(middles[good], middles[bad]) and _parts(middles[bad], middles[good])


@lru_cache(maxsize=256)
def moves(settings: Settings) -> Moves:
    """The shown run on axes that are fixed before the labels come: the table itself, or the start's first two axes.

    The limits hold the start and the end of a run in which the table may move, so they stand still over modes that
    share a start, and over steps.
    """
    run = tuned(settings)
    free = "Scratch" if settings.mode == "Scratch" else "Fine-tuned"
    furthest = tuned(settings._replace(mode=free, steps=MOST_STEPS))
    start = run.before[CONTENT]
    middle = start.mean(axis=0) if settings.columns > 2 else np.zeros(settings.columns)
    basis = project(start[None], 2).basis  # (D, 2)
    before, after, last = ((table[CONTENT] - middle) @ basis for table in (run.before, run.after, furthest.after))
    distances = np.linalg.norm(run.after[CONTENT] - run.before[CONTENT], axis=1)
    whole = float(np.sum(distances**2))
    shown = float(np.sum((after - before) ** 2)) / whole if whole else 1.0
    return Moves(before, after, distances, shown, _limits(np.concatenate([before, last])))


def _limits(points: FloatArray) -> tuple[tuple[float, float], tuple[float, float]]:
    low, high = points.min(axis=0), points.max(axis=0)
    margin = 0.12 * (high - low).max()
    (x0, y0), (x1, y1) = (low - margin).tolist(), (high + margin).tolist()
    return (x0, x1), (y0, y1)


def _parts(line: FloatArray, points: FloatArray) -> bool:
    """Whether two points (2, 2) lie on different sides of the line through two others."""
    along, across = line[1] - line[0], points - line[0]
    sides = along[0] * across[:, 1] - along[1] * across[:, 0]
    return bool(sides[0] * sides[1] < 0)


def _task(reviews: Labelled) -> Task:
    return classifier(reviews.texts, reviews.labels, len(WORDS), len(LABELS))


@cache
def _tests() -> dict[str, Task]:
    """All 128 reviews of either half of the words."""
    return {
        name: _task(every_text(groups, KIND_LABELS, FILLER_ROWS))
        for name, groups in (("seen", SEEN), ("unseen", UNSEEN))
    }


def _test(half: str, parameters: Parameters) -> float:
    return accuracy(_tests()[half], parameters)
