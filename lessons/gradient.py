"""Lesson 4: one gradient step by hand. Forward copies rows, backward adds gradients into the same rows."""

import streamlit as st

from lessons.gradient_exercise import exercise
from lessons.gradient_scenes import scenes
from lessons.gradient_step import TABLE, WORDS, Settings, Update, checks, updates
from lessons.ui import knobs, lesson
from lessons.ui.ids import draw_ids, ids_knob
from lessons.ui.knobs import Knobs
from lessons.ui.lesson import Lesson, Option, Question
from lessons.ui.matrix import flow, matrix
from lessons.ui.numbers import plain
from lessons.ui.walk import walk

ROUNDS = ("1 worked", "2 two blanks", "3 yours")

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
    knobs.segments("round", "Step of training", ROUNDS, "In the second step two numbers are yours, in the third all."),
    knobs.STEP,
)

QUESTIONS = (
    Question(
        "The gradient of the loss is taken for",
        (
            Option("The ids", "Ids are addresses. There is no such thing as row 1.01 to move to."),
            Option(
                "The rows looked up", "Each row that came out gets a gradient, which goes back to where it came from."
            ),
            Option("The one-hot inputs", "One could, but inputs are not trained. The table is."),
            Option("All rows equally", "A row that was not read did not touch the loss: its gradient is 0."),
        ),
        answer=1,
    ),
    Question(
        "Row 1 occurs twice, row 3 once, with mean pooling. The gradient of row 1 is",
        (
            Option("Twice that of row 3", "Each occurrence brings the same share, and shares add up."),
            Option("Equal to that of row 3", "It would be if repeats were averaged. They are summed."),
            Option("Half that of row 3", "Repeats add. Nothing divides by how often a row occurs."),
            Option("The last occurrence only", "That is the bug behind the switch: assigning instead of adding."),
        ),
        answer=0,
    ),
    Question(
        "The gradient of row 0, which was not read, is",
        (
            Option("Its average", "Nothing is averaged over rows that were not read."),
            Option("Undefined", "It is defined: changing row 0 does not change the loss."),
            Option("Equal to the bias", "There is no bias in the layer."),
            Option("Zero", "Exactly 0. Whether the row then stays put is up to the optimizer."),
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
            "The ids [1, 3, 1] are read from a table of 4 rows. Which rows change?",
            ("All four", "Rows 1 and 3 equally", "Row 1 twice as much as row 3", "Only the last one read"),
            answer=2,
        )
        ids = _controls() if prediction.open else (1, 3, 1)
    with right:
        if not prediction.open:
            st.html(flow(matrix(TABLE, "E, the table", row_labels=WORDS, chosen=ids, dim=True)))
            lesson.sealed("The step opens when you lock in a prediction.")
            return
        lesson.verdict(prediction, "Row 1 was read twice, so two equal gradients add up in it. Rows 0 and 2 get none.")
        steps = updates(_settings(ids))
        _round(_settings(ids), steps)
    lesson.finding("Forward copies rows. Backward adds gradients into the same rows.")
    lesson.quiz(LESSON.slug, QUESTIONS)
    lesson.code(LESSON.slug, _snippets(_settings(ids), steps[0]))
    KNOBS.share()


def _settings(ids: tuple[int, ...]) -> Settings:
    return Settings(ids, int(KNOBS["label"]), KNOBS["pooling"], KNOBS["rate"], KNOBS["assign"])


def _controls() -> tuple[int, ...]:
    with st.container(border=True, gap="small"):
        st.markdown("**Experiment**")
        ids = draw_ids(KNOBS, len(TABLE))
        for name in ("label", "pooling", "rate", "assign"):
            KNOBS.draw(name)
    return ids


def _round(settings: Settings, steps: list[Update]) -> None:
    KNOBS.draw("round")
    place = ROUNDS.index(KNOBS["round"])
    if place == 0:
        walk(scenes(settings), step=KNOBS["step"], key="gradient_walk")
        st.html(checks(settings))
    else:
        exercise(settings, steps[place], place + 1)


def _snippets(settings: Settings, update: Update) -> dict[str, str]:
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
E -= {rate:g} * dE                            # E[{ids[0]}] is {after}""",
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
    render=render,
)
