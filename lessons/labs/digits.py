"""Digits as classes: how many columns ten classes need, and how little their neighbours mean."""

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
import streamlit as st

from core.digits import CLASSES, PIXELS, digit_classes, images, share_right
from core.fidelity import nearest
from core.optimizers import adam
from core.records import FloatArray, IntArray
from core.rings import plane
from core.tasks import Task
from lessons.labs.frame import SEEDS, Lab
from lessons.labs.panels import Panel, panels
from lessons.labs.runs import run, several, trained
from lessons.ui import knobs
from lessons.ui.chart import Line, Points, chart
from lessons.ui.knobs import Knobs
from lessons.ui.predict import Prediction
from lessons.ui.prose import figures

STEPS, RATE, SCALE = 100, 0.05, 0.1
WIDTHS = (1, 2, 3, 4, 8, 16)
NAMES = tuple(str(digit) for digit in range(CLASSES))


@dataclass(frozen=True, slots=True)  # not a NamedTuple: (2,) of one experiment would be (2,) of another
class Recipe:
    """What decides the runs."""

    columns: int


class Settings(NamedTuple):
    """What decides the page."""

    recipe: Recipe
    seed: int


class Result(NamedTuple):
    """A trained run."""

    rows: FloatArray  # (10, D), of the classes
    learned: float  # share right of the images it learned from
    tested: float  # and of those it never saw
    nearest: IntArray  # (10,), the class nearest to each


@cache
def _task() -> Task:
    return digit_classes(images()[0])


def result(columns: int, seed: int) -> Result:
    """The run of one seed."""
    return run(Recipe(columns), seed, lambda number: _train(columns, number))


def _train(columns: int, seed: int) -> Result:
    own = trained(_task(), PIXELS, columns, adam(RATE), STEPS, seed, SCALE).parameters
    rows = own["kernel"].T.copy()
    known, new = images()
    return Result(rows, share_right(own, known), share_right(own, new), nearest(rows, 1)[0][:, 0])


def _controls(settings: Knobs) -> Settings:
    return Settings(Recipe(settings.draw("digits_columns")), settings.draw("seed"))


def _experiment(settings: Settings) -> None:
    columns, seed = settings.recipe.columns, settings.seed
    shown, common = result(columns, seed), _most_common()
    st.html(
        figures(
            ("New images right", f"{shown.tested:.2f}", f"{common:.2f} by always saying the most common digit"),
            ("Learned images right", f"{shown.learned:.2f}", "of 1,200; new are 597"),
            ("Numbers in the class table", f"{CLASSES * columns}", f"10 rows, {columns} columns"),
        )
    )
    left, right = st.columns(2)
    with left:
        _classes(shown, columns)
    with right:
        _capacity(seed, common)
    results = several(settings.recipe, SEEDS, lambda number: _train(columns, number))
    alike = {number: int(np.sum(each.nearest == shown.nearest)) for number, each in results.items()}
    tested = [each.tested for each in results.values()]
    others = [same for number, same in alike.items() if number != seed]
    st.markdown(
        f"**The nearest class is the same as in seed {seed} for {np.mean(others):.1f} of 10 digits on average.** "
        f"By chance: {CLASSES / (CLASSES - 1):.1f} of 10. New images right: {min(tested):.2f} to {max(tested):.2f}."
    )
    small = [_panel(number, each, alike[number], number == seed) for number, each in results.items()]
    st.html(panels("The rows of the classes, seed by seed", small))


def _panel(number: int, shown: Result, alike: int, chosen: bool) -> Panel:
    same = "this one" if chosen else f"{alike} of 10 alike"
    return Panel(f"Seed {number}", f"{shown.tested:.2f}; {same}", chosen, plane(shown.rows), texts=NAMES)


def _most_common() -> float:
    """Share of the most common digit among the new images."""
    digits = images()[1].digits
    return float(np.bincount(digits).max() / len(digits))


def _classes(shown: Result, columns: int) -> None:
    places = plane(shown.rows)
    across, up = places.T.tolist()
    pairs = ", ".join(f"{digit} near {close}" for digit, close in enumerate(shown.nearest.tolist()))
    chart(
        Points(NAMES, [""] * CLASSES, places),
        key="labs_digits_classes", name="The ten class rows", height=320, equal=True,
        alt=f"The rows of the ten digits. Nearest in all {columns} columns: {pairs}.",
        table={"digit": NAMES, "x": across, "y": up, "nearest": [str(digit) for digit in shown.nearest]},
    )  # fmt: skip


def _capacity(seed: int, common: float) -> None:
    runs = [result(columns, seed) for columns in WIDTHS]
    places = np.arange(len(WIDTHS))
    tested = [each.tested for each in runs]
    chart(
        Line("learned", WIDTHS, [each.learned for each in runs], dash="6 4"),
        Line("new", WIDTHS, tested),
        Line("most common", WIDTHS, common + 0 * places, dash="2 3"),
        key="labs_digits_capacity", name="Share right, by columns", height=320, limits=((0.5, 20), (0, 1.05)),
        x_title="columns D", y_title="share right",
        alt="New images right: " + ", ".join(f"{s:.2f} at D = {d}" for d, s in zip(WIDTHS, tested, strict=True)) + ".",
    )  # fmt: skip


LAB = Lab(
    name="Digits",
    question="Ten digits as ten rows of D numbers. An image of 64 pixels becomes D numbers too, by one linear layer; "
    "its score for a digit is the product with that digit's row. How many columns do ten classes need?",
    prediction=Prediction(
        "Two columns only. How many new images are named right? Guessing gives about 10%.",
        ("About 20%", "About 40%", "About 65%", "About 95%"),
        answer=2,
        because="On a flat page, a row that lies between the others seldom scores highest. More columns make room.",
    ),
    knobs=(knobs.stops("digits_columns", "Columns D", 2, WIDTHS, "How many numbers each digit's row has."),),
    controls=_controls,
    sealed="The ten rows appear when you lock in a prediction.",
    experiment=_experiment,
    finding="Columns are room: accuracy rises with them and then stops. Which digit lies beside which changes with the "
    "seed, so do not read likeness into it.",
)
