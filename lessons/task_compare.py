"""Lesson 6, below the toy reviews: every task beside the others, the head's line, and what large start values do."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import streamlit as st

from core.boundary import decision_line
from core.records import FloatArray
from core.table import dense
from lessons.reviews import ANSWERS, CONTENT, GROUPS, WORDS, Recipe, history_of, trained
from lessons.task_reviews import (
    ASKED,
    OWN_QUESTION,
    STEPS,
    TASKS,
    ReviewSettings,
    own_question,
    separation,
    two,
)  # fmt: skip
from lessons.ui.chart import Lines, Points, chart
from lessons.ui.numbers import plain
from lessons.ui.prose import figures
from lessons.ui.record import record

SEEDS = 3
SCALES = (0.1, 1.0, 2.0)
EARLY = 50  # steps after which the start values are compared


class HeadLine(NamedTuple):
    """The trained words and the line that the head draws between them."""

    points: FloatArray  # (16, 2)
    ends: FloatArray  # (2, 2)
    right: int  # words on the side of their own label


def draw_comparison(settings: ReviewSettings) -> None:
    """What the same 16 words become under every task, and two closer looks."""
    st.header("The same words under every task", anchor=False)
    st.html(all_tasks(settings.recipe, settings.more))
    st.caption(
        "Silhouette: +1 if every word is far nearer to its own group than to any other, about 0 if the groups mix. "
        "In brackets: the same groups dealt out at random. A program wrote the reviews, so clean groups are built in."
    )
    recipe = settings.recipe
    if recipe.head in OWN_QUESTION and recipe.columns == 2:
        left, right = st.columns(2, gap="large")
        with left:
            _draw_head_line(recipe)
    else:
        right = st.container()
    right.html(lengths(recipe))
    right.html(start_values(recipe))
    right.caption(
        "Rows that start far out keep more of their random places: the loss may be small while the groups still mix."
    )


@lru_cache(maxsize=64)
def all_tasks(recipe: Recipe, more: bool) -> str:
    """HTML: silhouettes of the start and of every task."""
    runs = [("nothing", recipe, 0), *((task, recipe._replace(head=task), STEPS) for task in TASKS)]
    rows = [[name, *(_scores(run, step, question, more) for question in ASKED)] for name, run, step in runs]
    seeds = f"seeds {recipe.seed} to {recipe.seed + SEEDS - 1}" if more else f"seed {recipe.seed}"
    caption = f"Silhouettes of the 16 words after {STEPS} steps, D = {recipe.columns}, {seeds}"
    return record(caption, ["trained on", *ASKED], rows, chosen=1 + TASKS.index(str(recipe.head)))


def _scores(recipe: Recipe, step: int, question: str, more: bool) -> str:
    """A silhouette, or its range over three seeds, and what chance gives."""
    first = separation(recipe, step, question)
    seeds = [recipe._replace(seed=recipe.seed + after) for after in range(1, SEEDS)] if more else []
    all_scores = [first.score, *(separation(other, step, question, 0).score for other in seeds)]
    said = f"{two(min(all_scores))} to {two(max(all_scores))}" if more else two(first.score)
    return f"{said} ({two(first.chance)})"


@lru_cache(maxsize=64)
def lengths(recipe: Recipe) -> str:
    """HTML: how long the rows of words are that help with the task, and of fillers, which stand in all reviews."""
    norms = np.linalg.norm(history_of(recipe).snapshots[-1], axis=1)
    fillers = np.delete(norms, CONTENT)
    return figures(
        ("Row length, 16 words", plain(norms[CONTENT].mean(), 2), "mean after training"),
        ("Row length, fillers", plain(fillers.mean(), 2), "the, was, and, really"),
    )


@lru_cache(maxsize=64)
def start_values(recipe: Recipe) -> str:
    """HTML: loss and silhouette early in training, from small and from large start values."""
    question = own_question(str(recipe.head))
    rows = []
    for run in (recipe._replace(scale=scale) for scale in SCALES):
        score = separation(run, EARLY, question)
        loss = plain(history_of(run).losses[EARLY], 2)
        rows.append([f"sd {run.scale:g}", loss, f"{two(score.score)} ({two(score.chance)})"])
    caption = f"Small and large start values: after {EARLY} steps on {recipe.head}"
    return record(caption, ["start", "loss", f"silhouette, {question}"], rows)


@lru_cache(maxsize=32)
def head_line(recipe: Recipe) -> HeadLine:
    """For a task with one label of two answers, at D = 2."""
    parameters = trained(recipe).parameters
    points, kernel, bias = parameters["weight"][CONTENT], parameters["kernel"], parameters["bias"]
    names = [ASKED[own_question(str(recipe.head))][row] for row in CONTENT]
    said = [ANSWERS[str(recipe.head)][output] for output in dense(points, kernel, bias).argmax(axis=1)]
    reach = float(np.linalg.norm(points, axis=1).max())
    return HeadLine(points, decision_line(kernel, bias, reach), sum(a == b for a, b in zip(said, names, strict=True)))


def _draw_head_line(recipe: Recipe) -> None:
    found = head_line(recipe)
    sides = own_question(str(recipe.head)).replace(" / ", " on one side, ")
    chart(
        Points([WORDS[row] for row in CONTENT], [GROUPS[row] for row in CONTENT], found.points),
        Lines(found.ends[:1], found.ends[1:], "the head's line"),
        key="task_line", name=f"The head's line: {sides} on the other",
        alt=f"The 16 words after {STEPS} steps, and the line where the head says 50 to 50. {found.right} of the 16 are "
        "on the side of their own label. A review is judged by the mean of its four rows.",
        x_title="d0", y_title="d1", height=320, equal=True,
    )  # fmt: skip
