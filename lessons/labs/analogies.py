"""Analogies: when is dog - puppy + kitten nearest to cat?"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import streamlit as st

from core.analogies import ANIMALS, GROWN, KINDS, YOUNG, answers, chance, grammar, questions, share_right
from core.optimizers import adam
from core.records import FloatArray
from core.rings import plane
from lessons.labs.frame import SEEDS, Lab
from lessons.labs.panels import Panel, panels
from lessons.labs.runs import run, several, trained
from lessons.ui import knobs
from lessons.ui.chart import Arrows, Points, chart
from lessons.ui.knobs import Knobs
from lessons.ui.predict import Prediction
from lessons.ui.prose import figures

STEPS, RATE, SCALE = 800, 0.05, 0.1
KIND_WORDS = 1
GOOD = 0.9
GROUPS = ("grown",) * KINDS + ("young",) * KINDS
PAIRS = [(KINDS + kind, kind) for kind in range(KINDS)]  # young -> grown


@dataclass(frozen=True, slots=True)  # not a NamedTuple: (2,) of one experiment would be (2,) of another
class Recipe:
    """What decides the runs."""

    columns: int
    age_words: int


class Settings(NamedTuple):
    """What decides the page."""

    recipe: Recipe
    leave_out: bool
    seed: int


def animals(recipe: Recipe, seed: int) -> FloatArray:
    """The trained rows of the twelve animals (12, D)."""
    return run(recipe, seed, lambda number: _train(recipe, number))


def _train(recipe: Recipe, seed: int) -> FloatArray:
    task = grammar(KIND_WORDS, recipe.age_words)
    training = trained(task, task.head.num_outputs, recipe.columns, adam(RATE), STEPS, seed, SCALE)
    return training.parameters["weight"][: len(ANIMALS)].copy()


def _controls(settings: Knobs) -> Settings:
    recipe = Recipe(settings.draw("analogy_columns"), settings.draw("analogy_words"))
    return Settings(recipe, settings.draw("analogy_leave_out"), settings.draw("seed"))


def _experiment(settings: Settings) -> None:
    rows, leave_out = animals(settings.recipe, settings.seed), settings.leave_out
    share = share_right(rows, leave_out=leave_out)
    asked, answer = questions()[0], answers(rows, leave_out=leave_out)[0]
    first, second, third, _ = (ANIMALS[number] for number in asked)
    st.html(
        figures(
            ("Analogies right", f"{share:.2f}", f"of 60; {chance(leave_out=leave_out):.2f} by chance"),
            (f"{first} − {second} + {third}", ANIMALS[answer], "the animal whose row is nearest"),
            ("The three given words", "left out" if leave_out else "may be the answer", "say which, with every score"),
        )
    )
    _picture(rows)
    results = several(settings.recipe, SEEDS, lambda seed: _train(settings.recipe, seed))
    shares = {seed: share_right(each, leave_out=leave_out) for seed, each in results.items()}
    st.markdown(
        f"**{len(results)} seeds: mean {np.mean(list(shares.values())):.2f}, "
        f"worst {min(shares.values()):.2f}, best {max(shares.values()):.2f}**"
    )
    st.html(panels("The animals, seed by seed", [_panel(seed, results[seed], shares[seed]) for seed in results]))


def _panel(seed: int, rows: FloatArray, share: float) -> Panel:
    kinds = [0] * KINDS + [1] * KINDS
    return Panel(f"Seed {seed}", f"{share:.2f} right", share >= GOOD, plane(rows), PAIRS, kinds=kinds)


def _picture(rows: FloatArray) -> None:
    places = plane(rows)
    shown = places.var(axis=0).sum() / rows.var(axis=0).sum()
    young, grown = np.array(PAIRS).T
    offsets = places[grown] - places[young]
    chart(
        Arrows(places[young], places[grown], [""] * KINDS),
        Points(ANIMALS, GROUPS, places),
        key="labs_analogies", name="An arrow from each young animal to the grown one", height=360, equal=True,
        alt=f"Twelve animals on a plane that shows {shown:.0%} of their spread. Parallel arrows of one length would "
        "mean that analogies work.",
        table={
            "young": YOUNG, "grown": GROWN,
            "across": offsets[:, 0].tolist(), "up": offsets[:, 1].tolist(),
        },
    )  # fmt: skip
    if rows.shape[1] > 2:
        st.caption(f"The plane shows {shown:.0%} of the spread. The score is computed in all {rows.shape[1]} columns.")


LAB = Lab(
    name="Analogies",
    question="Twelve animals, grown and young, each only ever beside words of its kind and of its age. Skip-gram "
    "learns their rows. Is dog − puppy + kitten the row of cat?",
    prediction=Prediction(
        "Six kinds, two ages, three words for each age. How many columns are enough for all 60 analogies to come out "
        "right in every seed?",
        ("Two: one for the age, one for the kind", "Four", "Never, without leaving the given words out"),
        answer=1,
        because="Six kinds crowd into two columns, and the arrows from young to grown come out unequal. Four columns "
        "have room for both, with three words for each age; with fewer words some analogies fail in most seeds.",
    ),
    knobs=(
        knobs.stops("analogy_columns", "Columns D", 2, (2, 3, 4, 8), "How many numbers an animal's row has."),
        knobs.slider("analogy_words", "Words for the age", 3, 1, 3, "How many words stand beside all grown animals."),
        knobs.toggle(
            "analogy_leave_out", "Leave the given words out", False,
            "Dog, puppy and kitten cannot be the answer. Many published scores are counted so.",
        ),
    ),
    controls=_controls,
    sealed="The twelve animals appear when you lock in a prediction.",
    experiment=_experiment,
    finding="Offsets work where the text treats age the same way for every kind, and where there are columns enough. "
    "A score means little without its width, its chance level, and whether the given words could be the answer. "
    "Here a score of 1.00 is built into the texts; real ones are not so tidy.",
)  # fmt: skip
