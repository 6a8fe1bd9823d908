"""Months on a ring: a cycle needs two numbers, if the task can tell that it is a cycle."""

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
import streamlit as st

from core.months import MONTHS, NOISE, PLACES, readings, temperatures
from core.optimizers import adam
from core.records import FloatArray
from core.rings import expected_neighbours, neighbours_around, plane
from core.tasks import Task
from lessons.labs.frame import SEEDS, Lab
from lessons.labs.panels import Panel, panels
from lessons.labs.runs import run, several, trained
from lessons.ui import knobs
from lessons.ui.chart import Line, Lines, Points, chart
from lessons.ui.knobs import Knobs
from lessons.ui.numbers import plain
from lessons.ui.predict import Prediction
from lessons.ui.prose import figures

STEPS, RATE, SCALE = 800, 0.03, 0.1
QUARTERS = ("Dec to Feb", "Mar to May", "Jun to Aug", "Sep to Nov")
GROUPS = tuple(QUARTERS[(month + 1) // 3 % 4] for month in range(len(MONTHS)))
CYCLE = [(month, (month + 1) % len(MONTHS)) for month in range(len(MONTHS))]


@dataclass(frozen=True, slots=True)  # not a NamedTuple: (2,) of one experiment would be (2,) of another
class Recipe:
    """What decides the runs."""

    columns: int
    lags: bool


class Settings(NamedTuple):
    """What decides the page."""

    recipe: Recipe
    place: str
    seed: int


class Result(NamedTuple):
    """A trained run."""

    places: FloatArray  # (12, 2)
    error: float  # degrees
    fitted: FloatArray  # (12, 8), degrees
    beside: int  # calendar neighbours side by side, of 12


@cache
def _degrees(lags: bool) -> FloatArray:
    return readings(np.random.default_rng(0), lags=lags)


@cache
def _task(lags: bool) -> Task:
    return temperatures(_degrees(lags))


def result(recipe: Recipe, seed: int) -> Result:
    """The run of one seed."""
    return run(recipe, seed, lambda number: _train(recipe, number))


def _train(recipe: Recipe, seed: int) -> Result:
    training = trained(_task(recipe.lags), len(MONTHS), recipe.columns, adam(RATE), STEPS, seed, SCALE)
    own, degrees = training.parameters, _degrees(recipe.lags)
    scores = own["weight"] @ own["kernel"] + own["bias"]
    places = plane(own["weight"])
    error = float(np.sqrt(training.history.next_loss) * degrees.std())
    return Result(places, error, scores * degrees.std() + degrees.mean(), neighbours_around(places))


def _controls(settings: Knobs) -> Settings:
    columns = settings.draw("months_columns")
    lags = settings.draw("months_lags")
    place = settings.draw("months_place")
    return Settings(Recipe(columns, lags), place, settings.draw("seed"))


def _experiment(settings: Settings) -> None:
    shown = result(settings.recipe, settings.seed)
    by_chance = plain(expected_neighbours(len(MONTHS)), 2)
    st.html(
        figures(
            ("Calendar neighbours side by side", f"{shown.beside} of 12", f"{by_chance} of 12 by chance"),
            ("Error", f"{plain(shown.error, 2)} °C", f"the readings themselves scatter by {NOISE:g} °C"),
        )
    )
    left, right = st.columns(2)
    with left:
        _ring(shown)
    with right:
        _curve(settings, shown)
    results = several(settings.recipe, SEEDS, lambda seed: _train(settings.recipe, seed))
    complete = sum(each.beside == len(MONTHS) for each in results.values())
    st.markdown(f"**In calendar order all the way round: {complete} of {len(results)} seeds**")
    st.html(panels("The months, seed by seed", [_panel(seed, each) for seed, each in results.items()]))


def _panel(seed: int, shown: Result) -> Panel:
    return Panel(f"Seed {seed}", f"{shown.beside} of 12", shown.beside == len(MONTHS), shown.places, CYCLE)


def _ring(shown: Result) -> None:
    starts, ends = np.array(CYCLE).T
    chart(
        Lines(shown.places[starts], shown.places[ends], "one month to the next"),
        Points(MONTHS, GROUPS, shown.places),
        key="labs_months_ring", name="The twelve rows", height=320, equal=True,
        alt=f"The rows of the twelve months. Going round, {shown.beside} of 12 steps lead to a calendar neighbour.",
    )  # fmt: skip


def _curve(settings: Settings, shown: Result) -> None:
    place = list(PLACES).index(settings.place)
    read = _degrees(settings.recipe.lags).reshape(-1, len(MONTHS), len(PLACES)).mean(axis=0)
    months = np.arange(1, len(MONTHS) + 1)
    off = float(np.abs(read - shown.fitted)[:, place].max())
    chart(
        Line("measured", months, read[:, place], dash="6 4"),
        Line("month row · place row", months, shown.fitted[:, place]),
        key="labs_months_curve", name=f"{settings.place}: the year", height=320, steps=True,
        x_title="month", y_title="°C, mean of ten years",
        alt=f"Measured and computed temperatures of {settings.place}: at most {plain(off, 2)} degrees apart.",
    )  # fmt: skip


LAB = Lab(
    name="Months",
    question="Eight made-up places, ten years of temperatures. The model says: month row · place row, plus a "
    "number for the place. What do the rows of the months look like?",
    prediction=Prediction(
        "Some places have their summer later than others. How many columns must a month's row have?",
        ("One: from cold to warm", "Two", "Four: one a season", "Twelve: one a month"),
        answer=1,
        because="A year is a circle, and a point on a circle needs two numbers: with one, spring and autumn would "
        "have to be the same.",
    ),
    knobs=(
        knobs.stops("months_columns", "Columns D", 2, (1, 2, 4), "How many numbers a month's row has."),
        knobs.toggle("months_lags", "Some places lag", True, "Off: all places turn with the sun, in the same month."),
        knobs.chooser("months_place", "Place", tuple(PLACES), "Whose year is drawn."),
    ),
    controls=_controls,
    sealed="The twelve rows appear when you lock in a prediction.",
    experiment=_experiment,
    finding="Where places lag behind each other, a month needs two numbers, and its rows stand in a ring. Where all "
    "turn together one number does, and with two there is no ring to be found: the task decides.",
)
