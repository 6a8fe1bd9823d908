"""Lesson 4: one gradient step by hand. Forward copies rows, backward adds gradients into the same rows."""

import streamlit as st

from lessons.gradient_exercise import exercise
from lessons.gradient_questions import QUESTIONS, ROUNDS
from lessons.gradient_scenes import scenes
from lessons.gradient_step import TABLE, WORDS, Settings, checks, misses, updates
from lessons.ui import knobs
from lessons.ui.ids import draw_ids, ids_knob
from lessons.ui.knobs import Knobs
from lessons.ui.lesson import Lesson, Prediction, Task
from lessons.ui.matrix import flow, matrix
from lessons.ui.numbers import plain
from lessons.ui.walk import walk

FIRST_IDS = (1, 3, 1)

KNOBS = Knobs(
    "gradient",
    ids_knob("1, 3, 1"),
    knobs.segments("label", "Label y", ("1", "0"), "What the sentence is meant to score: 1 for good."),
    knobs.segments("pooling", "Pooling", ("mean", "sum"), "How the rows become one vector."),
    knobs.fine_slider("rate", "Learning rate", 1.0, 0.0, 3.0, 0.1, "How far the table moves against its gradient."),
    knobs.toggle(
        "assign",
        "Assign instead of add",
        False,
        "The classic bug W[ids] -= rate * g: a repeated id keeps its last gradient.",
    ),
    knobs.segments(
        "round",
        "Step of training",
        ROUNDS,
        "The first step is worked out; in the second two numbers are yours, in the third all.",
    ),
    knobs.STEP,
)


def _controls() -> Settings:
    ids = draw_ids(KNOBS, len(TABLE))
    for name in ("label", "pooling", "rate", "assign"):
        KNOBS.draw(name)
    return Settings(ids, int(KNOBS["label"]), KNOBS["pooling"], KNOBS["rate"], KNOBS["assign"])


def _sealed() -> None:
    st.html(flow(matrix(TABLE, "E, the table", row_labels=WORDS, chosen=FIRST_IDS, dim=True)))


def _experiment(settings: Settings) -> None:
    place = ROUNDS.index(KNOBS.draw("round"))
    if place == 0:
        walk(scenes(settings), step=KNOBS["step"], key="gradient_walk")
        st.html(checks(settings))
    else:
        exercise(settings, updates(settings)[place], place + 1)


def _hidden_bug(settings: Settings) -> str:
    """The task: ids of which none is repeated."""
    if not settings.assign or len(settings.ids) < 2 or misses(settings):
        return ""
    return "without a repeated id, assigning equals adding. A test with such ids would not have found the bug."


def _snippets(settings: Settings) -> dict[str, str]:
    update = updates(settings)[0]
    rows, ids, y, rate = TABLE.tolist(), list(settings.ids), settings.label, settings.rate
    shares = f"{len(ids)}" if settings.pooling == "mean" else "1"
    gradient = update.step.grad_weight[ids[0]].round(4).tolist()
    after = (update.before - rate * update.step.grad_weight)[ids[0]].round(4).tolist()
    pool = "mean(0)" if settings.pooling == "mean" else "sum(0)"
    keras_pool = "mean" if settings.pooling == "mean" else "sum"
    return {
        "numpy": f"""import numpy as np

E = np.array({rows})
ids, u, y = np.array({ids}), np.array([1.0, -1.0]), {y}
z = E[ids].{pool} @ u
p = 1 / (1 + np.exp(-z))                 # {plain(update.step.probabilities[0, 0])}
dH = np.outer(np.ones(len(ids)) / {shares}, (p - y) * u)
dE = np.zeros_like(E)
np.add.at(dE, ids, dH)                   # dE[{ids[0]}] is {gradient}
{f"E -= {rate:g} * dE":<41}# E[{ids[0]}] is {after}""",
        "PyTorch": f"""import torch
import torch.nn.functional as F

E = torch.tensor({rows})
ids, u, y = torch.tensor({ids}), torch.tensor([1.0, -1.0]), torch.tensor({y}.0)
emb = torch.nn.Embedding.from_pretrained(E, freeze=False)
z = emb(ids).{pool} @ u
F.binary_cross_entropy_with_logits(z, y).backward()
emb.weight.grad                          # row {ids[0]} is {gradient}
torch.optim.SGD(emb.parameters(), lr={rate:g}).step()
emb.weight                               # row {ids[0]} is {after}""",
        "Keras": f"""import numpy as np
import tensorflow as tf
from keras import layers

emb = layers.Embedding(4, 2, weights=[np.array({rows})])
ids, u, y = tf.constant({ids}), tf.constant([1.0, -1.0]), tf.constant({y}.0)
with tf.GradientTape() as tape:
    z = tf.tensordot(tf.reduce_{keras_pool}(emb(ids), axis=0), u, 1)
    loss = tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=z)
g = tape.gradient(loss, emb.embeddings.value)  # IndexedSlices: one entry per occurrence
tf.convert_to_tensor(g)                        # row {ids[0]} is {gradient}""",
    }


LESSON = Lesson(
    number=4,
    slug="gradient",
    title="One gradient step by hand",
    question="The ids 1, 3, 1 were looked up. Now each row that came out has a gradient. Where does it go?",
    icon=":material/south:",
    minutes=8,
    prediction=Prediction(
        "The ids [1, 3, 1] are read from a table of 4 rows. Which rows change?",
        ("All four", "Rows 1 and 3 equally", "Row 1 twice as much as row 3", "Only the last one read"),
        answer=2,
        because="With ids 1, 3, 1, row 1 was read twice: two equal gradients add up in it. Rows 0 and 2 get none.",
    ),
    knobs=KNOBS,
    controls=_controls,
    sealed=_sealed,
    experiment=_experiment,
    finding="Forward copies rows. Backward adds gradients into the same rows.",
    questions=QUESTIONS,
    snippets=_snippets,
    task=Task(
        "Switch on “Assign instead of add”. Then find two or more ids with which nobody would notice this bug.",
        check=_hidden_bug,
    ),
    words=(
        "Bag, pooling",
        "Head",
        "Sigmoid",
        "Loss",
        "Gradient of the output",
        "Gradient of the table",
        "Scatter-add",
    ),
)
