"""Lesson 6, below the toy reviews: every task beside the others, the head's line, and what large start values do."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import streamlit as st

from core.boundary import decision_line
from core.fidelity import Silhouette
from core.records import FloatArray
from core.table import dense
from lessons.reviews import ANSWERS, CONTENT, GROUPS, WORDS, Recipe, history_of, trained
from lessons.task_reviews import (
    ASKED,
    OWN_QUESTION,
    SHUFFLES,
    STEPS,
    TASKS,
    ReviewSettings,
    own_question,
    separation,
    two,
)  # fmt: skip
from lessons.task_seeds import by_seed
from lessons.ui.chart import Lines, Points, chart_data, draw_chart
from lessons.ui.numbers import plain
from lessons.ui.prose import figures
from lessons.ui.record import record

NOTHING = "nothing"
SCALES = (0.1, 1.0, 2.0)
EARLY = 50  # steps after which the start values are compared
READ_SO = (
    '<p class="aside">Silhouette: +1 if every word is far nearer to its own group than to any other, about 0 if the '
    "groups mix. In brackets: the same groups dealt out at random. A program wrote the reviews, so clean groups are "
    "built in.</p>"
)
FAR_OUT = (  # not so for four kinds, which take longer to learn, and for CBOW, whose loss has no small end
    '<p class="aside">Rows that start far out keep more of their random places: a small loss with groups that still '
    "mix.</p>"
)


Scores = dict[tuple[str, str], float]  # what it was trained on, and which question is asked


class HeadLine(NamedTuple):
    """The trained words and the line that the head draws between them."""

    points: FloatArray  # (16, 2)
    ends: FloatArray  # (2, 2)
    right: int  # words on the side of their own label


def draw_comparison(settings: ReviewSettings) -> None:
    """What the same 16 words become under every task, and two closer looks."""
    recipe = settings.recipe
    key = ("reviews of lesson 6", recipe.columns, recipe.scale)
    scores = by_seed(key, recipe.seed, settings.more, lambda seed: _scores(recipe, seed))
    early = start_values(recipe) + (FAR_OUT if recipe.head in OWN_QUESTION else "")
    st.html(all_tasks(recipe, scores) + READ_SO + early + lengths(recipe))
    if recipe.head in OWN_QUESTION and recipe.columns == 2:
        draw_chart("task_line", _head_line_chart(recipe))


def all_tasks(recipe: Recipe, scores: dict[int, Scores]) -> str:
    """HTML: silhouettes of the start and of every task, over the seeds, and what chance gives."""
    rows = [
        [
            name,
            *(_cell(recipe, name, question, [each[name, question] for each in scores.values()]) for question in ASKED),
        ]
        for name in (NOTHING, *TASKS)
    ]
    seeds = f"{len(scores)} seeds from {recipe.seed}" if len(scores) > 1 else f"seed {recipe.seed}"
    caption = f"Silhouettes after {STEPS} steps, D = {recipe.columns}, {seeds}"
    return record(caption, ["trained on", *ASKED], rows, chosen=1 + TASKS.index(str(recipe.head)))


def _scores(recipe: Recipe, seed: int) -> Scores:
    run = recipe._replace(seed=seed)
    return {(name, asked): _separation(run, name, asked, 0).score for name in (NOTHING, *TASKS) for asked in ASKED}


def _separation(recipe: Recipe, name: str, question: str, shuffles: int) -> Silhouette:
    """Of the start, or after the training on a task."""
    if name == NOTHING:
        return separation(recipe, 0, question, shuffles)
    return separation(recipe._replace(head=name), STEPS, question, shuffles)


def _cell(recipe: Recipe, name: str, question: str, scores: list[float]) -> str:
    low, high = two(min(scores)), two(max(scores))
    said = low if len(scores) == 1 else f"{low} to {high}"
    return f"{said} ({_by_chance(recipe, name, question)})"


@lru_cache(maxsize=512)
def _by_chance(recipe: Recipe, name: str, question: str) -> str:
    return two(_separation(recipe, name, question, SHUFFLES).chance)


@lru_cache(maxsize=64)
def lengths(recipe: Recipe) -> str:
    """HTML: how long the rows of words are that help with the task, and of fillers, which stand in all reviews."""
    norms = np.linalg.norm(history_of(recipe).snapshots[-1], axis=1)
    fillers = np.delete(norms, CONTENT)
    why = "in all reviews" if recipe.head != "CBOW" else "one a review, so reading it rules all out as the missing word"
    return figures(
        ("Row length, 16 words", plain(norms[CONTENT].mean(), 2), "mean after training"),
        ("Row length, fillers", plain(fillers.mean(), 2), f"the, was, and, really: {why}"),
    )


@lru_cache(maxsize=64)
def start_values(recipe: Recipe) -> str:
    """HTML: loss and silhouette early in training, from small and from large start values."""
    question = own_question(str(recipe.head))
    rows = []
    for run in (recipe._replace(scale=scale) for scale in SCALES):
        score = separation(run, EARLY, question)
        loss = plain(history_of(run).losses[EARLY])
        rows.append([f"spread {run.scale:g}", loss, f"{two(score.score)} ({two(score.chance)})"])
    caption = f"Small and large start values, after {EARLY} steps on {recipe.head}"
    return record(caption, ["start values", "loss", f"silhouette, {question}"], rows)


@lru_cache(maxsize=32)
def head_line(recipe: Recipe) -> HeadLine:
    """For a task with one label of two answers, at D = 2."""
    parameters = trained(recipe).parameters
    points, kernel, bias = parameters["weight"][CONTENT], parameters["kernel"], parameters["bias"]
    names = [ASKED[own_question(str(recipe.head))][row] for row in CONTENT]
    said = [ANSWERS[str(recipe.head)][output] for output in dense(points, kernel, bias).argmax(axis=1)]
    reach = float(np.linalg.norm(points, axis=1).max())
    return HeadLine(points, decision_line(kernel, bias, reach), sum(a == b for a, b in zip(said, names, strict=True)))


@lru_cache(maxsize=64)
def _head_line_chart(recipe: Recipe) -> bytes:
    found = head_line(recipe)
    sides = own_question(str(recipe.head)).replace(" / ", " on one side, ")
    return chart_data(
        Points([WORDS[row] for row in CONTENT], [GROUPS[row] for row in CONTENT], found.points),
        Lines(found.ends[:1], found.ends[1:], "the head's line"),
        name=f"The head's line, where it says 50 to 50: {sides} on the other",
        alt=f"The 16 words after {STEPS} steps, and the line where the head says 50 to 50. {found.right} of the 16 are "
        "on the side of their own label. A review is judged by the mean of its four rows.",
        x_title="d0", y_title="d1", height=320, equal=True,
    )  # fmt: skip
