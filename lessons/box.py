"""Lesson 1: what is inside the box? One table, and nothing else."""

from html import escape

import numpy as np
import streamlit as st

from core.initializers import STARTS
from core.records import FloatArray
from core.table import dense_parameters
from lessons.ui import knobs, lesson
from lessons.ui.knobs import Knobs
from lessons.ui.lesson import Lesson, Option, Question
from lessons.ui.matrix import flow, matrix
from lessons.ui.numbers import plain, signed

KNOBS = Knobs(
    "box",
    knobs.segments("layer", "Layer", ("Embedding", "Dense"), "Dense reads one-hot rows; its kernel is the same table."),
    knobs.slider("rows", "Ids V", 8, 2, 2000, "How many rows the table has."),
    knobs.slider("columns", "Dimensions D", 3, 1, 128, "How long a row is."),
    knobs.toggle("bias", "Bias", True, "One number added to each column of the output."),
    knobs.segments("activation", "Activation", ("none", "relu"), "relu replaces negative outputs by 0: no parameters."),
    knobs.segments("start", "Start values of", tuple(STARTS), "The frameworks draw their random start differently."),
    knobs.field("seed", "Seed", 0, 0, 999, "Other random numbers."),
)

QUESTIONS = (
    Question(
        "What does Embedding(1000, 64) store?",
        (
            Option("Two tables, input and context", "Word2vec trains two tables. One Embedding layer is one of them."),
            Option("A table of 1000 × 64", "One row of 64 numbers for each of 1000 ids, 64,000 in all."),
            Option("Weights and 64 biases", "That is a Dense layer. An Embedding has no bias to add."),
            Option(
                "Nothing, it computes codes", "Hashes compute codes. These rows are stored, and training changes them."
            ),
        ),
        answer=1,
    ),
    Question(
        "What are its starting values?",
        (
            Option("Word2vec vectors", "Nothing is loaded unless you load it: the layer does not know any words."),
            Option("One-hot rows", "One-hot rows explain the input. The table starts with something else."),
            Option("Zeros", "Zeros are a choice you can make, but no framework's default."),
            Option("Random numbers", "Normal with standard deviation 1 in PyTorch 2.13, between ±0.05 in Keras 3.15."),
        ),
        answer=3,
    ),
    Question(
        "Next to Dense(64) on one-hot input, Embedding(1000, 64) has",
        (
            Option("64 fewer numbers", "The tables are equally large. The Dense layer adds 64 biases."),
            Option("936 fewer numbers", "1000 − 64 = 936, but the layers differ by their biases alone."),
            Option("About 1000 times fewer", "It reads 1000 times fewer at each look-up. It stores just as many."),
            Option("The same number", "True without the bias: try the switch above. Dense has one by default."),
        ),
        answer=0,
    ),
)


def render() -> None:
    """The page."""
    KNOBS.enter()
    left, right = lesson.heading(LESSON)
    with left:
        prediction = lesson.predict(
            LESSON.slug,
            "How many trainable numbers has Embedding(1000, 64)?",
            ("64,064", "64,000", "1,064", "none"),
            answer=1,
        )
        if prediction.open:
            _controls()
    with right:
        if not prediction.open:
            st.html(_wiring("Embedding", open_box=False))
            lesson.sealed("What is in the box opens when you lock in a prediction.")
            return
        lesson.verdict(prediction, "1000 rows of 64 numbers, one row for each id, and nothing beside the table.")
        _box()
    lesson.finding("One matrix: no neurons, no bias, no activation, no hidden algorithm.")
    lesson.quiz(LESSON.slug, QUESTIONS)
    lesson.code(LESSON.slug, _snippets(KNOBS["rows"], KNOBS["columns"]))
    KNOBS.share()


def _controls() -> None:
    with st.container(border=True, gap="small"):
        st.markdown("**Experiment**")
        KNOBS.draw("layer")
        KNOBS.draw("rows")
        KNOBS.draw("columns")
        st.button("Embedding(1000, 64)", on_click=_thousand, help="Sets V = 1000 and D = 64.", width="stretch")
        if KNOBS["layer"] == "Dense":
            KNOBS.draw("bias")
            KNOBS.draw("activation")
        KNOBS.draw("start")
        KNOBS.draw("seed")


def _thousand() -> None:
    KNOBS.set("rows", 1000)
    KNOBS.set("columns", 64)


def _box() -> None:
    rows, columns, is_dense = KNOBS["rows"], KNOBS["columns"], KNOBS["layer"] == "Dense"
    bias = is_dense and KNOBS["bias"]
    table, biases = _draw(rows, columns, is_dense)
    count = table.size + (biases.size if bias else 0)
    assert count == dense_parameters(rows, columns, bias)
    sum_shown = f"{plain(rows)} × {plain(columns)}" + (f" + {plain(columns)}" if bias else "")
    st.html(_wiring(KNOBS["layer"], bias=bias, relu=is_dense and KNOBS["activation"] == "relu"))
    st.html(
        lesson.figures(
            ("Trainable numbers", plain(count), sum_shown),
            ("Smallest and largest", f"{signed(table.min(), 3)} … {signed(table.max(), 3)}", "as drawn with this seed"),
            ("Standard deviation", plain(table.std(), 3), "of the numbers in the table"),
        )
    )
    name = "Kernel" if is_dense else "Table E"
    parts = [matrix(table, name, row_labels=[f"id {row}" for row in range(rows)])]
    if bias:
        parts.append(matrix(biases[None], "Bias b", row_labels=["b"]))
    st.html(flow(*parts))


def _draw(rows: int, columns: int, is_dense: bool) -> tuple[FloatArray, FloatArray]:
    start, rng = STARTS[KNOBS["start"]], np.random.default_rng(KNOBS["seed"])
    table = (start.kernel if is_dense else start.table)(rng, rows, columns)
    return table, start.bias(rng, rows, columns)


def _wiring(layer: str, *, bias: bool = False, relu: bool = False, open_box: bool = True) -> str:
    """The parts of the layer in the order in which data meets them; the ones it lacks are struck through."""
    if not open_box:
        return _parts(("ids", "integers", "in"), ("?", "Embedding(V, D)", "here"), ("vectors", "D numbers each", "in"))
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


def _snippets(rows: int, columns: int) -> dict[str, str]:
    count = rows * columns
    return {
        "numpy": f"""import numpy as np

rng = np.random.default_rng(0)
E = rng.normal(0, 1, ({rows}, {columns}))  # the whole layer
E.size                             # {count}""",
        "PyTorch": f"""import torch.nn as nn

emb = nn.Embedding({rows}, {columns})
sum(p.numel() for p in emb.parameters())  # {count}

lin = nn.Linear({rows}, {columns})                 # a Dense layer: weight ({columns}, {rows}) and bias ({columns},)
sum(p.numel() for p in lin.parameters())  # {count + columns}""",
        "Keras": f"""from keras import layers

emb = layers.Embedding({rows}, {columns})
emb.build()
emb.count_params()  # {count}

dense = layers.Dense({columns})
dense.build((None, {rows}))
dense.count_params()  # {count + columns}""",
    }


LESSON = Lesson(
    number=1,
    slug="box",
    title="What is inside the box?",
    question="Ids go in, vectors come out. What network structure is in between?",
    icon=":material/inventory_2:",
    minutes=5,
    render=render,
)
