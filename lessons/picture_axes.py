"""Lesson 8's pictures: one CBOW run on the axes that the learner chooses, and how far to trust each picture."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from core.axes import Picture, column_bases, largest_jump, last_frame_bases, pictured, ranks, word_pair_bases
from core.fidelity import Silhouette, nearest, neighbours_kept, silhouette
from core.projection import flips, per_frame_bases
from core.records import FloatArray, IntArray
from core.runs import History
from lessons.reviews import CONTENT, GROUPS, MOODS, WORDS, Recipe, history_of

EVERY = 5  # training steps from frame to frame
UNTRAINED, TRAINED = 0, -1
OWN, LAST, COLUMNS, PAIRS = "PCA of each frame", "PCA of the last frame", "Two columns", "Word pairs"
COLUMN_PAIRS = ("d0, d1", "d2, d3", "d4, d5", "d6, d7")
FOOD_PAIRS = ("stale → tasty", "soggy → fresh", "burnt → crispy", "bland → juicy", "tasty → fresh")
FILM_PAIRS = ("boring → gripping", "slow → funny", "clumsy → moving", "noisy → stunning", "gripping → funny")


class What(NamedTuple):
    """All that decides the pictures of a run."""

    axes: str = OWN
    dimensions: int = 8
    fillers: bool = False
    seed: int = 0
    columns: str = COLUMN_PAIRS[0]
    food: str = FOOD_PAIRS[0]
    film: str = FILM_PAIRS[0]

    @property
    def rows(self) -> list[int]:
        """The ids in the picture."""
        return list(range(len(WORDS))) if self.fillers else CONTENT

    @property
    def chosen(self) -> tuple[int, int]:
        """The two columns."""
        first, second = self.columns.replace("d", "").split(", ")
        return int(first), int(second)

    @property
    def pairs(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """Ids of the two word pairs."""
        return _pair(self.food), _pair(self.film)


class Trust(NamedTuple):
    """How far to trust the picture of one frame."""

    shown: float
    kept: int
    full: Silhouette  # of the groups of the content words, in all columns
    page: Silhouette
    ranked: float  # how often a good word stands to the right of a bad one; the four words of the pairs left out


class Pictures(NamedTuple):
    """A run's frames on the chosen axes."""

    history: History
    steps: IntArray  # (F,)
    snapshots: FloatArray  # (F, V, D)
    picture: Picture
    kept: IntArray  # (F,)
    flips: int
    jump: float


BASES: Mapping[str, Callable[[What, FloatArray], FloatArray]] = {
    OWN: lambda what, frames: per_frame_bases(frames, 2),
    LAST: lambda what, frames: last_frame_bases(frames, 2),
    COLUMNS: lambda what, frames: column_bases(frames, what.chosen),
    PAIRS: lambda what, frames: word_pair_bases(frames, *what.pairs),
}


def titles(what: What) -> tuple[str, str]:
    """What stands at the axes."""
    if what.axes == COLUMNS:
        return f"column {what.chosen[0]}", f"column {what.chosen[1]}"
    if what.axes == PAIRS:
        return "bad to good, by word pairs", "film to food, by word pairs"
    return "PC 1", "PC 2"


@lru_cache(maxsize=64)
def pictures(what: What) -> Pictures:
    """The run of these settings, seen on its axes."""
    history = history_of(Recipe("CBOW", columns=what.dimensions, seed=what.seed))
    frames = np.asarray(history.snapshots[::EVERY][:, what.rows], np.float64)
    seen = pictured(frames, BASES[what.axes](what, frames))
    return Pictures(
        history=history,
        steps=history.recorded[::EVERY],
        snapshots=frames,
        picture=seen,
        kept=neighbours_kept(frames, seen.coordinates),
        flips=flips(seen.bases),
        jump=largest_jump(seen.coordinates),
    )


@lru_cache(maxsize=128)
def trust(what: What, frame: int) -> Trust:
    """The numbers under the picture of a frame."""
    found = pictures(what)
    page = found.picture.coordinates[frame][CONTENT]
    others = [row for row in CONTENT if row not in sum(what.pairs, ())]
    return Trust(
        shown=float(found.picture.shown[frame]),
        kept=int(found.kept[frame]),
        full=_full(what.dimensions, what.seed, frame),
        page=_separation(page),
        ranked=ranks(page[others, 0], [MOODS[row] == "good" for row in others]),
    )


@lru_cache(maxsize=128)
def true_nearest(what: What, frame: int) -> IntArray:
    """Place of the row nearest to each row of the picture, in all columns: (V,)."""
    return nearest(pictures(what).snapshots[frame], 1)[0][:, 0]


@lru_cache(maxsize=64)
def _full(dimensions: int, seed: int, frame: int) -> Silhouette:
    """How well the table itself separates the groups: the same whatever the axes."""
    return _separation(pictures(What(dimensions=dimensions, seed=seed)).snapshots[frame])


def _separation(content: FloatArray) -> Silhouette:
    return silhouette(content, [GROUPS[row] for row in CONTENT], np.random.default_rng(0))


def _pair(text: str) -> tuple[int, int]:
    low, high = text.split(" → ")
    return WORDS.index(low), WORDS.index(high)
