"""Lesson 9: near in what sense? What a turn and a stretch of the table leave alone, and what they change."""

import streamlit as st

from core.records import FloatArray
from lessons.near_figures import CHANCE, SEEDS, TURN, Settings, cases, experiment
from lessons.near_models import NAMES, Change, outcome
from lessons.near_questions import QUESTIONS
from lessons.ui import knobs
from lessons.ui.knobs import Knobs
from lessons.ui.lesson import Lesson, Prediction, Task
from lessons.ui.matrix import matrix
from lessons.ui.numbers import plain, signed

ASKED = Change(60, 5)  # what the prediction asks about
PAIR = ("tasty", "stale")
OPPOSED = -0.3


def _from(word: str) -> tuple[str, ...]:
    """All words, that one first."""
    return (word, *(name for name in NAMES if name != word))


KNOBS = Knobs(
    "near",
    knobs.segments("view", "Show", (TURN, SEEDS, CHANCE), "Three ways to ask what is meaningful in a table."),
    knobs.slider("angle", "Turn in degrees", 60, 0, 360, "In the planes d0 d1, d2 d3, d4 d5 and d6 d7 at once."),
    knobs.fine_slider("factor", "Stretch of d0", 5.0, 0.2, 5.0, 0.1, "After the turn, column 0 is multiplied by this."),
    knobs.segments("metric", "Measure", ("cosine", "Euclid", "dot"), "What near means: angle, distance or product."),
    knobs.chooser("one", "Word", _from("tasty"), "Its nearest word is looked for."),
    knobs.chooser("two", "And", _from("stale"), "The word it is compared with."),
    knobs.field("other", "Second seed", 1, 1, 999, "The same model, trained from another random start."),
    knobs.stops(
        "dimensions", "Random vectors, D", 64, (2, 4, 8, 16, 64, 256, 1024), "How many numbers each of them has."
    ),
)
SHOWN = {TURN: ("angle", "factor", "metric", "one", "two"), SEEDS: ("other",), CHANCE: ("dimensions", "one", "two")}


def _controls() -> Settings:
    for name in SHOWN[KNOBS.draw("view")]:
        KNOBS.draw(name)
    return Settings(
        KNOBS["view"],
        Change(KNOBS["angle"], KNOBS["factor"]),
        KNOBS["metric"],
        (KNOBS["one"], KNOBS["two"]),
        int(KNOBS["other"]),
        int(KNOBS["dimensions"]),
    )


def _before() -> None:
    st.html(
        f"{matrix(_pair(), 'E, two of its 20 rows, trained', row_labels=PAIR)}"
        '<p class="aside">The layer behind the table multiplies by W: scores = h W + b, with h the mean of the rows '
        "that were read. If A changes the table, the inverse of A undoes it in W.</p>"
    )


def _because(settings: Settings) -> str:
    before, after = outcome(Change()), outcome(ASKED)
    near = [signed(case.between("cosine", *PAIR), 2) for case in (before, outcome(Change(ASKED.degrees)), after)]
    return (
        f"The loss is {before.loss:.6f} before and {after.loss:.6f} after both, because the layer behind the table "
        f"undoes them. The cosine of {PAIR[0]} and {PAIR[1]} is {near[0]}, after the turn by {ASKED.degrees:g}° "
        f"{near[1]}, after the stretch by {ASKED.factor:g} {near[2]}."
    )


def _opposed(settings: Settings) -> str:
    near, moved = outcome(settings.change).between("cosine", *PAIR), outcome(settings.change).moved
    if settings.view != TURN or near > OPPOSED:
        return ""
    return (
        f"{PAIR[0]} and {PAIR[1]} have the cosine {signed(near, 2)}, and no prediction moved by more than "
        f"{plain(moved, 1)}, which is rounding. The model never promised this cosine."
    )


def _snippets(settings: Settings) -> dict[str, str]:
    degrees, factor = settings.change
    rows = ",\n              ".join(str(row) for row in _pair().round(4).tolist())
    near = [f"{outcome(change).between('cosine', *PAIR):+.2f}" for change in cases(settings).values()]
    change = f"""turn, S = np.radians({degrees:g}), np.diag([{factor:g}] + 7 * [1])
R = np.kron(np.eye(4), [[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
A = R @ S"""
    return {
        "numpy": f"""import numpy as np

E = np.array([{rows}])  # {PAIR[0]}, {PAIR[1]}
W = np.random.default_rng(0).normal(size=(8, 20))  # a layer behind the table
{change}

def cosine(E):
    return E[0] @ E[1] / np.linalg.norm(E[0]) / np.linalg.norm(E[1])

np.allclose(E @ W, (E @ A) @ (np.linalg.inv(A) @ W))  # True: every score stays
cosine(E), cosine(E @ R), cosine(E @ A)  # {near[0]}, {near[1]}, {near[2]}""",
        "PyTorch": f"""import numpy as np
import torch

emb, out = torch.nn.Embedding(20, 8), torch.nn.Linear(8, 20)
ids = torch.tensor([{NAMES.index(PAIR[0])}, {NAMES.index(PAIR[1])}])
before = out(emb(ids))
{change}
with torch.no_grad():
    emb.weight.copy_(emb.weight @ torch.tensor(A).float())
    out.weight.copy_(out.weight @ torch.tensor(np.linalg.inv(A).T).float())  # kept as (20, 8)
torch.allclose(before, out(emb(ids)), atol=1e-4)  # True""",
        "Keras": f"""import numpy as np
from keras import Sequential, layers

emb, out = layers.Embedding(20, 8), layers.Dense(20)
model = Sequential([emb, out])
ids = np.array([{NAMES.index(PAIR[0])}, {NAMES.index(PAIR[1])}])
before = model(ids)
{change}
E, (W, b) = emb.get_weights()[0], out.get_weights()
emb.set_weights([E @ A])
out.set_weights([np.linalg.inv(A) @ W, b])
np.allclose(before, model(ids), atol=1e-4)  # True""",
    }


def _pair() -> FloatArray:
    """The rows of the two words: (2, D)."""
    return outcome(Change()).points[[NAMES.index(word) for word in PAIR]]


LESSON = Lesson(
    number=9,
    slug="near",
    title="Near in what sense?",
    question="A CBOW has trained its table. Coordinates, distances, cosines: which of them did the training decide?",
    icon=":material/explore:",
    minutes=8,
    prediction=Prediction(
        "Turn all vectors by 60°, then stretch one column by 5. Each time the next layer undoes it. What changes?",
        (
            "Predictions, by the stretch only",
            "Some cosines, but no prediction",
            "Predictions, by the turn only",
            "Neither cosines nor predictions",
        ),
        answer=1,
        because=_because,
    ),
    words=("Cosine similarity", "Dot product", "Euclidean distance", "Nearest neighbour"),
    knobs=KNOBS,
    controls=_controls,
    sealed=_before,
    experiment=experiment,
    finding="The loss fixes the predictions, not single coordinates, and not even cosines or distances. It used "
    "the product of a mean of rows with a column of the layer behind. So compare with what the loss used, and with "
    "chance.",
    questions=QUESTIONS,
    snippets=_snippets,
    task=Task(
        "Make tasty and stale look like opposites, with a cosine below −0.3, without changing one prediction.",
        check=_opposed,
    ),
)
