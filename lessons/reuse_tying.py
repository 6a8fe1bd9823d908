"""The side panel of lesson 10: a table tied to the output, which rows then get a gradient, and what the start costs."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import streamlit as st

from core.gradient import scatter_add
from core.initializers import STARTS
from core.losses import softmax_loss
from core.records import FloatArray
from core.tying import tied_gradient, tied_logits, tied_logits_gradients
from lessons.ui import knobs
from lessons.ui.desk import COLUMNS
from lessons.ui.knobs import Knobs
from lessons.ui.matrix import flow, matrix, sign
from lessons.ui.numbers import plain
from lessons.ui.prose import figures

SMALL = 6, 2  # rows and columns of the table whose gradient is written out
ROWS = 1000  # of the table whose first loss is measured
WIDTHS = (2, 8, 32, 64, 128, 256)

TYING_KNOBS = (
    knobs.segments("output", "Output layer", ("Tied", "Separate"), "Tied: the table itself scores the next word."),
    knobs.field("word", "Id read", 1, 0, SMALL[0] - 1, "The word that the model has just read; the next id follows."),
    knobs.segments("values", "Start values", ("PyTorch", "Keras"), "N(0, 1), or uniform between −0.05 and 0.05."),
    knobs.stops("width", "Columns D of the large table", 256, WIDTHS, "The first loss of a tied table depends on it."),
)


class Tie(NamedTuple):
    """What the learner has set in the panel."""

    output: str
    word: int
    values: str
    width: int


class TiedStep(NamedTuple):
    """Where the gradient comes from when one word is read and the next one scored, (6, 2) each."""

    from_reading: FloatArray
    from_scores: FloatArray  # goes to the table if it is tied, else to the output layer's own rows
    together: FloatArray


def draw_tying(page: Knobs) -> None:
    """The panel."""
    st.html(
        "<h2>Tied: one table at both ends</h2><p>A model that guesses the next word scores every word. It may take the "
        "scores from the table that it reads from: scores = h Eᵀ, with h the row of the word just read. Which rows "
        "does one step then change?</p>"
    )
    left, right = st.columns(COLUMNS, gap="medium")
    with left:
        for knob in TYING_KNOBS:
            page.draw(knob.name)
    tie = Tie(page["output"], page["word"], page["values"], int(page["width"]))
    right.html(_panel(tie))


@lru_cache(maxsize=256)
def _panel(tie: Tie) -> str:
    return f'{_gradients(tie)}<p class="aside">{_explained(tie)}</p>{_numbers(tie)}'


@lru_cache(maxsize=64)
def tied_step(tie: Tie) -> TiedStep:
    """Read one id from a small table, score all its ids as the next one, and send the gradient back."""
    table, output = _tables(tie, *SMALL)
    hidden = table[[tie.word]]  # (1, 2)
    errors = softmax_loss(tied_logits(hidden, output), np.array([_next(tie)])).errors
    back = tied_logits_gradients(hidden, output, errors)
    from_reading = scatter_add([tie.word], back.hidden, SMALL[0])
    tied = tie.output == "Tied"
    together = tied_gradient([tie.word], back.hidden, hidden, errors) if tied else from_reading
    return TiedStep(from_reading, back.weight, together)


@lru_cache(maxsize=64)
def first_loss(tie: Tie) -> float:
    """The loss before any step: each of 1,000 ids is read once, a random id comes next."""
    table, output = _tables(tie, ROWS, tie.width)
    following = np.random.default_rng(1).integers(0, ROWS, ROWS)
    return float(softmax_loss(tied_logits(table, output), following).losses.mean())


def parameters(tie: Tie) -> int:
    """Trainable numbers of the large table, and of the output layer if it has its own."""
    return ROWS * tie.width * (1 if tie.output == "Tied" else 2)


def _tables(tie: Tie, rows: int, columns: int) -> tuple[FloatArray, FloatArray]:
    """The table (V, D) and the rows that score (V, D): the same, or a layer of its own without a bias."""
    rng, start = np.random.default_rng(0), STARTS[tie.values]
    table = start.table(rng, rows, columns).astype(np.float32)
    output = table if tie.output == "Tied" else start.kernel(rng, columns, rows).T.astype(np.float32)
    return table, output


def _next(tie: Tie) -> int:
    return (tie.word + 1) % SMALL[0]


def _gradients(tie: Tie) -> str:
    step = tied_step(tie)
    read = matrix(step.from_reading, "from reading", kind="gradient", chosen=[tie.word])
    if tie.output == "Separate":
        other = matrix(step.from_scores, "∂loss/∂U, the output layer", kind="gradient")
        return flow(read.replace("from reading", "∂loss/∂E, the table"), other)
    scores = matrix(step.from_scores, "from the scores", kind="gradient")
    both = matrix(step.together, "∂loss/∂E, the table", kind="gradient")
    return flow(read, sign("+"), scores, sign("="), both)


def _explained(tie: Tie) -> str:
    said = f"Id {tie.word} is read, id {_next(tie)} comes next."
    if tie.output == "Separate":
        return f"{said} Only the row that was read gets a gradient. The scores train a second table, U."
    return (
        f"{said} Every row is a score, so every row gets a gradient, and row {tie.word} gets one from both ends. "
        "It is one table, so its numbers count once."
    )


def _numbers(tie: Tie) -> str:
    touched = int(np.count_nonzero(tied_step(tie).together.any(axis=1)))
    tables = "one table, counted once" if tie.output == "Tied" else "two tables"
    return figures(
        ("Rows of E with a gradient", f"{touched} of {SMALL[0]}", "in the small table above"),
        ("Trainable numbers", plain(parameters(tie)), f"{ROWS:,} × {tie.width}, {tables}"),
        ("First loss", plain(first_loss(tie)), f"guessing blindly: ln {ROWS:,} = {plain(float(np.log(ROWS)))}"),
        *_why(tie),
    )


def _why(tie: Tie) -> list[tuple[str, str, str]]:
    """What a tied row scores for itself: the length of the row, squared."""
    if tie.output == "Separate":
        return []
    table = _tables(tie, ROWS, tie.width)[0]
    scores = tied_logits(table, table)  # (V, V)
    own, others = float(scores.diagonal().mean()), scores[~np.eye(len(scores), dtype=bool)]
    remark = f"h · h, mean; another word's is 0, give or take {plain(float(others.std()), 2)}"
    return [("A word's score for itself", plain(own, 3), remark)]
