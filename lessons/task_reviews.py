"""Lesson 6, the toy reviews: one table under several tasks, and which questions its distances then answer."""

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from core.agreement import first_axis_share
from core.fidelity import Silhouette, nearest, neighbours_kept, silhouette
from core.projection import project
from lessons.reviews import CONTENT, GROUPS, MOODS, TOPICS, WORDS, Recipe, history_of
from lessons.ui.numbers import MINUS, plain
from lessons.ui.prose import figures
from lessons.ui.space import space

TASKS = ("Good or bad", "Food or film", "Both labels", "CBOW")  # the last one needs no labels
ASKED = {"good / bad": MOODS, "food / film": TOPICS, "four groups": GROUPS}
OWN_QUESTION = {"Good or bad": "good / bad", "Food or film": "food / film"}  # the others are about all four groups
STEPS, EVERY = 200, 2  # of training, and between two pictures
SHUFFLES = 20  # of the groups, for what chance gives


class ReviewSettings(NamedTuple):
    """What the learner chose for the toy reviews."""

    task: str
    columns: int
    scale: float
    seed: int
    fillers: bool
    more: bool
    step: int | None
    word: str = "tasty"

    @property
    def recipe(self) -> Recipe:
        """The run."""
        return Recipe(self.task, self.columns, STEPS, scale=self.scale, seed=self.seed)


@lru_cache(maxsize=256)
def separation(recipe: Recipe, step: int, question: str, shuffles: int = SHUFFLES) -> Silhouette:
    """How well the distances between the 16 content words answer a question, after some steps."""
    names = [ASKED[question][row] for row in CONTENT]
    return silhouette(history_of(recipe).snapshots[step][CONTENT], names, np.random.default_rng(0), shuffles)


def two(value: float) -> str:
    """A number with its sign and two decimals: +0.90, −0.12, 0."""
    return f"{value:+.2f}".replace("-", MINUS) if round(value, 2) else "0"


def own_question(task: str) -> str:
    """The question that a task asks of the words."""
    return OWN_QUESTION.get(task, "four groups")


def nearest_words(recipe: Recipe, word: str, count: int) -> list[tuple[str, float]]:
    """The content words nearest to one of them after training, and how far away they are."""
    ids, distances = nearest(history_of(recipe).snapshots[-1][CONTENT], count)
    place = CONTENT.index(WORDS.index(word))
    return [(WORDS[CONTENT[row]], far) for row, far in zip(ids[place], distances[place].tolist(), strict=True)]


def draw_reviews(settings: ReviewSettings, step: int, play_token: int) -> None:
    """The evolving space, and the numbers of its end."""
    drawn = _frames(settings.recipe, settings.fillers)
    space(**drawn, key="task_space", step=step, play_token=play_token, word=settings.word, explain=False)
    st.html(_figures(settings.recipe))


@lru_cache(maxsize=64)
def _figures(recipe: Recipe) -> str:
    history = history_of(recipe)
    alone = recipe.head in OWN_QUESTION
    asked = ("good / bad", "food / film") if alone else tuple(ASKED)
    scores = [(question, separation(recipe, STEPS, question)) for question in asked]
    share = first_axis_share(history.snapshots[-1][CONTENT])
    return figures(
        *((f"Silhouette, {name}", two(s.score), f"+1 apart, 0 mixed; chance {two(s.chance)}") for name, s in scores),
        *([("On one line", f"{share:.1%}", "of the 16 words' spread")] if alone else []),
        ("Loss", f"{plain(history.losses[0])} → {plain(history.next_loss)}", f"after {STEPS} steps"),
    )


@lru_cache(maxsize=32)
def _frames(recipe: Recipe, fillers: bool) -> dict[str, Any]:
    """What the player needs of a run; axes are fitted on the content words."""
    history = history_of(recipe)
    rows = list(range(len(WORDS))) if fillers else CONTENT
    snapshots = history.snapshots[::EVERY]
    picture = project(snapshots, 2, rows=CONTENT)
    flat = recipe.columns == 2
    shares = enumerate(picture.explained, start=1)
    return {
        "words": [WORDS[row] for row in rows],
        "groups": [GROUPS[row] for row in rows],
        "snapshots": snapshots[:, rows],
        "coordinates": picture.coordinates[:, rows],
        "steps": history.recorded[::EVERY],
        "losses": np.append(history.losses, history.next_loss),
        "shown": picture.shown,
        "kept": neighbours_kept(snapshots[:, rows], picture.coordinates[:, rows]),
        "axis_titles": ["d0", "d1"] if flat else [f"PC{axis} ({share:.0%})" for axis, share in shares],
    }  # fmt: skip
