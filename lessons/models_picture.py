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
    second: FloatArray | None  # (C, D): U's columns, or the second table's rows; None if each place has its own
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
    """The rank of the scores (V, C) that the model gives to single words, biases aside; None without one U.

    They are E U, or with a second table E Uᵀ.
    """
    found = matrices(recipe)
    if found.second is None:
        return None
    return int(np.linalg.matrix_rank(found.table.astype(np.float64) @ found.second.T.astype(np.float64)))


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
    rank_found, product = rank(built.recipe), "E Uᵀ" if built.model.loss == "negatives" else "E U"
    scores = f"{len(WORDS)} × {len(ANSWERS[built.model.says])} scores, D = {built.columns}"
    return figures(
        ("Trainable numbers", plain(head + table), f"{table} in the table + {head} in the head"),
        ("Loss", f"{_loss(losses[0])} → {_loss(losses[-1])}", f"a guess: {expected} = {knowing_nothing:.2f}"),
        *_start(built),
        *([(f"Rank of {product}", str(rank_found), scores)] if rank_found is not None else []),
    )


def _loss(value: float) -> str:
    """Two decimals, or the digits of a loss that they would show as 0."""
    return f"{value:.2f}" if value >= 0.01 else plain(value, 2)


def _start(built: Built) -> list[tuple[str, str, str]]:
    """How far the table's start is from the other model's, if it is another."""
    if built.name == built.against:
        return []
    difference = start_difference(built.recipe, built.recipe_of(MODELS[built.against]))
    return [("Start of the table", plain(difference), f"largest difference from {built.against}'s")]


@lru_cache(maxsize=64)
def drawn(recipe: Recipe) -> Drawn:
    """The 16 content words, and what U or the second table has for them or for the labels."""
    found = matrices(recipe)
    kept = [at for at, name in enumerate(found.outputs) if name not in WORDS or at in CONTENT]
    second = np.empty((0, recipe.columns)) if found.second is None else found.second[kept]
    names = [] if found.second is None else [found.outputs[at] for at in kept]
    points = np.concatenate([found.table[CONTENT], second])
    picture = project(points[None], 2)
    places = picture.coordinates[0]
    flat, shares = recipe.columns == 2, 100 * picture.explained
    titles = ("d0", "d1") if flat else (f"PC1 ({shares[0]:.0f}%)", f"PC2 ({shares[1]:.0f}%)")
    return Drawn(places[: len(CONTENT)], places[len(CONTENT) :], names, titles)


def draw_matrices(built: Built) -> None:
    """E, and on demand U or the second table as hollow markers, in one picture."""
    found, groups = drawn(built.recipe), dict(zip(WORDS, GROUPS, strict=True))
    words = [WORDS[row] for row in CONTENT]
    layers = [Points(words, [groups[word] for word in words], found.words)]
    both = built.two_tables and bool(found.names)
    what = "rows of the second table U" if built.model.loss == "negatives" else "columns of U"
    if both:
        layers.append(Points(found.names, [groups.get(name, "") for name in found.names], found.outputs, hollow=what))
    number = f", and {len(found.names)} {what}" if both else ""
    chart(
        *layers,
        key="models_chart", name=f"{built.name} after {built.steps} steps: 16 rows of E{number}",
        alt="The 16 words without fillers, in the colours of their four groups"
        f"{f'{number}, hollow' if both else ''}: D = {built.columns}, "
        f"loss {plain(trained(built.recipe).history.next_loss, 3)}.",
        x_title=found.titles[0], y_title=found.titles[1], height=400 if both else 270, equal=True,
    )  # fmt: skip
    if built.two_tables and not found.names:
        st.caption("Side by side, U has its own columns for each place: they do not fit into one picture with E.")
