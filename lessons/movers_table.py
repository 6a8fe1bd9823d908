"""The step of one row under every optimizer, with the cause in words and as a marker."""

from html import escape
from typing import NamedTuple

import numpy as np

from lessons.movers_runs import TABLE, Run, Settings
from lessons.ui.numbers import signed


class Cause(NamedTuple):
    """Why a row moved, or did not: its marker, its words."""

    marker: str
    words: str


READ, MEMORY, DECAY = Cause("●", "read now"), Cause("▲", "memory"), Cause("■", "decay")
STILL, NEVER = Cause("○", "still"), Cause("–", "never read")
LEGEND = (
    (READ, "its id is in this step"),
    (MEMORY, "earlier gradients are left in the optimizer"),
    (DECAY, "weight decay takes its share"),
    (STILL, "nothing moves it"),
    (NEVER, "not read so far, and nothing moves it"),
)


def cause(run: Run, step: int | None, row: int) -> tuple[Cause, ...]:
    """The causes of one move, or of all moves (step None), or the one reason for standing still."""
    steps = slice(None) if step is None else slice(step, step + 1)
    kinds = ((READ, run.causes.read), (MEMORY, run.causes.memory), (DECAY, run.causes.decay))
    found = tuple(kind for kind, true in kinds if true[steps, row].any())
    return found or ((STILL,) if run.causes.read[: steps.stop, row].any() else (NEVER,))


def told(causes: tuple[Cause, ...]) -> str:
    """As in: ▲ memory ■ decay."""
    return " ".join(f"{kind.marker} {kind.words}" for kind in causes)


def summary(runs: tuple[Run, ...], settings: Settings) -> str:
    """HTML of what the table shows: who moves the watched row while it is not read."""
    absent = np.array(settings.stream) != settings.row
    if not absent.any():
        return f"<b>Row {settings.row} is read in every step.</b> Watch another to see who moves without being read."
    still, moved = (
        [run.name for run in runs if bool(run.path.moves[absent][:, settings.row].any()) == moves]
        for moves in (False, True)
    )
    count = int(absent.sum())
    where = "never read" if absent.all() else f"not read in {count} of {len(absent)} steps"
    kept = f"In these steps it stands still with {_listed(still)}." if still else "It stands still with none of them."
    went = f"It moves with {_listed(moved)}." if moved else "No optimizer moves it."
    return f"<b>Row {settings.row} is {where}.</b> {kept} <b>{went}</b>"


def row_by_row(run: Run) -> str:
    """HTML of how often each row is read, and how often it moves, under one optimizer."""
    read, moved = run.causes.read.sum(axis=0).tolist(), (run.path.moves != 0).any(axis=2).sum(axis=0).tolist()
    rows = [f"row {row} is {often('read', count)} and {often('moves', moved[row])}" for row, count in enumerate(read)]
    return f"<b>{escape(run.name)}:</b> {'; '.join(rows)}."


def often(what: str, count: int) -> str:
    """As in: never read, read once, read 5 times."""
    return f"never {what}" if count == 0 else f"{what} {'once' if count == 1 else f'{count} times'}"


def never_read(stream: tuple[int | None, ...], watched: int) -> int | None:
    """A row other than the watched one that no step reads."""
    return next((row for row in range(len(TABLE)) if row != watched and row not in stream), None)


def steps_table(runs: tuple[Run, ...], stream: tuple[int | None, ...], row: int, absent: int | None = None) -> str:
    """HTML: the marks, then an optimizer a line, a step a column: the first coordinate's step and its cause.

    absent: a row that is never read; a last column says what all steps together did to it.
    """
    head = "".join(_head(f"Step {step + 1}", _reads(index)) for step, index in enumerate(stream))
    lines = [[(move, cause(run, step, row)) for step, move in enumerate(_moves(run, row))] for run in runs]
    label = f"What each step adds to row {row}, d0"
    if absent is not None:
        label += f"; in the last column to row {absent}"
        head += _head(f"Row {absent}", f"all steps, from {signed(float(TABLE[absent, 0]), 3)}")
        for run, line in zip(runs, lines, strict=True):
            first, last = run.path.tables[[0, -1], absent, 0].tolist()
            line.append((last - first, cause(run, None, absent)))
    body = "".join(_line(run, line) for run, line in zip(runs, lines, strict=True))
    found = {kind for line in lines for _, why in line for kind in why}
    marks = " · ".join(f"<b>{kind.marker} {kind.words}</b>: {meaning}" for kind, meaning in LEGEND if kind in found)
    return (
        f'<p class="marks">{marks}</p>'
        f'<div class="record swipe moves" tabindex="0" role="group" aria-label="{label}"><table>'
        f'<caption>{label}</caption><thead><tr><th scope="col">Optimizer</th>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _head(name: str, remark: str) -> str:
    return f'<th scope="col">{name}<small>{remark}</small></th>'


def _reads(index: int | None) -> str:
    return "not used" if index is None else f"reads row {index}"


def _moves(run: Run, row: int) -> list[float]:
    """What each step adds to the first coordinate of a row."""
    moves: list[float] = run.path.moves[:, row, 0].tolist()
    return moves


def _line(run: Run, line: list[tuple[float, tuple[Cause, ...]]]) -> str:
    name = f"{escape(run.name)}<small>{escape(run.remark)}</small>" if run.remark else escape(run.name)
    return f'<tr><th scope="row">{name}</th>{"".join(_cell(move, why) for move, why in line)}</tr>'


def _cell(move: float, why: tuple[Cause, ...]) -> str:
    kind = " still" if why[0] in (STILL, NEVER) else ""
    words = " ".join(f"<span>{each.marker} {each.words}</span>" for each in why)
    return f'<td class="move{kind}">{signed(move, 3)}<small>{words}</small></td>'


def _listed(names: list[str]) -> str:
    return ", ".join(f"“{name}”" if "," in name else name for name in names)
