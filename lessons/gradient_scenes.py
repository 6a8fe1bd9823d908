"""The scenes of lesson 4: look up, pool, score, back to the rows, one scatter-add per occurrence, update."""

from functools import lru_cache, partial

import numpy as np

from core.gradient import assigned_gradient, scatter_sums
from core.records import FloatArray
from lessons.gradient_step import TABLE, WORDS, Settings, Update, updates
from lessons.lookup_scenes import one_hot_matrix
from lessons.ui.matrix import flow, matrix, sign
from lessons.ui.numbers import MINUS, plain, signed
from lessons.ui.walk import Scene

gradient_matrix = partial(matrix, kind="gradient")


@lru_cache(maxsize=256)
def scenes(settings: Settings) -> list[Scene]:
    """The first step of training, forward and backward on the same numbers."""
    update = updates(settings)[0]
    adding = [_adding(settings, update, place) for place in range(len(settings.ids))]
    return [*_forward(settings, update), _spreading(settings, update), *adding, _updating(settings, update)]


def _forward(settings: Settings, update: Update) -> list[Scene]:
    step, labels = update.step, _labels(settings)
    table, origins = _table(settings, update), [f"E-{index}" for index in settings.ids]
    copied = matrix(step.rows, "H, rows read", row_labels=labels, origins=origins)
    rows = matrix(step.rows, "H, rows read", row_labels=labels)
    pooled = matrix(step.pooled, f"h, their {settings.pooling}", row_labels=["h"])
    meant = "The text is good: y = 1." if settings.label else "The text is not good: y = 0."
    return [
        Scene(
            "<b>1 Look up.</b> Every id copies its row. As a product: H = X E.",
            flow(one_hot_matrix(settings.ids, len(TABLE)), sign("×"), table, sign("="), copied),
        ),
        Scene(f"<b>2 Pool.</b> Their {settings.pooling} is one vector.", flow(rows, sign("→"), pooled)),
        Scene(
            f"<b>3 Loss.</b> The fixed head u = [1, {MINUS}1] turns h into a score z; p is the chance of “good”. "
            f"{meant} The loss says how far off p is.",
            flow(pooled, _score(settings, update)),
        ),
    ]


def _score(settings: Settings, update: Update) -> str:
    (first, second), z = update.step.pooled[0], update.step.logits[0, 0]
    p = update.step.probabilities[0, 0]
    right = f"p = {plain(p)}" if settings.label else f"1 {MINUS} p = {plain(1 - p)}"
    return _equations(
        f"z = h · u = {signed(first)} × 1 + {signed(second)} × ({MINUS}1) = {signed(z)}",
        f"p = sigmoid(z) = 1 / (1 + e<sup>{MINUS}z</sup>) = {plain(p)}",
        f"loss = {MINUS}log({right}) = {plain(update.step.loss)}",
    )


def _spreading(settings: Settings, update: Update) -> Scene:
    step, mean = update.step, settings.pooling == "mean"
    error = _equations(f"∂loss/∂z = p {MINUS} y = {signed(step.grad_logits[0, 0])}", "∂loss/∂h = ∂loss/∂z · u")
    pooled = gradient_matrix(step.grad_pooled, "∂loss/∂h", row_labels=["h"], tag="dh")
    origins = ["dh-0"] * len(settings.ids)
    rows = gradient_matrix(
        step.grad_rows, "∂loss/∂H", row_labels=_labels(settings), scale=_scale(update), origins=origins
    )
    share = "the mean gives each row 1/n of it" if mean else "the sum gives each row all of it"
    return Scene(
        "<b>4 Back to the rows.</b> ∂loss/∂z: how the loss changes when z grows a little. "
        f"It goes back through u; {share}.",
        flow(error, pooled, sign("→"), rows),
    )


def _adding(settings: Settings, update: Update, place: int) -> Scene:
    """One occurrence: its gradient falls into the row that it was read from."""
    ids, index, scale = settings.ids, settings.ids[place], _scale(update)
    rows = gradient_matrix(
        update.step.grad_rows, "∂loss/∂H", row_labels=_labels(settings), scale=scale, tag="dH", chosen=[place], dim=True
    )
    origins = [f"dH-{place}" if row == index else None for row in range(len(TABLE))]
    grown = gradient_matrix(
        _so_far(settings, update, place + 1),
        "∂loss/∂E so far",
        row_labels=WORDS,
        scale=scale,
        chosen=[index],
        origins=origins,
    )
    verb = "overwrites" if settings.assign else "is added into"
    caption = f"<b>5 Scatter-add.</b> Gradient {place + 1} of {len(ids)} {verb} row {index}."
    return Scene(caption, flow(rows, sign("→"), grown))


def _so_far(settings: Settings, update: Update, count: int) -> FloatArray:
    """The gradient of the table after so many occurrences, added or (the bug) assigned."""
    ids, rows = settings.ids[:count], update.step.grad_rows[:count]
    return assigned_gradient(ids, rows, len(TABLE)) if settings.assign else scatter_sums(ids, rows, len(TABLE))[-1]


def _updating(settings: Settings, update: Update) -> Scene:
    gradient = gradient_matrix(update.gradient, "∂loss/∂E", row_labels=WORDS, scale=_scale(update))
    changed = np.flatnonzero((update.before != update.after).any(axis=1)).tolist()
    after = matrix(update.after, "E, updated", row_labels=WORDS, chosen=changed, dim=True)
    p_before, p_after = plain(update.step.probabilities[0, 0]), plain(update.probability_after)
    step = sign(f"{MINUS} {plain(settings.rate)} ×")
    return Scene(
        f"<b>6 Update.</b> Against the gradient, by the learning rate: p moves from {p_before} to {p_after}.",
        flow(_table(settings, update), step, gradient, sign("="), after),
    )


def _table(settings: Settings, update: Update) -> str:
    return matrix(update.before, "E, the table", row_labels=WORDS, chosen=settings.ids, dim=True, tag="E")


def _labels(settings: Settings) -> list[str]:
    return [f"id {index}" for index in settings.ids]


def _scale(update: Update) -> float | None:
    return float(np.abs(update.gradient).max()) or None


def _equations(*lines: str) -> str:
    return "<div>" + "".join(f'<p class="equation">{line}</p>' for line in lines) + "</div>"
