"""Lesson 9's figures: a table turned and stretched, two seeds side by side, cosines of random vectors."""

from functools import lru_cache
from html import escape
from itertools import combinations
from typing import NamedTuple

import numpy as np
import streamlit as st

from core.records import FloatArray
from lessons.near_models import NAMES, Change, D, by_chance, compared, histogram, learnt_cosines, outcome
from lessons.reviews import CONTENT, GROUPS
from lessons.ui import lesson
from lessons.ui.chart import Arrows, Line, Lines, Points, chart, chart_data, draw_chart
from lessons.ui.numbers import plain, signed

TURN, SEEDS, CHANCE = "Turn", "Two seeds", "Chance"
ASKS = {
    TURN: "**What may change although no prediction does?** Arrows lead from the trained places to the new ones.",
    SEEDS: "**What do two runs of the same model share?** Each point is one number of seed 0 and of the second seed.",
    CHANCE: "**How large is a cosine that means nothing?** Directions are drawn at random, without any training.",
}
FLATTEST = 2.5  # a plane wider than that is drawn with axes of two scales: else it is a thin strip on a phone
KINDS = [GROUPS[row] for row in CONTENT]
MEASURED = {"cosine": "cosine", "Euclid": "distance", "dot": "dot product"}


class Settings(NamedTuple):
    """What decides the figure."""

    view: str
    change: Change
    metric: str
    words: tuple[str, str]
    other: int  # the second seed
    dimensions: int  # of the random vectors


def experiment(settings: Settings) -> None:
    """The view that was chosen."""
    st.markdown(ASKS[settings.view])
    {TURN: _turned, SEEDS: _two_seeds, CHANCE: _random}[settings.view](settings)


def cases(settings: Settings) -> dict[str, Change]:
    """The three tables that are compared, by what was done to them."""
    degrees, factor = settings.change
    return {
        "as trained": Change(),
        f"turned by {degrees:g}°": Change(degrees),
        f"then d0 × {factor:g}": settings.change,
    }


def _turned(settings: Settings) -> None:
    draw_chart("near_turned", _turned_chart(settings.change))
    st.html(_table(settings))


@lru_cache(maxsize=64)
def _turned_chart(change: Change) -> bytes:
    before, after = outcome(Change()).points[:, :2], outcome(change).points[:, :2]
    degrees, factor = change
    return chart_data(
        Points([""] * len(NAMES), [""] * len(NAMES), before, coloured=False, sizes=[5] * len(NAMES)),
        Arrows(before, after, [""] * len(NAMES)),
        Points(NAMES, KINDS, after),
        name=f"Columns d0 and d1: turned by {degrees:g}°, then d0 stretched × {factor:g}",
        alt=f"16 words in the plane of two of the {D} columns. Arrows lead from where they were trained to where "
        f"a turn by {degrees:g} degrees and a stretch of column 0 by {factor:g} put them.",
        x_title="d0",
        y_title="d1",
        height=340,
        equal=max(1, factor) <= FLATTEST,
        limits=_limits(factor),
        table={"word": NAMES, **_columns("d0, before", "d1, before", before),
               **_columns("d0", "d1", after)},
    )  # fmt: skip


def _limits(factor: float) -> tuple[tuple[float, float], tuple[float, float]]:
    """Limits that hold the words however far they are turned, so that the axes stand still meanwhile."""
    furthest = 1.1 * float(np.linalg.norm(outcome(Change()).points[:, :2], axis=1).max())
    across = furthest * max(1, factor)
    up = max(furthest, across / FLATTEST)
    return (-across, across), (-up, up)


@lru_cache(maxsize=64)
def _table(settings: Settings) -> str:
    """HTML of what stays and what changes, a column for each case."""
    found = [outcome(change) for change in cases(settings).values()]
    (one, other), metric = settings.words, settings.metric
    trained = found[0].nearest[metric]
    rows = {
        "loss": [f"{case.loss:.6f}" for case in found],
        "predictions move by, at most (rounding)": [plain(case.moved, 1) for case in found],
        f"{MEASURED[metric]} of {one} and {other}": [signed(case.between(metric, one, other), 2) for case in found],
        f"nearest to {one}": [NAMES[case.nearest[metric][NAMES.index(one)]] for case in found],
        "nearest words changed": [
            f"{np.count_nonzero(case.nearest[metric] != trained)} of {len(NAMES)}" for case in found
        ],
    }
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in cases(settings))
    body = "".join(
        f'<tr><th scope="row">{escape(name)}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in cells)}</tr>'
        for name, cells in rows.items()
    )
    label = "What a turn and a stretch leave and change"
    return (
        f'<div class="cases" tabindex="0" role="group" aria-label="{label}"><table><thead><tr><td></td>{head}</tr>'
        f"</thead><tbody>{body}</tbody></table></div>"
    )


