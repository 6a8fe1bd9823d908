"""Lesson 6, real data: the same table of countries and years under three targets."""

from contextlib import nullcontext
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from core.agreement import along_first_axis, same_group, same_group_by_chance, shared_by_chance
from core.projection import project
from lessons.countries import (
    NEAR,
    SEEDS,
    STEPS,
    TARGETS,
    agreement,
    countries,
    country_rows,
    country_run,
    seeds_from,
    three_nearest,
)
from lessons.ui.numbers import plain
from lessons.ui.prose import figures
from lessons.ui.record import record
from lessons.ui.space import space


class CountrySettings(NamedTuple):
    """What the learner chose for the countries."""

    target: str
    country: str
    seed: int
    more: bool
    step: int | None


def draw_countries(settings: CountrySettings) -> None:
    """The numbers, and the evolving space of 142 countries."""
    st.html(_figures(settings.target, settings.country, settings.seed))
    step = STEPS if settings.step is None else settings.step
    space(
        **_frames(settings.target, settings.seed), key="task_countries", step=step, word=settings.country, explain=False
    )


def draw_targets(settings: CountrySettings) -> None:
    """The same country under every target, and how much of it another seed repeats."""
    st.header("The same country under every target", anchor=False)
    with st.spinner(f"Training {SEEDS} seeds for each target …") if settings.more else nullcontext():
        st.html(_all_targets(settings.target, settings.country, settings.seed, settings.more))
    data = countries()
    st.caption(
        f"{len(data.names)} countries, {len(data.years)} years: the gapminder data inside Plotly. The table has a "
        "row for each country and each year. It is never told the continent, and continents do not form clean groups. "
        "More seeds shows which neighbours come back, and which are luck."
    )


@lru_cache(maxsize=64)
def _figures(target: str, country: str, seed: int) -> str:
    rows, data, history = country_rows(target, seed), countries(), country_run(target, seed)
    chance = same_group_by_chance(data.continents)
    first, *others = three_nearest(country, target, seed)
    return figures(
        (f"Nearest to {country}", first, f"then {' and '.join(others)}"),
        ("First axis and life expectancy", plain(along_first_axis(rows, data.life), 2), "size of their correlation"),
        (
            "Nearest on its continent",
            plain(same_group(rows, data.continents), 2),
            f"of 1; by chance {plain(chance, 2)}",
        ),
        ("Loss", f"{plain(history.losses[0], 2)} → {plain(history.next_loss, 2)}", f"after {STEPS} steps"),
    )


@lru_cache(maxsize=16)
def _frames(target: str, seed: int) -> dict[str, Any]:
    """What the player needs: the rows of the countries; the years' rows stay behind."""
    history, data = country_run(target, seed), countries()
    snapshots = history.snapshots[:, : len(data.names)]
    return {
        "words": data.names,
        "groups": data.continents,
        "snapshots": snapshots,
        "coordinates": project(snapshots, 2).coordinates,
        "steps": history.recorded,
        "losses": [*history.losses, history.next_loss],
        "shown": np.ones(len(snapshots)),
        "kept": np.full(len(snapshots), len(data.names)),
        "axis_titles": ["d0", "d1"],
    }


@lru_cache(maxsize=128)
def _all_targets(target: str, country: str, seed: int, more: bool) -> str:
    head, caption = ["trained on", f"nearest, seed {seed}"], f"Three nearest to {country}"
    if more:
        chance = plain(shared_by_chance(len(countries().names), NEAR), 2)
        head += [f"in {SEEDS} seeds", "shared"]
        caption += (
            f"; in how many of {SEEDS} seeds each is among the three; and the share of all countries' {NEAR} nearest "
            f"that two seeds have in common (by chance {chance})"
        )
    rows = [
        [name, ", ".join(three_nearest(country, name, seed)), *_repeated(name, country, seed, more)] for name in TARGETS
    ]
    return record(caption, head, rows, chosen=list(TARGETS).index(target))


def _repeated(target: str, country: str, seed: int, more: bool) -> list[str]:
    """In how many of five seeds each of the three is among the nearest three, and what all countries' seeds share."""
    if not more:
        return []
    found = [three_nearest(country, target, one) for one in seeds_from(seed)]
    counts = [sum(name in three for three in found) for name in found[0]]
    return [", ".join(map(str, counts)), plain(agreement(target, seed), 2)]
