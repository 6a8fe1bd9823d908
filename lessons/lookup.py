"""Lesson 2: a look-up is a matrix product that nobody computes."""

from collections.abc import Callable
from functools import lru_cache
from statistics import median
from time import perf_counter

import numpy as np
import streamlit as st

from core.table import (
    lookup,
    lookup_cost,
    matmul_cost,
    one_hot,
    take_rows,
)
from lessons.lookup_scenes import DIMENSIONS, Settings, one_hot_matrix, scenes
from lessons.ui import knobs, lesson
from lessons.ui.ids import draw_ids, ids_knob
from lessons.ui.knobs import Knobs
from lessons.ui.lesson import Lesson, Option, Question
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
    knobs.stops("vocabulary", "Rows V", 1000, VOCABULARIES, "How many ids the table knows."),
    knobs.stops("batch", "Ids at once n", 256, BATCHES, "How many rows one call reads."),
    knobs.STEP,
)

QUESTIONS = (
    Question(
        "Why do frameworks not multiply?",
        (
            Option("Look-up is an approximation", "It is exact: the largest difference above is 0."),
            Option(
                "One-hot is not differentiable",
                "The product is differentiable in the table, which is all training needs.",
            ),
            Option(
                "The product is only a row copy", "Every other term is 0 × something. Copying the row gives the same."
            ),
            Option("GPUs cannot multiply sparse data", "They can. There is just nothing worth multiplying."),
        ),
        answer=2,
    ),
    Question(
        "V grows from 1,000 to 50,000. Look-up is then",
        (
            Option("About as fast as before", "It reads as many rows as there are ids, however long the table is."),
            Option("50 times slower", "That is the product: its one-hot rows are 50 times longer."),
            Option("Impossible", "Tables of 50,000 rows are ordinary. Measure it above."),
            Option("Faster", "There is no reason for it to gain. At best it stays the same."),
        ),
        answer=0,
    ),
    Question(
        "Dense(64) with a bias, on one-hot input, equals",
        (
            Option("No Embedding", "There is one: move the bias into the table. Switch the bias on above."),
            Option("Embedding plus relu", "relu is an activation. A bias only adds."),
            Option("A table twice as large", "The bias is one more row's worth of numbers, not V rows."),
            Option(
                "Embedding with the bias added to every row",
                "Each output is one row plus b, so b can live in every row.",
            ),
        ),
        answer=3,
    ),
)


def render() -> None:
    """The page."""
    KNOBS.enter()
    left, right = lesson.heading(LESSON)
    with left:
        prediction = lesson.predict(
            LESSON.slug,
            "ids = [1, 3, 1], V = 6, D = 3. What does onehot(ids) @ E return?",
            ("The sum of rows 1 and 3", "Columns 1, 3, 1", "It depends on E", "Rows 1, 3, 1"),
            answer=3,
        )
        settings = Settings(_controls() if prediction.open else (1, 3, 1), KNOBS["rows"], KNOBS["bias"], KNOBS["seed"])
    with right:
        if not prediction.open:
            inputs = one_hot_matrix(settings.ids, settings.rows)
            st.html(flow(inputs, sign("×"), matrix(settings.table, "E, the table"), sign("= ?")))
            lesson.sealed("The product opens when you lock in a prediction.")
            return
        lesson.verdict(prediction, "Each 1 picks its row, and the zeros erase the rest, whatever the numbers are.")
        walk(scenes(settings), step=KNOBS["step"], key="lookup_walk")
    st.header("What it costs", anchor=False)
    _costs()
    lesson.finding(
        "Same answer, no multiplication: a special Dense layer in theory, array indexing in practice. "
        "Keras and PyTorch do not build the one-hot rows by default."
    )
    lesson.quiz(LESSON.slug, QUESTIONS)
    lesson.code(LESSON.slug, _snippets(settings))
    KNOBS.share()


def _controls() -> tuple[int, ...]:
    with st.container(border=True, gap="small"):
        st.markdown("**Experiment**")
        ids = draw_ids(KNOBS, KNOBS["rows"])
        KNOBS.draw("rows")
        KNOBS.draw("bias")
        KNOBS.draw("seed")
    return ids


def _costs() -> None:
    left, right = st.columns([1, 2.7], gap="medium")
    with left:
        KNOBS.draw("vocabulary")
        KNOBS.draw("batch")
    rows, batch = KNOBS["vocabulary"], KNOBS["batch"]
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
                f"{plain(product_time / look_up_time, 2)} times as long, with X ready",
            ),
        )
    )


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


def _snippets(settings: Settings) -> dict[str, str]:
    table, ids = settings.table, list(settings.ids)
    rows = ",\n              ".join(str(row) for row in table.tolist())
    count = len(table)
    return {
        "numpy": f"""import numpy as np

E = np.array([{rows}])
ids = np.array({ids})
X = np.eye({count})[ids]                     # one-hot rows
np.array_equal(E[ids], X @ E)           # True: {lookup(table, ids)[0].tolist()} comes first""",
        "PyTorch": f"""import torch
import torch.nn.functional as F

E = torch.tensor([{rows}])
ids = torch.tensor({ids})
emb = torch.nn.Embedding.from_pretrained(E)
torch.equal(emb(ids), F.one_hot(ids, {count}).float() @ emb.weight)  # True

lin = torch.nn.Linear({count}, {DIMENSIONS}, bias=False)  # keeps its weight as ({DIMENSIONS}, {count}): transpose
lin.weight.data = emb.weight.data.T.clone()
torch.equal(emb(ids), lin(F.one_hot(ids, {count}).float()))  # True""",
        "Keras": f"""import numpy as np
from keras import layers, ops

E = np.array([{rows}])
ids = np.array({ids})
emb = layers.Embedding({count}, {DIMENSIONS}, weights=[E])
emb.build()
np.array_equal(emb(ids), ops.one_hot(ids, {count}) @ emb.embeddings)  # True""",
    }


LESSON = Lesson(
    number=2,
    slug="lookup",
    title="A look-up is a product nobody computes",
    question="Is an Embedding a special Dense layer? Multiply a one-hot row by the table and compare.",
    icon=":material/table_rows:",
    minutes=7,
    render=render,
)
