"""Lesson 1: what is inside the box? One table, and nothing else."""

from functools import lru_cache
from html import escape
from typing import NamedTuple

import numpy as np
import streamlit as st

from core.initializers import STARTS
from core.records import FloatArray
from core.table import dense_parameters
from lessons.box_questions import QUESTIONS
from lessons.box_snippets import dense_in_numpy, embedding_in_numpy, in_frameworks
from lessons.ui import knobs, lesson
from lessons.ui.knobs import Knobs
from lessons.ui.lesson import Lesson, Prediction, Task
from lessons.ui.matrix import flow, matrix
from lessons.ui.numbers import plain, signed

KNOBS = Knobs(
    "box",
    knobs.segments("layer", "Layer", ("Embedding", "Dense"), "Dense reads one-hot rows; its kernel is the same table."),
    knobs.slider("rows", "Ids V", 8, 2, 2000, "How many rows the table has."),
    knobs.slider("columns", "Dimensions D", 3, 1, 128, "How long a row is."),
    knobs.toggle("bias", "Bias", True, "One number added to each column of the output."),
    knobs.segments("activation", "Activation", ("none", "relu"), "relu replaces negative outputs by 0: no parameters."),
    knobs.segments("start", "Start values as in", tuple(STARTS), "The frameworks draw their random start differently."),
    knobs.field("seed", "Seed", 0, 0, 999, "Other random numbers."),
)


# How the table and the kernel are drawn: in words, what core/initializers.py does.
RULES = {
    "PyTorch": ("drawn from a normal, deviation 1", "drawn between ±1/√V"),
    "Keras": ("drawn between ±0.05", "drawn between ±√(6/(V + D))"),
}


class Settings(NamedTuple):
    """What the learner has set."""

    layer: str
    rows: int
    columns: int
    bias: bool  # of a Dense layer; an Embedding has none
    activation: str
    start: str
    seed: int

    @property
    def is_dense(self) -> bool:
        """Whether the layer is a Dense one."""
        return self.layer == "Dense"


def _controls() -> Settings:
    KNOBS.draw("layer")
    KNOBS.draw("rows")
    KNOBS.draw("columns")
    st.button("See it: Embedding(1000, 64)", on_click=_thousand, help="Sets V = 1000 and D = 64.", width="stretch")
    is_dense = KNOBS["layer"] == "Dense"
    if is_dense:
        KNOBS.draw("bias")
        KNOBS.draw("activation")
    KNOBS.draw("start")
    KNOBS.draw("seed")
    bias, activation = (KNOBS["bias"], KNOBS["activation"]) if is_dense else (False, "none")
    return Settings(
        KNOBS["layer"], KNOBS["rows"], KNOBS["columns"], bias, activation, KNOBS["start"], KNOBS["seed"]
    )  # fmt: skip


def _thousand() -> None:
    KNOBS.set("rows", 1000)
    KNOBS.set("columns", 64)


def _sealed() -> None:
    st.html(_wiring("Embedding", open_box=False))


def _experiment(settings: Settings) -> None:
    wiring, numbers, tables = _box(settings)
    for html in (wiring, numbers, tables):
        st.html(html)


@lru_cache(maxsize=64)
def _box(settings: Settings) -> tuple[str, str, str]:
    """HTML of the layer's parts, of what can be counted, and of its numbers."""
    rows, columns, is_dense, bias = settings.rows, settings.columns, settings.is_dense, settings.bias
    table, biases = _draw(settings)
    count = table.size + (biases.size if bias else 0)
    assert count == dense_parameters(rows, columns, bias)
    sum_shown = f"{plain(rows)} × {plain(columns)}" + (f" + {plain(columns)}" if bias else "")
    other = "Embedding" if is_dense else "Dense with its bias"
    others = plain(dense_parameters(rows, columns, not is_dense))
    name = "Kernel" if is_dense else "Table E"
    numbers = lesson.figures(
        ("Trainable numbers", plain(count), f"{sum_shown}; {other}: {others}"),
        ("Smallest and largest, kernel" if is_dense else "Smallest and largest",
         f"{signed(table.min(), 3)} … {signed(table.max(), 3)}", RULES[settings.start][is_dense]),
        ("Standard deviation", plain(table.std(), 3), "of the same numbers"),
    )  # fmt: skip
    parts = [matrix(table, name, row_labels=[f"id {row}" for row in range(rows)])]
    if bias:
        parts.append(matrix(biases[None], "Bias b", row_labels=["b"]))
    return _wiring(settings.layer, bias=bias, relu=settings.activation == "relu"), numbers, flow(*parts)


