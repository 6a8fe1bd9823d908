"""Lesson 6, real data: the same table of countries and years under three targets."""

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from core.agreement import along_first_axis, same_group, same_group_by_chance, shared_by_chance
from core.projection import project
from core.records import FloatArray
from lessons.countries import (
    COLUMNS,
    NEAR,
    RATE,
    SCALE,
    STEPS,
    TARGETS,
    UNITS,
    agreement,
    countries,
    country_rows,
    country_run,
    three_nearest,
)
from lessons.task_seeds import SEEDS, by_seed
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


def draw_countries(settings: CountrySettings, step: int, play_token: int) -> None:
    """The evolving space of 142 countries, and the numbers of its end."""
    drawn = _frames(settings.target, settings.seed)
    space(**drawn, key="task_countries", step=step, play_token=play_token, word=settings.country, explain=False)
    st.html(_figures(settings.target, settings.country, settings.seed))


def draw_targets(settings: CountrySettings) -> None:
    """The same country under every target, and how much of it other seeds repeat."""
    tables = by_seed("countries of lesson 6", settings.seed, settings.more, _under_every_target)
    st.html(_all_targets(settings, tables))
    data = countries()
    chance = plain(shared_by_chance(len(data.names), NEAR), 2)
    st.caption(
        f"In brackets: in how many seeds it is among the three. Shared: of the {NEAR} nearest, the part that two seeds "
        f"have in common, as a mean over all countries (by chance {chance})."
        if len(tables) > 1
        else f"Other start values give other neighbours: More seeds counts how many of these come back in {SEEDS}."
    )
    st.caption(
        f"One data set: {len(data.names)} countries in {len(data.years)} years, the gapminder data inside Plotly. One "
        f"setting: D = {COLUMNS}, start values of spread {SCALE:g}, a layer of {UNITS} behind the table, {STEPS} steps "
        f"of Adam at {RATE:g}. The table is never told the continent."
    )


def neighbours_found(settings: CountrySettings) -> str:
    """How much the neighbours change with the target, and how much with the seed alone."""
    found = [three_nearest(settings.country, country_rows(target, settings.seed)) for target in TARGETS]
    different, rows = len({name for three in found for name in three}), len(countries().names)
    of_targets, of_seeds = shared(settings.target, settings.seed)
    return (
        f"With the three targets {settings.country} gets {different} different neighbours in 9 places. Of the {NEAR} "
        f"nearest to each of the {rows} countries, two targets share {of_targets:.2f} on average, and two seeds of "
        f"{settings.target} {of_seeds:.2f} (by chance {NEAR * shared_by_chance(rows, NEAR):.2f}): the rows hold what "
        "the task needs."
    )


@lru_cache(maxsize=64)
def shared(target: str, seed: int) -> tuple[float, float]:
    """How many of the nearest two targets share, and two seeds of one target: means over all countries."""
    targets = [country_rows(name, seed) for name in TARGETS]
    seeds = [country_rows(target, number) for number in (seed, seed + 1)]
    return NEAR * agreement(targets), NEAR * agreement(seeds)


@lru_cache(maxsize=64)
def _figures(target: str, country: str, seed: int) -> str:
    rows, data, history = country_rows(target, seed), countries(), country_run(target, seed)
    first, *others = three_nearest(country, rows)
    along, same = along_first_axis(rows, data.life), same_group(rows, data.continents)
    return figures(
        (f"Nearest to {country}", first, f"then {' and '.join(others)}"),
        ("Nearest on its continent", plain(same, 2), f"of all countries; {_chance()} by chance"),
        ("Long axis and life expectancy", plain(along, 2), "correlation, 1 at most"),
        ("Loss", f"{plain(history.losses[0])} → {plain(history.next_loss)}", f"squared error, {STEPS} steps"),
    )


def _chance() -> str:
    return plain(same_group_by_chance(countries().continents), 2)


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


def _under_every_target(seed: int) -> dict[str, FloatArray]:
    return {target: country_rows(target, seed) for target in TARGETS}


def _all_targets(settings: CountrySettings, tables: dict[int, dict[str, FloatArray]]) -> str:
    """HTML: the three nearest under every target; with several seeds, how often each comes back."""
    more = len(tables) > 1
    rows = [[target, *_neighbours(settings, [table[target] for table in tables.values()])] for target in TARGETS]
    counted = f" (in how many of {len(tables)} seeds)" if more else ""
    head = ["trained on", f"nearest with seed {settings.seed}{counted}", *(["shared"] if more else [])]
    return record(f"Three nearest to {settings.country}", head, rows, chosen=list(TARGETS).index(settings.target))


def _neighbours(settings: CountrySettings, tables: list[FloatArray]) -> list[str]:
    """The three nearest in the first table, with their counts and what the tables share if there are several."""
    found = [three_nearest(settings.country, rows) for rows in tables]
    if len(tables) == 1:
        return [", ".join(found[0])]
    counts = [f"{name} ({sum(name in three for three in found)})" for name in found[0]]
    return [", ".join(counts), plain(agreement(tables), 2)]
