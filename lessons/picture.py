"""Lesson 8: how a picture can fool you. A map of a table needs a scale bar."""

import streamlit as st

from lessons.picture_axes import (
    COLUMN_PAIRS,
    COLUMNS,
    FILM_PAIRS,
    FOOD_PAIRS,
    LAST,
    OWN,
    PAIRS,
    TRAINED,
    UNTRAINED,
    What,
    pictures,
    trust,
)
from lessons.picture_figures import BOTH, RUN, Settings, experiment
from lessons.picture_questions import QUESTIONS
from lessons.ui import knobs
from lessons.ui.knobs import Knob, Knobs
from lessons.ui.lesson import Lesson, Prediction, Task
from lessons.ui.matrix import heatmap
from lessons.ui.numbers import signed

KNOBS = Knobs(
    "picture",
    knobs.segments("view", "Show", (BOTH, RUN), "The first and the last table, or the run from one to the other."),
    knobs.chooser("axes", "Axes", (OWN, LAST, COLUMNS, PAIRS), "Which two directions of the table the page shows."),
    knobs.segments("pick", "Which columns", COLUMN_PAIRS, "Which two columns of the table, as they are."),
    knobs.chooser("food", "Pair of food words", FOOD_PAIRS, "The axis runs from the first word to the second."),
    knobs.chooser("film", "Pair of film words", FILM_PAIRS, "Both pairs together give the axis its direction."),
    knobs.segments("columns", "Dimensions D", ("8", "16"), "How many numbers each word has."),
    knobs.toggle(
        "fillers", "Include fillers", False, "Also the, was, and, really: they stand in every kind of review."
    ),
    knobs.toggle("colours", "Colours", False, "Look first without: colours make groups look better than they are."),
    knobs.toggle("links", "Arrows to the true nearest", False, "From each word to its nearest in all columns."),
    knobs.field("seed", "Seed", 0, 0, 999, "Another random start."),
    knobs.STEP,
    Knob("word", "", str),
)


def _controls() -> Settings:
    view, axes = KNOBS.draw("view"), KNOBS.draw("axes")
    for name in {COLUMNS: ("pick",), PAIRS: ("food", "film")}.get(axes, ()):
        KNOBS.draw(name)
    dimensions, fillers = KNOBS.draw("columns"), KNOBS.draw("fillers")
    for name in ("colours", "links") if view == BOTH else ():  # the player has its own switch for colours
        KNOBS.draw(name)
    KNOBS.draw("seed")
    picked = {COLUMNS: {"columns": KNOBS["pick"]}, PAIRS: {"food": KNOBS["food"], "film": KNOBS["film"]}}.get(axes, {})
    what = What(axes, int(dimensions), fillers, int(KNOBS["seed"]), **picked)
    return Settings(what, view, KNOBS["colours"], KNOBS["links"], KNOBS["step"] or 0, KNOBS["word"])


def _before() -> None:
    st.html(
        f"{heatmap(pictures(What()).snapshots[UNTRAINED], 'E, 16 random rows')}"
        '<p class="aside"><b>Spread</b>: the squared distances of all rows from their middle, added up. <b>Principal '
        "components</b> (PCA): the direction of the widest spread, then the widest one at right angles to it, and so "
        "on. A page has room for the first two.</p>"
    )


def _because(settings: Settings) -> str:
    shown, held = trust(What(), UNTRAINED).shown, trust(What(axes=LAST), UNTRAINED).shown
    return (
        f"It is {shown:.0%} at seed 0, before any training. Any two of eight directions would hold about 25%, but PCA "
        f"picks the two that suit these 16 points best. Axes chosen for the trained table hold {held:.0%} of the noise."
    )


def _hidden(settings: Settings) -> str:
    found = trust(settings.what, TRAINED)
    if not found.page.score < 0.1 < 0.3 < found.full.score:
        return ""
    return (
        f"the table separates its groups ({signed(found.full.score, 2)} in all columns), and this picture of it does "
        f"not ({signed(found.page.score, 2)}). A picture without groups proves nothing either."
    )


def _snippets(settings: Settings) -> dict[str, str]:
    what = settings.what._replace(axes=OWN)
    shown, cut = trust(what, UNTRAINED).shown, "" if what.fillers else "[:16]"
    drawn = f"np.random.default_rng({what.seed}).normal(0, 0.1, (20, {what.dimensions})){cut}"
    return {
        "numpy": f"""import numpy as np

W = {drawn}  # the untrained rows
Wc = W - W.mean(axis=0)
U, S, Vh = np.linalg.svd(Wc, full_matrices=False)
picture = Wc @ Vh[:2].T                  # {len(what.rows)} points; the sign of a row of Vh is arbitrary
(S[:2] ** 2).sum() / (S ** 2).sum()      # {shown:.4f} of the spread is on the page""",
        "PyTorch": f"""import numpy as np
import torch

W = torch.from_numpy({drawn})  # of a model: emb.weight.detach()
Wc = W - W.mean(0)
U, S, Vh = torch.linalg.svd(Wc, full_matrices=False)
picture = Wc @ Vh[:2].T                  # {len(what.rows)} points; the sign of a row of Vh is arbitrary
(S[:2] ** 2).sum() / (S ** 2).sum()      # {shown:.4f} of the spread is on the page""",
        "Keras": f"""import numpy as np
from keras import layers

W = {drawn}
emb = layers.Embedding({len(what.rows)}, {what.dimensions}, weights=[W])
emb.build()
W = emb.get_weights()[0]                 # a copy as a numpy array
Wc = W - W.mean(axis=0)
U, S, Vh = np.linalg.svd(Wc, full_matrices=False)
picture = Wc @ Vh[:2].T                  # {len(what.rows)} points; the sign of a row of Vh is arbitrary
(S[:2] ** 2).sum() / (S ** 2).sum()      # {shown:.4f} of the spread is on the page""",
    }


LESSON = Lesson(
    number=8,
    slug="picture",
    title="How a picture can fool you",
    question="A table has 8 columns, a page has 2 axes. What may I read off the picture?",
    icon=":material/map:",
    minutes=9,
    prediction=Prediction(
        "16 random vectors with 8 numbers each, untrained. How much of their spread do the first two principal "
        "components show?",
        ("About 2%", "About 10%", "About 25%", "About 50%"),
        answer=3,
        because=_because,
    ),
    words=("PCA", "Explained variance", "Neighbours kept", "Semantic axis"),
    knobs=KNOBS,
    controls=_controls,
    sealed=_before,
    experiment=experiment,
    finding="A picture is a map with a scale bar: read its groups only together with how much it shows, how many "
    "neighbours it keeps, and what chance would give.",
    questions=QUESTIONS,
    snippets=_snippets,
    task=Task(
        "Make the trained groups vanish from the page (silhouette below +0.1) although the table still separates them "
        "in all columns (above +0.3).",
        check=_hidden,
    ),
)