def _two_seeds(settings: Settings) -> None:
    seeds = compared(settings.other)
    names = f"seed 0, seed {settings.other}"
    left, right = st.columns(2)
    with left:
        _scatter(
            "coordinates", seeds.coordinates, [f"{word} d{column}" for word in NAMES for column in range(D)], settings,
            f"{len(NAMES) * D} coordinates in two runs: correlation {signed(seeds.of_coordinates, 2)}.",
        )  # fmt: skip
    with right:
        _scatter(
            "distances", seeds.distances, [f"{one}, {other}" for one, other in combinations(NAMES, 2)], settings,
            f"{len(seeds.distances[0])} distances in two runs: correlation {signed(seeds.of_distances, 2)}.",
        )  # fmt: skip
    st.html(
        lesson.figures(
            ("Coordinates agree", signed(seeds.of_coordinates, 2), f"correlation, {names}; by chance about 0"),
            ("Distances agree", signed(seeds.of_distances, 2), "correlation of all 120 distances"),
            ("Same nearest word", f"{seeds.shared} of {len(NAMES)}", "by chance about 1"),
        )
    )
    st.caption(
        "Why distances agree: one recipe, the same kind of small random start, so both runs end alike. The loss alone "
        "does not ask for it: a stretched table, with other distances, has the same loss."
    )


def _scatter(name: str, runs: tuple[FloatArray, FloatArray], names: list[str], settings: Settings, alt: str) -> None:
    """Each number of seed 0 against the same number of the other seed."""
    pairs = np.stack([run.ravel() for run in runs], axis=1)
    chart(
        Points([""] * len(pairs), [""] * len(pairs), pairs, coloured=False, sizes=[6] * len(pairs)),
        key=f"near_{name}",
        name=f"{name.capitalize()} in two runs",
        alt=alt,
        x_title="seed 0",
        y_title=f"seed {settings.other}",
        height=330,
        equal=True,
        table={name: names, **_columns("seed 0", f"seed {settings.other}", pairs)},
    )


def _random(settings: Settings) -> None:
    drawn, band = by_chance(settings.dimensions), settings.dimensions**-0.5
    middles, shares = histogram(settings.dimensions)
    top = float(shares.max())
    feet = np.array([[-band, 0], [band, 0]])
    edges = Lines(feet, np.add(feet, (0, top)), f"the band: ±1/√D = ±{plain(band, 3)}")
    inside = float((np.abs(drawn) < band).mean())
    chart(
        Line("random vectors", middles, shares),
        edges,
        key="near_chance",
        name=f"Cosines of {len(drawn):,} pairs of random vectors, D = {settings.dimensions}",
        alt=f"A heap around 0. {inside:.0%} of the pairs lie between {signed(-band, 3)} and {signed(band, 3)}.",
        x_title="cosine",
        y_title="share of pairs",
        height=330,
        limits=((-1, 1), (0, 1.1 * top)),
    )
    st.html(_chance_figures(settings, inside))


def _chance_figures(settings: Settings, inside: float) -> str:
    band, learnt = settings.dimensions**-0.5, learnt_cosines()
    one, other = settings.words
    outside, drawn = (np.abs(cosines) > 2 * D**-0.5 for cosines in (learnt, by_chance(D)))
    return lesson.figures(
        ("Band", f"±{plain(band, 3)}", f"1/√D at D = {settings.dimensions}: the spread of random cosines"),
        ("Inside the band", f"{inside:.0%}", "of the random pairs"),
        (
            f"{one}, {other}",
            signed(outcome(Change()).between("cosine", one, other), 2),
            f"trained at D = {D}, where the band is ±{plain(D**-0.5, 3)}",
        ),
        (
            "Beyond twice the band",
            f"{np.count_nonzero(outside)} of {len(learnt)}",
            f"pairs of trained words at D = {D}; by chance {drawn.mean() * len(learnt):.0f}",
        ),
    )


def _columns(first: str, second: str, pairs: FloatArray) -> dict[str, list[float]]:
    """Two columns of a table: pairs (n, 2)."""
    return {first: pairs[:, 0].tolist(), second: pairs[:, 1].tolist()}