def _equal_size(settings: Settings) -> str:
    """The task: a Dense layer without its bias."""
    if not settings.is_dense or settings.bias:
        return ""
    count = plain(settings.rows * settings.columns)
    return f"without its bias, Dense stores the same V × D numbers, {count}. The bias is all that the two differ by."


def _draw(settings: Settings) -> tuple[FloatArray, FloatArray]:
    start, rng = STARTS[settings.start], np.random.default_rng(settings.seed)
    table = (start.kernel if settings.is_dense else start.table)(rng, settings.rows, settings.columns)
    return table, start.bias(rng, settings.rows, settings.columns)


def _wiring(layer: str, *, bias: bool = False, relu: bool = False, open_box: bool = True) -> str:
    """The parts of the layer in the order in which data meets them; the ones it lacks are struck through."""
    if not open_box:
        return _parts(
            ("ids", "1000 of them, 0 to 999", "in"),
            ("?", "Embedding(1000, 64)", "here"),
            ("vectors", "64 numbers each", "in"),
        )
    dense = layer == "Dense"
    return _parts(
        ("one-hot rows", "V numbers each", "in") if dense else ("ids", "integers", "in"),
        ("multiply", "by the kernel", "here") if dense else ("read rows", "of the table", "here"),
        ("add bias", "D numbers", "here" if bias else "absent"),
        ("activation", "relu", "here" if relu else "absent"),
        ("vectors", "D numbers each", "in"),
    )


def _parts(*parts: tuple[str, str, str]) -> str:
    items = ""
    for name, what, state in parts:
        remark = "not here" if state == "absent" else what
        items += f'<li class="{state}"><span>{escape(name)}</span><small>{escape(remark)}</small></li>'
    return f'<ul class="wiring" aria-label="Parts of the layer">{items}</ul>'


def _snippets(settings: Settings) -> dict[str, str]:
    drawn = settings.rows, settings.columns, settings.start, settings.seed
    if not settings.is_dense:
        return {"numpy": embedding_in_numpy(*drawn), **in_frameworks(settings.rows, settings.columns, bias=True)}
    numpy = dense_in_numpy(*drawn, settings.bias, settings.activation == "relu")
    return {"numpy": numpy, **in_frameworks(settings.rows, settings.columns, settings.bias)}


LESSON = Lesson(
    number=1,
    slug="box",
    title="What is inside the box?",
    question="Each word has a number, its id. The layer answers with a vector: D numbers. What network structure is in "
    "between?",
    icon=":material/inventory_2:",
    minutes=5,
    prediction=Prediction(
        "How many trainable numbers has Embedding(1000, 64)?",
        ("64,064", "64,000", "1,064", "none"),
        answer=1,
        because="Embedding(1000, 64) keeps a row of 64 numbers for each of 1000 ids and nothing else; Dense(64) would "
        "have 64,064. The figure begins with a smaller layer.",
    ),
    knobs=KNOBS,
    controls=_controls,
    sealed=_sealed,
    experiment=_experiment,
    finding="In Keras and PyTorch an Embedding is one matrix: no neurons, no bias, no activation, no hidden algorithm.",
    questions=QUESTIONS,
    snippets=_snippets,
    task=Task(
        "Switch the layer to Dense. It has D numbers more: find the switch that takes them away.",
        check=_equal_size,
    ),
    words=("Ids", "Embedding layer", "Table", "Dimension, D", "Dense layer", "Bias", "Activation"),
)
