"""The step of one row under every optimizer, with the cause in words and as a marker."""

from html import escape
from typing import NamedTuple

import numpy as np

from lessons.movers_runs import TABLE, Run, Settings, runs_of
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


def cause(run: Run, step: int, row: int) -> tuple[Cause, ...]:
    """The causes of one move, or the one reason for standing still."""
    kinds = ((READ, run.causes.read), (MEMORY, run.causes.memory), (DECAY, run.causes.decay))
    found = tuple(kind for kind, true in kinds if true[step, row])
    return found or ((STILL,) if run.causes.read[:step, row].any() else (NEVER,))


def told(causes: tuple[Cause, ...]) -> str:
    """As in: ▲ memory ■ decay."""
    return " ".join(f"{kind.marker} {kind.words}" for kind in causes)


def summary(settings: Settings) -> str:
    """HTML of what the table shows: who moves the chosen row while it is not read."""
    absent = np.array(settings.stream) != settings.row
    if not absent.any():
        return f"<b>Row {settings.row} is read in every step.</b> Watch another to see who moves without being read."
    found = [(run.name, bool(run.path.moves[absent][:, settings.row].any())) for run in runs_of(settings)]
    still, moved = ([name for name, moves in found if moves == wanted] for wanted in (False, True))
    count = int(absent.sum())
    where = "never read" if absent.all() else f"not read in {count} of {len(absent)} steps"
    kept = f"In these steps it stands still with {_listed(still)}." if still else "It stands still with none of them."
    went = f"It moves with {_listed(moved)}." if moved else "No optimizer moves it."
    return f"<b>Row {settings.row} is {where}.</b> {kept} <b>{went}</b>"


def row_by_row(run: Run) -> str:
    """HTML of how often each row is read, and how often it moves, under one optimizer."""
    read, moved = run.causes.read.sum(axis=0).tolist(), (run.path.moves != 0).any(axis=2).sum(axis=0).tolist()
    rows = [
        f"row {row} {_often('is ', 'read', times)} and {_often('', 'moves', moved[row])}"
        for row, times in enumerate(read)
    ]
    return f"<b>{escape(run.name)}:</b> {'; '.join(rows)}."


def _often(verb: str, what: str, count: int) -> str:
    """As in: is never read, moves 5 times."""
    return f"{verb}never {what}" if count == 0 else f"{verb}{what} {'once' if count == 1 else f'{count} times'}"


def steps_table(runs: tuple[Run, ...], stream: tuple[int | None, ...], row: int) -> str:
    """HTML: an optimizer a line, a step a column, in each cell the first coordinate's step and its cause."""
    absent = next((other for other in range(len(TABLE)) if other != row and other not in stream), None)
    reads = [f"reads {index}" if index is not None else "not used" for index in stream]
    head = "".join(f'<th scope="col">Step {place + 1}<small>{text}</small></th>' for place, text in enumerate(reads))
    if absent is not None:
        head += f'<th scope="col">Row {absent}<small>never read</small></th>'
    body = "".join(
        f'<tr><th scope="row">{escape(run.name)}</th>{_cells(run, row)}{_absent_cell(run, absent)}</tr>' for run in runs
    )
    label = f"Steps of row {row}, coordinate d0" + (
        "" if absent is None else f", and all steps of row {absent} together"
    )
    return (
        f'<div class="record moves" tabindex="0" role="group" aria-label="{label}"><table><caption>{label}</caption>'
        f'<thead><tr><th scope="col">Optimizer</th>{head}</tr></thead><tbody>{body}</tbody></table></div>'
        f"<p class='marks'>{_legend()}</p>"
    )


def _cells(run: Run, row: int) -> str:
    moves = run.path.moves[:, row, 0].tolist()
    return "".join(_cell(move, cause(run, step, row)) for step, move in enumerate(moves))


def _absent_cell(run: Run, row: int | None) -> str:
    """What all steps together did to a row that none of them read."""
    if row is None:
        return ""
    first, last = run.path.tables[[0, -1], row, 0].tolist()
    return _cell(last - first, cause(run, -1, row))


def _cell(move: float, why: tuple[Cause, ...]) -> str:
    kind = " still" if why[0] in (STILL, NEVER) else ""
    return f'<td class="move{kind}">{signed(move, 3)}<small>{told(why)}</small></td>'


def _legend() -> str:
    return " · ".join(f"<b>{kind.marker} {kind.words}</b>: {meaning}" for kind, meaning in LEGEND)


def _listed(names: list[str]) -> str:
    return ", ".join(f"“{name}”" if "," in name else name for name in names)
