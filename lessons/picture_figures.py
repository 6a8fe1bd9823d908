"""Lesson 8's figures: the untrained table beside the trained one, and the run from one to the other."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import streamlit as st

from core.projection import flips
from lessons.picture_axes import (
    COLUMNS,
    LAST,
    OWN,
    PAIRS,
    TRAINED,
    UNTRAINED,
    Pictures,
    What,
    pictures,
    titles,
    true_nearest,
    trust,
)
from lessons.reviews import GROUPS, WORDS
from lessons.ui import lesson
from lessons.ui.chart import Arrows, Points, chart_data, draw_chart
from lessons.ui.numbers import plain, signed
from lessons.ui.space import space

BOTH, RUN = "Before and after", "The whole run"
NOTES = {
    OWN: "Each frame has its own PCA",
    LAST: "PCA of the last frame, held for the whole run",
    COLUMNS: "Two columns of the table, as they are",
    PAIRS: "The axes follow the word pairs in each frame",
}
READ_SO = (
    '<p class="aside">Groups: good food, bad food, good film, bad film. Silhouette: +1 if each word is far nearer to '
    "its own group than to any other, about 0 if the groups mix. Neighbours kept: words whose nearest word on the page "
    "is the nearest in all columns too.</p>"
)
NAMES = {UNTRAINED: "untrained", TRAINED: "trained"}


class Settings(NamedTuple):
    """What decides the figure."""

    what: What
    view: str
    coloured: bool
    links: bool
    step: int  # where the player stands at first
    word: str


def experiment(settings: Settings) -> None:
    """Both tables side by side, or the run between them."""
    if settings.view == RUN:
        _run(settings)
    else:
        st.markdown(
            "Arrows lead from each word to its nearest in all columns. Where one passes by nearer words, the page "
            "misleads."
            if settings.links
            else "Which of the two looks more orderly? Then read the numbers: what does each picture leave out?"
        )
        for frame, column in zip(NAMES, st.columns(2), strict=True):
            with column:
                draw_chart(f"picture_{NAMES[frame]}", _panel(settings, frame))
        st.html(_numbers(settings.what) + READ_SO)


@lru_cache(maxsize=64)
def _panel(settings: Settings, frame: int) -> bytes:
    what, found = settings.what, trust(settings.what, frame)
    places, step = pictures(what).picture.coordinates[frame], pictures(what).steps[frame]
    points = Points(_words(what), _groups(what), places, coloured=settings.coloured)
    nearest = true_nearest(what, frame)
    arrows = Arrows(places, places[nearest], [""] * len(nearest))
    across, up = titles(what)
    return chart_data(
        *([arrows] if settings.links else []),
        points,
        name=f"{NAMES[frame].capitalize()}: CBOW, {step} steps",
        alt=f"After {step} steps: {len(what.rows)} words on two axes that hold {found.shown:.0%} of the spread. "
        f"{found.kept} of {len(what.rows)} words keep their true nearest neighbour.",
        x_title=across,
        y_title=up,
        height=330,
        equal=True,
        table={**points.columns(across, up), "true nearest": [points.words[place] for place in nearest]},
    )


def _numbers(what: What) -> str:
    first, last, rows = trust(what, UNTRAINED), trust(what, TRAINED), len(what.rows)
    return lesson.figures(
        ("Spread on the page", f"{first.shown:.0%} → {last.shown:.0%}", f"untrained → trained, of {what.dimensions}-D"),
        ("Neighbours kept", f"{first.kept} → {last.kept}", f"of {rows} words; by chance about 1"),
        (
            f"Groups in {what.dimensions}-D",
            f"{signed(first.full.score, 2)} → {signed(last.full.score, 2)}",
            f"silhouette; groups dealt at random: {signed(last.full.chance, 2)}",
        ),
        (
            "Groups on the page",
            f"{signed(first.page.score, 2)} → {signed(last.page.score, 2)}",
            f"silhouette; groups dealt at random: {signed(last.page.chance, 2)}",
        ),
        *_ranked(what),
    )


def _ranked(what: What) -> list[tuple[str, str, str]]:
    if what.axes != PAIRS:
        return []
    first, last = trust(what, UNTRAINED).ranked, trust(what, TRAINED).ranked
    return [("Good right of bad", f"{first:.2f} → {last:.2f}", "share of pairs of the 12 other words; by chance 0.5")]


def _run(settings: Settings) -> None:
    what, found = settings.what, pictures(settings.what)
    history = found.history
    st.markdown("Play it: do the points move by themselves, or does the whole picture turn over?")
    space(
        words=_words(what),
        groups=_groups(what),
        snapshots=found.snapshots,
        coordinates=found.picture.coordinates,
        steps=found.steps,
        losses=np.append(history.losses, history.next_loss),
        shown=found.picture.shown,
        kept=found.kept,
        axis_titles=titles(what),
        key="picture_space",
        step=settings.step,
        word=settings.word,
        explain=False,
        coloured=settings.coloured,
        note=NOTES[what.axes],
    )
    st.html(
        lesson.figures(
            ("Axes flipped", f"{found.flips} times", _when(found)),
            ("Largest jump", plain(found.jump, 2), "from a frame to the next, in radii of the last cloud"),
        )
    )


def _when(found: Pictures) -> str:
    """The steps at which an axis points the other way than in the frame before."""
    turned = [step for at, step in enumerate(found.steps) if at and flips(found.picture.bases[at - 1 : at + 1])]
    return f"at step {', '.join(map(str, turned))}" if turned else f"in {len(found.steps) - 1} frames"


def _words(what: What) -> list[str]:
    return [WORDS[row] for row in what.rows]


def _groups(what: What) -> list[str]:
    return [GROUPS[row] for row in what.rows]
