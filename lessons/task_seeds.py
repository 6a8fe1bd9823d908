"""Lesson 6: the same comparison from other start values, with progress and a stop button if it takes long."""

from collections.abc import Callable, Hashable
from typing import TypeVar

import streamlit as st

from lessons.labs.runs import run, several

SEEDS = 5

Result = TypeVar("Result")


def seeds_from(seed: int) -> range:
    """The seed and the four after it."""
    return range(seed, seed + SEEDS)


def by_seed(recipe: Hashable, seed: int, more: bool, train: Callable[[int], Result]) -> dict[int, Result]:
    """`train` of the seed, and of the four after it if more are wanted; fewer if the learner pressed Stop."""
    first = run(recipe, seed, train)
    with st.container():  # always there, so that what stands below keeps its place
        return several(recipe, seeds_from(seed), train) if more else {seed: first}
