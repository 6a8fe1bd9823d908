"""Remainders: the same task solved from ten starts, with a ring in some of them, and never one the task asked for."""

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
import streamlit as st

from core.optimizers import adamw
from core.records import FloatArray
from core.remainders import remainders
from core.rings import chance_of_constant_step, constant_step
from core.tasks import Task
from lessons.labs.frame import SEEDS, Lab
from lessons.labs.panels import Panel, panels
from lessons.labs.runs import run, several, trained
from lessons.ui import knobs
from lessons.ui.chart import Lines, Points, chart
from lessons.ui.knobs import Knobs
from lessons.ui.numbers import plain
from lessons.ui.predict import Prediction
from lessons.ui.prose import figures

STEPS, RATE = 1000, 0.01


@dataclass(frozen=True, slots=True)  # not a NamedTuple: (2,) of one experiment would be (2,) of another
class Recipe:
    """What decides the runs."""

    modulus: int
    scale: float
    decay: float


class Settings(NamedTuple):
    """What decides the page."""

    recipe: Recipe
    multiply: bool
    seed: int


class Result(NamedTuple):
    """A trained run."""

    places: FloatArray  # (p, 2), the table itself
    step: int  # 0: no ring in a constant step
    loss: float
    right: float  # share of all sums


@cache
def _task(modulus: int) -> Task:
    return remainders(modulus)


def result(recipe: Recipe, seed: int) -> Result:
    """The run of one seed."""
    return run(recipe, seed, lambda number: _train(recipe, number))


def _train(recipe: Recipe, seed: int) -> Result:
    task, optimizer = _task(recipe.modulus), adamw(RATE, weight_decay=recipe.decay)
    training = trained(task, recipe.modulus, 2, optimizer, STEPS, seed, recipe.scale)
    step = training.run.task.head.step(training.parameters, task.examples)
    right = float(np.mean(step.logits.argmax(axis=1) == task.examples.targets))
    table = training.parameters["weight"]
    return Result(table, constant_step(table), step.loss, right)


def _controls(settings: Knobs) -> Settings:
    recipe = Recipe(settings.draw("modulus"), settings.draw("modulus_start"), settings.draw("modulus_decay"))
    return Settings(recipe, settings.draw("modulus_multiply"), settings.draw("seed"))


def _experiment(settings: Settings) -> None:
    shown, modulus = result(settings.recipe, settings.seed), settings.recipe.modulus
    st.html(
        figures(
            (
                "Sums right",
                f"{shown.right:.0%}",
                f"of all {modulus**2}, which it learned from; {1 / modulus:.0%} by chance",
            ),
            ("Loss", plain(shown.loss, 2), f"{plain(np.log(modulus), 2)} for a guess"),
            ("This table", _said(shown), "going round: the same step from each number to the next"),
        )
    )
    _picture(settings, shown)
    results = several(settings.recipe, SEEDS, lambda seed: _train(settings.recipe, seed))
    rings, chance = sum(each.step > 0 for each in results.values()), chance_of_constant_step(modulus)
    st.markdown(
        f"**A ring in {rings} of {len(results)} seeds.** Of rows dealt at random, 1 table in "
        f"{round(1 / chance):,} has one."
    )
    st.html(panels("The tables, seed by seed", [_panel(seed, each) for seed, each in results.items()]))


def _panel(seed: int, shown: Result) -> Panel:
    modulus = len(shown.places)
    cycle = [(number, (number + 1) % modulus) for number in range(modulus)]
    return Panel(f"Seed {seed}", _said(shown), shown.step > 0, shown.places, cycle, [str(n) for n in range(modulus)])


def _said(shown: Result) -> str:
    return f"ring, step {shown.step}" if shown.step else "no ring"


def _picture(settings: Settings, shown: Result) -> None:
    modulus, numbers = settings.recipe.modulus, np.arange(settings.recipe.modulus)
    factor = shown.step if settings.multiply and shown.step else 1
    labels = numbers * factor % modulus
    order = np.argsort(labels)
    if settings.multiply:
        st.markdown(_explained(modulus, shown))
    chart(
        Lines(shown.places[order], shown.places[np.roll(order, -1)], "from each number to the next"),
        Points([str(label) for label in labels], [""] * modulus, shown.places),
        key="labs_remainders", name=f"The table, {modulus} rows of two numbers", height=340, equal=True,
        x_title="column 0", y_title="column 1",
        alt=f"The {modulus} rows, joined from each number to the next: {_said(shown)}.",
    )  # fmt: skip


def _explained(modulus: int, shown: Result) -> str:
    if not shown.step:
        return "Without a constant step there is no factor that brings these numbers into order."
    return (
        f"Each number is written as {shown.step} times itself, mod {modulus}. Now they follow each other round the "
        f"ring. The task cannot tell: if a + b = c, then {shown.step}a + {shown.step}b = {shown.step}c."
    )


LAB = Lab(
    name="Remainders",
    question="Two numbers below p, each a row of two numbers; the rows are added, and a layer of 64 units has to say "
    "(a + b) mod p. Clock arithmetic: does the table become a clock?",
    prediction=Prediction(
        "p = 5, ten seeds, every sum learned. In how many tables do the five rows stand in a ring?",
        ("In all ten", "In most of them", "In only one or two", "In none"),
        answer=1,
        because="A ring is one way to solve the task, and not the only one. Seeds without a ring add up just as well.",
    ),
    knobs=(
        knobs.stops("modulus", "Remainders mod p", 5, (5, 7, 9, 12), "How many numbers there are."),
        knobs.stops("modulus_start", "Start values, deviation", 1, (0.1, 1), "How far apart the rows start."),
        knobs.stops("modulus_decay", "Weight decay", 0.1, (0, 0.1, 1, 3), "How hard AdamW pulls all weights to 0."),
        knobs.toggle(
            "modulus_multiply", "Multiply by the step", False, "Rename each number by its place round the ring."
        ),
    ),
    controls=_controls,
    sealed="The five rows appear when you lock in a prediction.",
    experiment=_experiment,
    finding="A perfect picture from one seed is an anecdote. The loss does not tell the runs with a ring from those "
    "without, and at these settings larger p hardly ever give one.",
)
