"""Lesson 2: a look-up is a matrix product that nobody computes."""

from collections.abc import Callable
from functools import lru_cache
from statistics import median
from time import perf_counter
from typing import NamedTuple

import numpy as np
import streamlit as st

from core.table import dense, largest_difference, lookup, lookup_cost, matmul_cost, one_hot, take_rows
from lessons.lookup_questions import QUESTIONS
from lessons.lookup_scenes import BIASES, Settings, one_hot_matrix, scenes
from lessons.lookup_snippets import snippets
from lessons.ui import knobs, lesson
from lessons.ui.desk import COLUMNS
from lessons.ui.ids import draw_ids, ids_knob
from lessons.ui.knobs import Knobs
from lessons.ui.lesson import Lesson, Prediction, Task
from lessons.ui.matrix import flow, matrix, sign
from lessons.ui.numbers import duration_of, plain, size_of
from lessons.ui.walk import walk

WIDE = 64
VOCABULARIES = (4, 6, 20, 100, 1000, 5000, 10_000, 50_000)
BATCHES = (1, 3, 8, 32, 64, 128, 256)


KNOBS = Knobs(
    "lookup",
    ids_knob("1, 3, 1"),
    knobs.slider("rows", "Rows V", 6, 4, 12, "How many rows the table has."),
    knobs.toggle("bias", "Add a bias", False, "As Dense does by default."),
    knobs.field("seed", "Seed", 0, 0, 999, "Another random table."),
    knobs.stops("vocabulary", "Rows V of a large table", 1000, VOCABULARIES, "How many ids the table knows."),
    knobs.stops("batch", "Ids at once n", 256, BATCHES, "How many rows one call reads."),
    knobs.STEP,
)

FIRST = Settings(ids=(1, 3, 1), rows=6, bias=False, seed=0)


class Chosen(NamedTuple):
    """What the learner has set: the product, and the sizes of which the cost is told."""

    product: Settings
    vocabulary: int
    batch: int


def _controls() -> Chosen:
    ids = draw_ids(KNOBS, KNOBS["rows"])
    for name in ("rows", "bias", "seed"):
        KNOBS.draw(name)
    product = Settings(ids, KNOBS["rows"], KNOBS["bias"], KNOBS["seed"])
    return Chosen(product, KNOBS["vocabulary"], KNOBS["batch"])


def _sealed() -> None:
    inputs = one_hot_matrix(FIRST.ids, FIRST.rows)
    product = flow(inputs, sign("×"), matrix(FIRST.table, "E, the table"), sign("= ?"))
    st.html(
        f'{product}<p class="aside">One-hot: a single 1, at the place of the id. × (in code @): matrix product. '
        "Vectors are rows here; some papers keep them as columns.</p>"
    )


def _experiment(chosen: Chosen) -> None:
    walk(scenes(chosen.product), step=KNOBS["step"], key="lookup_walk")


def _costs(chosen: Chosen) -> None:
    st.header("What it costs", anchor=False)
    left, right = st.columns(COLUMNS, gap="medium")
    with left:
        KNOBS.draw("vocabulary")
        KNOBS.draw("batch")
    rows, batch = chosen.vocabulary, chosen.batch
    cheap, costly = lookup_cost(batch, rows, WIDE), matmul_cost(batch, rows, WIDE)
    look_up_time, product_time = _measured(rows, batch)
    right.html(
        lesson.figures(
            ("Multiplications", f"0 and {plain(costly.multiplications)}", f"look-up and product, D = {WIDE}"),
            ("Size of the input", f"{size_of(8 * batch)} and {size_of(4 * batch * rows)}", "ids and one-hot rows"),
            (
                "Bytes read",
                f"{size_of(cheap.bytes_read)} and {size_of(costly.bytes_read)}",
                "input and rows of the table",
            ),
            (
                "Measured here",
                f"{duration_of(look_up_time)} and {duration_of(product_time)}",
                f"{plain(product_time / look_up_time, 2)} times as long, without the time to build X",
            ),
        )
    )


def _parted(chosen: Chosen) -> str:
    """The task: a bias."""
    product, ids = chosen.product, chosen.product.ids
    biases = BIASES if product.bias else None
    output = dense(one_hot(ids, product.rows), product.table, biases)
    difference = largest_difference(output, lookup(product.table, ids))
    if difference == 0:
        return ""
    return f"with a bias the two differ by up to {plain(difference)}. A table that takes the bias over agrees again."


@lru_cache(maxsize=64)  # once for everyone who asks
def _measured(rows: int, batch: int) -> tuple[float, float]:
    """Seconds of one look-up and of one product on the machine that serves this page, medians of several calls."""
    table = np.ones((rows, WIDE), np.float32)
    ids = np.random.default_rng(0).integers(0, rows, batch)
    inputs = one_hot(ids, rows, np.float32)
    return _seconds(lambda: take_rows(table, ids), 31), _seconds(lambda: inputs @ table, 5)


def _seconds(call: Callable[[], object], rounds: int) -> float:
    times = []
    for _ in range(rounds):
        start = perf_counter()
        call()
        times.append(perf_counter() - start)
    return median(times)


LESSON = Lesson(
    number=2,
    slug="lookup",
    title="A look-up is a product nobody computes",
    question="Is an Embedding a special Dense layer? Multiply a one-hot row by the table and compare.",
    icon=":material/table_rows:",
    minutes=7,
    prediction=Prediction(
        "ids = [1, 3, 1], and E has 6 rows of 3 numbers. Which part of E does onehot(ids) @ E return?",
        ("The sum of rows 1 and 3", "Columns 1, 3, 1", "It depends on E", "Rows 1, 3, 1"),
        answer=3,
        because="With any ids, each 1 picks its row and the zeros erase the rest, whatever the numbers in E are.",
    ),
    knobs=KNOBS,
    controls=_controls,
    sealed=_sealed,
    experiment=_experiment,
    below=_costs,
    below_knobs=("vocabulary", "batch"),
    finding="Same answer, same gradient (lesson 4), no multiplication: a special Dense layer in theory, array indexing "
    "in practice. "
    "Keras and PyTorch do not build the one-hot rows by default.",
    questions=QUESTIONS,
    snippets=lambda chosen: snippets(chosen.product),
    task=Task("Product and look-up agree for every table here. Set something that makes them differ.", check=_parted),
    words=("Look-up", "One-hot row", "Dense layer", "Kernel"),
)
