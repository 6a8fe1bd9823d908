"""A family tree: two families that nobody mentioned, found in the rows of their members."""

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
import streamlit as st

from core.family import (
    FAMILIES,
    GENERATIONS,
    PEOPLE,
    RELATIONS,
    chance_correlation,
    correlations,
    facts,
    family_tree,
    share_right,
)
from core.optimizers import adam
from core.records import FloatArray
from core.rings import plane
from core.tasks import Task
from lessons.labs.frame import SEEDS, Lab
from lessons.labs.panels import GREY, SHAPES, Panel, panels
from lessons.labs.runs import run, several, trained
from lessons.ui import knobs
from lessons.ui.chart import Points, chart
from lessons.ui.knobs import Knobs
from lessons.ui.predict import Prediction
from lessons.ui.prose import figures

STEPS, RATE, SCALE = 1500, 0.01, 0.1
CLEAR = 0.5  # a correlation from which an axis counts as readable
NOTHING = "Nothing"
ORDINALS = {1: "grandparents", 2: "parents", 3: "children"}
COLOURS = {
    NOTHING: ("",) * len(PEOPLE),
    "Family": FAMILIES,
    "Generation": tuple(ORDINALS[number] for number in GENERATIONS),
}
NORTH = tuple(float(family == FAMILIES[0]) for family in FAMILIES)


@dataclass(frozen=True, slots=True)  # not a NamedTuple: (2,) of one experiment would be (2,) of another
class Recipe:
    """What decides the runs."""

    columns: int


class Settings(NamedTuple):
    """What decides the page."""

    recipe: Recipe
    colours: str
    seed: int


class Result(NamedTuple):
    """A trained run: the larger of the correlations with the first two axes, and what random deals give."""

    people: FloatArray  # (24, D)
    right: float  # share of the facts
    family: float
    generation: float
    family_by_chance: float
    generation_by_chance: float


@cache
def _task() -> Task:
    return family_tree()


def result(recipe: Recipe, seed: int) -> Result:
    """The run of one seed."""
    return run(recipe, seed, lambda number: _train(recipe, number))


def _train(recipe: Recipe, seed: int) -> Result:
    task, rows = _task(), len(PEOPLE) + len(RELATIONS)
    own = trained(task, rows, recipe.columns, adam(RATE), STEPS, seed, SCALE).parameters
    people = own["weight"][: len(PEOPLE)].copy()
    return Result(
        people,
        share_right(task.head.step(own, task.examples).logits),
        float(correlations(people, NORTH).max()),
        float(correlations(people, GENERATIONS).max()),
        chance_correlation(people, NORTH, np.random.default_rng(0)),
        chance_correlation(people, GENERATIONS, np.random.default_rng(0)),
    )


def _controls(settings: Knobs) -> Settings:
    recipe = Recipe(settings.draw("family_columns"))
    return Settings(recipe, settings.draw("family_colours"), settings.draw("seed"))


def _experiment(settings: Settings) -> None:
    shown = result(settings.recipe, settings.seed)
    st.html(
        figures(
            ("An axis follows the family", f"{shown.family:.2f}", _remark(shown.family_by_chance)),
            ("An axis follows the generation", f"{shown.generation:.2f}", _remark(shown.generation_by_chance)),
            ("Facts right", f"{shown.right:.0%}", f"of the {len(facts())} it learned from"),
        )
    )
    _picture(settings, shown)
    results = several(settings.recipe, SEEDS, lambda seed: _train(settings.recipe, seed))
    family, generation = (
        sum(getattr(each, of) >= CLEAR for each in results.values()) for of in ("family", "generation")
    )
    st.markdown(
        f"**An axis follows the family in {family} of {len(results)} seeds, the generation in {generation}** "
        f"(correlation of {CLEAR:g} or more with one of the first two principal axes). {_legend(settings.colours)}"
    )
    st.html(panels("The people, seed by seed", [_panel(*each, settings.colours) for each in results.items()]))


def _remark(by_chance: float) -> str:
    return f"correlation, 0 to 1; {by_chance:.2f} by chance"


def _groups(colours: str) -> list[str]:
    """The groups that are told apart, in the order of the chart's legend."""
    return list(dict.fromkeys(filter(None, COLOURS[colours])))


def _legend(colours: str) -> str:
    return " ".join(f"{shape}: {group}." for shape, group in zip(SHAPES, _groups(colours), strict=False))


def _panel(seed: int, shown: Result, colours: str) -> Panel:
    groups = _groups(colours)
    kinds = [groups.index(group) if group else GREY for group in COLOURS[colours]]
    said = f"family {shown.family:.2f}, generation {shown.generation:.2f}"
    clear = {"Family": shown.family, "Generation": shown.generation}.get(colours, 0) >= CLEAR
    return Panel(f"Seed {seed}", said, clear, plane(shown.people), kinds=kinds)


def _picture(settings: Settings, shown: Result) -> None:
    places = plane(shown.people)
    part = places.var(axis=0).sum() / shown.people.var(axis=0).sum()
    chart(
        Points(PEOPLE, COLOURS[settings.colours], places, coloured=settings.colours != NOTHING),
        key="labs_family", name=f"The 24 people, {part:.0%} of their spread on the page", height=380, equal=True,
        x_title="first principal axis" if settings.recipe.columns > 2 else "column 0",
        y_title="second principal axis" if settings.recipe.columns > 2 else "column 1",
        alt=f"The rows of 24 people. The better of two axes follows the family with {shown.family:.2f}, the generation "
        f"with {shown.generation:.2f}.",
    )  # fmt: skip


LAB = Lab(
    name="Family",
    question="Who is Leif's aunt? From 104 facts of the kind person + relation → person, a small network learns a row "
    "for each of 24 people. It hears names and relations, nothing else. What do the rows know?",
    prediction=Prediction(
        "What do the people's rows differ in most, along one of the two main directions?",
        ("Man or woman", "Which of the two families", "Which of three generations", "Nothing that has a name"),
        answer=1,
        because="Every answer stays within the family of the question, so the family alone rules out half the people.",
    ),
    knobs=(
        knobs.stops("family_columns", "Columns D", 6, (2, 4, 6, 8), "How many numbers a person's row has."),
        knobs.segments("family_colours", "Colour by", tuple(COLOURS), "Look at the grey points first."),
    ),
    controls=_controls,
    sealed="The 24 rows appear when you lock in a prediction.",
    experiment=_experiment,
    finding="The two families were never mentioned, and at six columns one direction follows them in every seed. "
    "Generations are in the facts too, but only about half of the seeds give them an axis: look at several.",
)
