"""Lesson 7: what a model of bricks has learned: its numbers, and its two matrices in one picture."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import streamlit as st

from core.projection import project
from core.records import FloatArray
from core.table import largest_difference, lookup, matmul_lookup
from lessons.models_bricks import MODELS, first_loss, head_numbers
from lessons.reviews import ANSWERS, CONTENT, GROUPS, WORDS, Model, Recipe, trained
from lessons.ui.chart import Points, chart
from lessons.ui.numbers import plain
from lessons.ui.prose import figures


class Built(NamedTuple):
    """The model that the learner chose, and with which it is compared."""

    name: str
    model: Model
    against: str
    columns: int
    steps: int
    seed: int
    two_tables: bool

    @property
    def recipe(self) -> Recipe:
        """Its run."""
        return self.recipe_of(self.model)

    def recipe_of(self, model: Model) -> Recipe:
        """The run of another model with the same settings."""
        return Recipe(model, self.columns, self.steps, seed=self.seed)


class Matrices(NamedTuple):
    """The two matrices of a trained model."""

    table: FloatArray  # E (V, D)
    columns: FloatArray | None  # U's columns as rows (C, D); None if each place of the input has its own
    outputs: tuple[str, ...]  # what they stand for (C,)


class Drawn(NamedTuple):
    """Both matrices on the page."""

    words: FloatArray  # (16, 2)
    outputs: FloatArray  # (C, 2)
    names: list[str]
    titles: tuple[str, str]


@lru_cache(maxsize=64)
def matrices(recipe: Recipe) -> Matrices:
    """Of the model after training."""
    assert isinstance(recipe.head, Model)
    parameters, outputs = trained(recipe).parameters, ANSWERS[recipe.head.says]
    if "context_weight" in parameters:
        return Matrices(parameters["weight"], parameters["context_weight"], outputs)
    alone = len(parameters["kernel"]) == recipe.columns
    return Matrices(parameters["weight"], parameters["kernel"].T if alone else None, outputs)


def rank(recipe: Recipe) -> int | None:
    """The rank of E U, the scores (V, C) that the model gives to single words, biases aside; None without one U."""
    found = matrices(recipe)
    if found.columns is None:
        return None
    return int(np.linalg.matrix_rank(found.table.astype(np.float64) @ found.columns.T.astype(np.float64)))


def start_difference(recipe: Recipe, other: Recipe) -> float:
    """Largest difference between the tables with which two runs begin."""
    return largest_difference(trained(recipe).history.snapshots[0], trained(other).history.snapshots[0])


def one_hot_difference(recipe: Recipe) -> float:
    """Largest difference between reading all rows and multiplying one-hot rows by the trained table."""
    table, ids = matrices(recipe).table, np.arange(len(WORDS))
    return largest_difference(lookup(table, ids), matmul_lookup(table, ids))


@lru_cache(maxsize=64)
def summary(built: Built) -> str:
    """HTML of its numbers."""
    head, table = head_numbers(built.model, built.columns), len(WORDS) * built.columns
    history, (expected, knowing_nothing) = trained(built.recipe).history, first_loss(built.model)
    losses = [*history.losses, history.next_loss]
    difference = start_difference(built.recipe, built.recipe_of(MODELS[built.against]))
    rank_found = rank(built.recipe)
    scores = f"{len(WORDS)} × {len(ANSWERS[built.model.says])} scores, D = {built.columns}"
    return figures(
        ("Trainable numbers", plain(head + table), f"{table} in the table + {head} in the head"),
        ("Loss", f"{losses[0]:.2f} → {losses[-1]:.2f}", f"a guess: {expected} = {knowing_nothing:.2f}"),
        ("Start of the table", plain(difference), f"largest difference from {built.against}'s"),
        *([("Rank of E U", str(rank_found), scores)] if rank_found is not None else []),
    )


@lru_cache(maxsize=64)
def drawn(recipe: Recipe) -> Drawn:
    """The 16 content words, and the columns of U for them or for the labels."""
    found = matrices(recipe)
    kept = [at for at, name in enumerate(found.outputs) if name not in WORDS or at in CONTENT]
    columns = np.empty((0, recipe.columns)) if found.columns is None else found.columns[kept]
    names = [] if found.columns is None else [found.outputs[at] for at in kept]
    points = np.concatenate([found.table[CONTENT], columns])
    picture = project(points[None], 2)
    places = picture.coordinates[0]
    flat, shares = recipe.columns == 2, 100 * picture.explained
    titles = ("d0", "d1") if flat else (f"PC1 ({shares[0]:.0f} %)", f"PC2 ({shares[1]:.0f} %)")
    return Drawn(places[: len(CONTENT)], places[len(CONTENT) :], names, titles)


def draw_matrices(built: Built) -> None:
    """E, and on demand U's columns, in one picture."""
    found = drawn(built.recipe)
    layers = [Points([WORDS[row] for row in CONTENT], [GROUPS[row] for row in CONTENT], found.words)]
    both = built.two_tables and bool(found.names)
    if both:
        layers.append(Points(found.names, ["column of U"] * len(found.names), found.outputs))
    second = f", and {len(found.names)} columns of U" if both else ""
    chart(
        *layers,
        key="models_chart", name=f"{built.name} after {built.steps} steps: 16 rows of E{second}",
        alt=f"The 16 words without fillers, in the colours of their four groups{second}: D = {built.columns}, "
        f"loss {plain(trained(built.recipe).history.next_loss, 3)}.",
        x_title=found.titles[0], y_title=found.titles[1], height=240, equal=True,
    )  # fmt: skip
    if built.two_tables and not found.names:
        st.caption("Side by side, U has its own columns for each place: they do not fit into one picture with E.")
