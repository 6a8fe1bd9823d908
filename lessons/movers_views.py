"""The other views of lesson 5: a walk through the steps, the paths of the rows, rare words."""

from functools import lru_cache
from itertools import pairwise

import numpy as np

from core.records import FloatArray
from lessons.movers_runs import GRADIENT, STARTS, TABLE, WORDS, Run, Settings, chosen, distances, drifted
from lessons.movers_table import cause, told
from lessons.ui.chart import Arrows, Points, chart
from lessons.ui.matrix import flow, matrix, sign
from lessons.ui.numbers import plain
from lessons.ui.walk import Scene

ROWS = tuple(f"row {row}" for row in range(len(TABLE)))


@lru_cache(maxsize=256)
def scenes(settings: Settings) -> list[Scene]:
    """The gradient, the step and the table, one step of the stream after the other."""
    return [_scene(chosen(settings), step, index) for step, index in enumerate(settings.stream)]


def _scene(run: Run, step: int, index: int) -> Scene:
    before, after = run.path.tables[step : step + 2]
    gradient = np.zeros_like(before)
    gradient[index] = GRADIENT
    why = [told(cause(run, step, row)) for row in range(len(before))]
    labels = [f"{row} {text}" for row, text in enumerate(why)]
    moved = np.flatnonzero((after != before).any(axis=1)).tolist()
    return Scene(
        f"<b>Step {step + 1} reads row {index}.</b> " + " · ".join(f"Row {label}" for label in labels) + ".",
        flow(
            matrix(gradient, "gradient", kind="gradient", chosen=[index], dim=True),
            sign("→"),
            matrix(after - before, f"step of {run.name}", row_labels=labels, chosen=moved, dim=True),
            sign("→"),
            matrix(after, "E afterwards", chosen=moved, dim=True),
        ),
    )


def paths_chart(settings: Settings) -> None:
    """The rows in the plane: every step an arrow."""
    run = chosen(settings)
    starts, ends, names = [], [], []
    for step, (before, after) in enumerate(pairwise(run.path.tables)):
        for row in np.flatnonzero((before != after).any(axis=1)).tolist():
            starts.append(before[row])
            ends.append(after[row])
            names.append(f"{step + 1} " + "".join(kind.marker for kind in cause(run, step, row)))
    places = zip(ROWS, TABLE, run.path.tables[-1], strict=True)
    where = "; ".join(f"{name} from {_place(start)} to {_place(end)}" for name, start, end in places)
    chart(
        Arrows(np.reshape(starts, (-1, 2)), np.reshape(ends, (-1, 2)), names),
        Points(ROWS, ("",) * len(ROWS), TABLE),
        key="movers_paths",
        name=f"Paths of the rows, {run.name}",
        alt=f"Each step an arrow with its number and the marker of its cause: {where}.",
        x_title="d0",
        y_title="d1",
        equal=True,
    )


def rare_chart(settings: Settings) -> None:
    """From the random start to where each word has got."""
    ends, far = drifted(settings.counts, settings.rate), distances(settings.counts, settings.rate)
    told_far = ", ".join(f"{word} {value:.2f}" for word, value in zip(WORDS, far.tolist(), strict=True))
    chart(
        Arrows(STARTS, ends, [""] * len(WORDS)),
        Points(WORDS[::-1], ("",) * len(WORDS), ends[::-1]),  # the short ways first: their labels are the crowded ones
        key="movers_rare",
        name="From the random start to the end",
        alt=f"Five words leave the same corner, each as far as it was read often: {told_far}.",
        x_title="d0",
        y_title="d1",
        equal=True,
    )


def _place(point: FloatArray) -> str:
    return f"({plain(point[0], 3)}, {plain(point[1], 3)})"
