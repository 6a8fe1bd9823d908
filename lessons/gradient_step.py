"""The worked step of lesson 4: what it computes, and what it is checked against."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from core.examples import Examples
from core.gradient import assigned_gradient, finite_differences, matmul_gradient
from core.heads import HeadStep, LinearHead
from core.losses import sigmoid_loss
from core.records import FloatArray
from core.table import largest_difference
from core.tasks import bags
from lessons.ui.numbers import plain
from lessons.ui.prose import figures

TABLE = np.array([[0.1, 0.2], [0.4, -0.3], [-0.2, 0.5], [0.3, 0.3]])
WORDS = ("0 the", "1 tasty", "2 stale", "3 fresh")
KERNEL = np.array([[1.0], [-1.0]])  # u, fixed
HEAD = LinearHead(1, sigmoid_loss)
STEPS = 3
ROUNDING = 1e-8  # a difference below it


class Settings(NamedTuple):
    """What the learner has set."""

    ids: tuple[int, ...]
    label: int
    pooling: str
    rate: float
    assign: bool


class Update(NamedTuple):
    """One step of training: what the head computed, the gradient that was used, and the tables around it."""

    step: HeadStep
    gradient: FloatArray  # (4, 2), as used: the assigned one if the learner broke it
    before: FloatArray
    after: FloatArray
    probability_after: float


@lru_cache(maxsize=256)
def updates(settings: Settings) -> list[Update]:
    """Three steps of training, one after the other."""
    examples = _examples(settings)
    done, table = [], TABLE
    for _ in range(STEPS):
        step = HEAD.step(_parameters(table), examples)
        assigned = assigned_gradient(settings.ids, step.grad_rows, len(TABLE))
        gradient = assigned if settings.assign else step.grad_weight
        after = table - settings.rate * gradient
        probability = float(HEAD.step(_parameters(after), examples).probabilities[0, 0])
        done.append(Update(step, gradient, table, after, probability))
        table = after
    return done


def misses(settings: Settings) -> bool:
    """Whether the gradient that was used lacks something: assigning instead of adding drops repeats."""
    update = updates(settings)[0]
    return largest_difference(update.gradient, update.step.grad_weight) > 0


def _examples(settings: Settings) -> Examples:
    pool = bags([np.array(settings.ids)], len(TABLE), mean=settings.pooling == "mean")
    return Examples(bags=pool, targets=np.array([settings.label]), importance=np.ones(1))


def _parameters(table: FloatArray) -> dict[str, FloatArray]:
    return {"weight": table, "kernel": KERNEL, "bias": np.zeros(1)}


@lru_cache(maxsize=256)
def checks(settings: Settings) -> str:
    """HTML: the gradient against the transposed one-hot product, and against nudging every number of the table."""
    update, examples = updates(settings)[0], _examples(settings)
    product = matmul_gradient(settings.ids, update.step.grad_rows, len(TABLE))
    nudged = finite_differences(lambda table: HEAD.step(_parameters(table), examples).loss, update.before)
    by_product, by_nudging = largest_difference(product, update.gradient), largest_difference(nudged, update.gradient)
    p_before, p_after = plain(update.step.probabilities[0, 0]), plain(update.probability_after)
    return figures(
        ("p before and after", f"{p_before} → {p_after}", f"y = {settings.label}, loss {plain(update.step.loss)}"),
        ("Against Xᵀ · ∂loss/∂H", *_judged(by_product)),
        ("Against nudging each number", *_judged(by_nudging)),
    )


def _judged(difference: float) -> tuple[str, str]:
    """What a difference between two routes to the same gradient means, and the difference."""
    if difference >= ROUNDING:
        return "Differs", f"by up to {plain(difference, 2)}: here the bug shows"
    return "Agrees", f"differs by {plain(difference, 2)}, rounding" if difference else "differs by 0"
