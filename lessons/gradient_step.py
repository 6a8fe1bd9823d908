"""The worked step of lesson 4: what it computes, and its scenes."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from core.gradient import assigned_gradient, finite_differences, matmul_gradient, scatter_sums
from core.heads import Examples, HeadStep, LinearHead, bags
from core.losses import sigmoid_loss
from core.records import FloatArray
from core.table import largest_difference
from lessons.ui.lesson import figures
from lessons.ui.matrix import flow, matrix, sign
from lessons.ui.numbers import MINUS, plain, signed
from lessons.ui.walk import Scene

TABLE = np.array([[0.1, 0.2], [0.4, -0.3], [-0.2, 0.5], [0.3, 0.3]])
WORDS = ("0 the", "1 tasty", "2 stale", "3 fresh")
KERNEL = np.array([[1.0], [-1.0]])  # u, fixed
HEAD = LinearHead(1, sigmoid_loss)
STEPS = 3


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


def _examples(settings: Settings) -> Examples:
    pool = bags([np.array(settings.ids)], len(TABLE), mean=settings.pooling == "mean")
    return Examples(bags=pool, targets=np.array([settings.label]), importance=np.ones(1))


def _parameters(table: FloatArray) -> dict[str, FloatArray]:
    return {"weight": table, "kernel": KERNEL, "bias": np.zeros(1)}


@lru_cache(maxsize=256)
def scenes(settings: Settings) -> list[Scene]:
    """Look up, pool, score, back to the rows, one scatter-add per occurrence, update: the first step of training."""
    update = updates(settings)[0]
    return [*_forward(settings, update), *_backward(settings, update)]


def _forward(settings: Settings, update: Update) -> list[Scene]:
    ids = settings.ids
    step, labels = update.step, _labels(ids)
    origins = [f"E-{index}" for index in ids]
    rows = matrix(step.rows, "H, rows read", row_labels=labels, tag="H", origins=origins)
    pooled = matrix(step.pooled, f"h, their {settings.pooling}", row_labels=["h"], tag="h")
    z, p, loss = step.logits[0, 0], step.probabilities[0, 0], step.loss
    right = f"p = {plain(p)}" if settings.label else f"1 {MINUS} p = {plain(1 - p)}"
    score = _equations(
        f"z = h · u = {signed(step.pooled[0, 0])} × 1 + {signed(step.pooled[0, 1])} × ({MINUS}1) = {signed(z)}",
        f"p = sigmoid(z) = {plain(p)}",
        f"loss = {MINUS}log({right}) = {plain(loss)}",
    )
    how = "Their mean is one vector" if settings.pooling == "mean" else "Their sum is one vector"
    return [
        Scene("<b>1 Look up.</b> Every id copies its row.", flow(_table(update.before, ids), sign("→"), rows)),
        Scene(f"<b>2 Pool.</b> {how}.", flow(rows.replace("data-from", "data-was"), sign("→"), pooled)),
        Scene("<b>3 Loss.</b> The head is fixed: u = [1, −1]. It scores the sentence as good.", flow(pooled, score)),
    ]


def _backward(settings: Settings, update: Update) -> list[Scene]:
    ids = settings.ids
    step, labels = update.step, _labels(ids)
    share = "the mean gives each row 1/n of it" if settings.pooling == "mean" else "the sum gives each row all of it"
    scale = float(np.abs(update.gradient).max()) or None
    error = _equations(f"∂loss/∂z = p {MINUS} y = {signed(step.grad_logits[0, 0])}", "∂loss/∂h = ∂loss/∂z · u")
    pooled = matrix(step.grad_pooled, "∂loss/∂h", kind="gradient", row_labels=["h"], tag="dh")
    spread = matrix(
        step.grad_rows,
        "∂loss/∂H",
        kind="gradient",
        row_labels=labels,
        tag="dH",
        scale=scale,
        origins=["dh-0"] * len(ids),
    )
    scenes = [
        Scene(
            f"<b>4 Back to the rows.</b> The error goes back through u; {share}.",
            flow(error, pooled, sign("→"), spread),
        )
    ]
    for place, gradient in enumerate(_growing(settings, update)):
        index = ids[place]
        falling = [f"dH-{place}" if row == index else None for row in range(len(TABLE))]
        grown = matrix(
            gradient, "∂loss/∂E so far", kind="gradient", row_labels=WORDS, chosen=[index], scale=scale, origins=falling
        )
        rows = matrix(
            step.grad_rows,
            "∂loss/∂H",
            kind="gradient",
            row_labels=labels,
            tag="dH",
            scale=scale,
            chosen=[place],
            dim=True,
        )
        verb = "overwrites" if settings.assign else "is added into"
        scenes.append(
            Scene(
                f"<b>5 Scatter-add.</b> Gradient {place + 1} of {len(ids)} {verb} row {index}.",
                flow(rows, sign("→"), grown),
            )
        )
    return [*scenes, _update(ids, update, settings.rate, scale)]


def _update(ids: tuple[int, ...], update: Update, rate: float, scale: float | None) -> Scene:
    gradient = matrix(update.gradient, "∂loss/∂E", kind="gradient", row_labels=WORDS, scale=scale)
    changed = np.flatnonzero((update.before != update.after).any(axis=1)).tolist()
    after = matrix(update.after, "E, updated", row_labels=WORDS, chosen=changed, dim=True)
    p_before, p_after = plain(update.step.probabilities[0, 0]), plain(update.probability_after)
    return Scene(
        f"<b>6 Update.</b> Against the gradient, by the learning rate: p moves from {p_before} to {p_after}.",
        flow(_table(update.before, ids), sign(f"{MINUS} {plain(rate)} ×"), gradient, sign("="), after),
    )


def _growing(settings: Settings, update: Update) -> list[FloatArray]:
    """The gradient of the table after each occurrence, adding or (the bug) assigning."""
    ids = settings.ids
    if not settings.assign:
        return list(scatter_sums(ids, update.step.grad_rows, len(TABLE)))
    rows = update.step.grad_rows
    return [assigned_gradient(ids[: n + 1], rows[: n + 1], len(TABLE)) for n in range(len(ids))]


def _table(table: FloatArray, ids: tuple[int, ...]) -> str:
    return matrix(table, "E, the table", row_labels=WORDS, chosen=ids, dim=True, tag="E")


def _labels(ids: tuple[int, ...]) -> list[str]:
    return [f"id {index}" for index in ids]


def _equations(*lines: str) -> str:
    return "<div>" + "".join(f'<p class="equation">{line}</p>' for line in lines) + "</div>"


@lru_cache(maxsize=256)
def checks(settings: Settings) -> str:
    """HTML: the gradient against the transposed one-hot product, and against nudging every number of the table."""
    update, examples = updates(settings)[0], _examples(settings)
    product = matmul_gradient(settings.ids, update.step.grad_rows, len(TABLE))
    nudged = finite_differences(lambda table: HEAD.step(_parameters(table), examples).loss, update.before)
    by_product, by_nudging = largest_difference(product, update.gradient), largest_difference(nudged, update.gradient)
    remark = "largest difference" if by_nudging < 1e-8 else "largest difference: here the bug shows"
    p_before, p_after = plain(update.step.probabilities[0, 0]), plain(update.probability_after)
    return figures(
        ("p before and after", f"{p_before} → {p_after}", f"y = {settings.label}, loss {plain(update.step.loss)}"),
        ("Against Xᵀ · ∂loss/∂H", plain(by_product, 2), remark),
        ("Against nudging each number", plain(by_nudging, 2), remark),
    )
