"""What lesson 10 shows: the two halves of the words, the accuracies of five runs, and where the words moved."""

from functools import lru_cache
from html import escape

import numpy as np

from lessons.reuse_runs import (
    MODES,
    RUNS,
    SEEN_ROWS,
    UNSEEN_ROWS,
    Moves,
    Settings,
    crosswise,
    five_runs,
    labelled_reviews,
    moves,
)
from lessons.reviews import CONTENT, GROUPS, MOODS, WORDS
from lessons.ui.chart import Arrows, Points, chart_data, draw_chart
from lessons.ui.numbers import plain
from lessons.ui.prose import figures

HALVES = ["seen" if row in SEEN_ROWS else "unseen" for row in CONTENT]


@lru_cache(maxsize=1)
def split_words() -> str:
    """HTML of the words with and without labels, and a labelled review."""
    reviews = labelled_reviews(24, 0)
    text, label = next(pair for pair in zip(*reviews, strict=True) if len(set(pair[0])) == len(pair[0]) - 1)
    example = " ".join(WORDS[row] for row in text)
    return (
        f'<div class="halves"><p><b>Seen words</b>, which the labelled reviews use:</p>{_tokens(SEEN_ROWS)}'
        f"<p><b>Unseen words</b>, which the test reviews use. No label ever comes near them:</p>{_tokens(UNSEEN_ROWS)}"
        f"<p>A labelled review: <b>{escape(example)}</b>, {'good' if label else 'bad'}. "
        "CBOW, when it comes in, has read 400 reviews with all the words, but without labels.</p></div>"
    )


@lru_cache(maxsize=256)
def large_numbers(settings: Settings) -> str:
    """HTML of the accuracies of the chosen mode and of how far the rows of the drawn run moved."""
    runs, distances = five_runs(settings, settings.mode), _moved(settings)
    seen, unseen = ([getattr(run, half) for run in runs] for half in ("seen", "unseen"))
    of_run = f"run {settings.run}, mean of 8 rows"
    return figures(
        (f"{settings.mode}, seen words", f"{np.mean(seen):.2f}", f"right; worst run {min(seen):.2f}"),
        (
            f"{settings.mode}, unseen words",
            f"{np.mean(unseen):.2f}",
            f"right; worst run {min(unseen):.2f}; chance 0.50",
        ),
        ("Seen rows moved", _distance(distances["seen"]), of_run),
        ("Unseen rows moved", _distance(distances["unseen"]), of_run),
    )


@lru_cache(maxsize=256)
def table_of_runs(settings: Settings) -> str:
    """HTML of the three modes beside each other: means, and every run on unseen words."""
    runs = "".join(f'<th scope="col">run {run}</th>' for run in range(RUNS))
    rows = "".join(_row(settings, mode) for mode in MODES)
    head = f'<tr><td></td><th scope="col">Seen, mean</th><th scope="col">Unseen, mean</th>{runs}</tr>'
    caption = "<caption>Reviews judged right. Single runs: unseen words</caption>"
    return (
        '<div class="record accuracies" tabindex="0" role="group" aria-label="Accuracies of all runs">'
        f"<table>{caption}<thead>{head}</thead><tbody>{rows}</tbody></table></div>"
    )


@lru_cache(maxsize=256)
def remarks(settings: Settings) -> str:
    """HTML: how to read the map, what the accuracies may be compared with, and when frozen rows are of no use."""
    said = (
        f"{_axes(settings)} The test takes every review that can be written with the words, 128 for each half. Chance "
        "is 0.50. That 1.00 can be reached is built into the data: each of these words has one mood only."
    )
    crossed = sum(crosswise(run) for run in range(RUNS)) if settings.columns == 2 else 0
    if crossed:
        said += (
            f" In {crossed} of {RUNS} runs CBOW has put good and bad words crosswise into its two columns: no straight "
            "line parts them, so frozen rows fail even on seen words."
        )
    if settings.optimizer == "SGD":
        said += " SGD at this rate moves pretrained rows too little for frozen and fine-tuned to differ much: try Adam."
    return f'<p class="aside">{said}</p>'


def arrows(settings: Settings) -> None:
    """Draw where each content word was and where the labels moved it."""
    draw_chart("reuse_arrows", _arrows(settings))


@lru_cache(maxsize=64)
def _arrows(settings: Settings) -> bytes:
    found = moves(settings)
    columns = ("d0", "d1") if settings.columns == 2 else ("first axis", "second axis")
    return chart_data(
        Arrows(found.before, found.after, [""] * len(CONTENT)),
        _half(found, "seen"),
        _half(found, "unseen", hollow="unseen words; filled: seen words"),
        name=f"{settings.mode}, run {settings.run}: from before the labels to after",
        alt=f"{_told(settings)} Seen words are filled, unseen ones hollow. {_axes(settings)}",
        x_title=columns[0],
        y_title=columns[1],
        height=380,
        equal=True,
        limits=found.limits,
        table=_numbers(found),
    )


def _half(found: Moves, half: str, hollow: str = "") -> Points:
    """The words of one half where the labels have moved them."""
    at = [place for place, its in enumerate(HALVES) if its == half]
    rows = [CONTENT[place] for place in at]
    return Points([WORDS[row] for row in rows], [GROUPS[row] for row in rows], found.after[at], hollow=hollow)


def _tokens(rows: list[int]) -> str:
    return f'<ul class="tokens">{"".join(f"<li>{WORDS[row]} <small>{MOODS[row]}</small></li>" for row in rows)}</ul>'


def _moved(settings: Settings) -> dict[str, float]:
    distances = moves(settings).distances
    return {half: float(np.mean([far for far, its in zip(distances, HALVES, strict=True) if its == half]))
            for half in ("seen", "unseen")}  # fmt: skip


def _distance(value: float) -> str:
    return "0" if value == 0 else f"{value:.3f}"


def _row(settings: Settings, mode: str) -> str:
    runs, chosen = five_runs(settings, mode), mode == settings.mode
    means = (np.mean([run.seen for run in runs]), np.mean([run.unseen for run in runs]))
    cells = "".join(f"<td>{value:.2f}</td>" for value in (*means, *(run.unseen for run in runs)))
    mark = ' class="chosen" aria-current="true"' if chosen else ""
    return f'<tr{mark}><th scope="row">{mode}</th>{cells}</tr>'


def _told(settings: Settings) -> str:
    """The text alternative of the map."""
    if settings.mode == "Frozen":
        return "The 16 content words stay where CBOW placed them; only the head learned."
    moved = _moved(settings)
    seen, unseen = _distance(moved["seen"]), _distance(moved["unseen"])
    return f"The 8 seen words move by {seen} on average, the 8 unseen words by {unseen}."


def _axes(settings: Settings) -> str:
    """What the axes of the map are, and how much of the movement they show."""
    if settings.columns == 2:
        return "The axes are the two columns of the table themselves."
    start = "random start" if settings.mode == "Scratch" else "rows from CBOW"
    said = f"The axes are the two along which the {start} spread most, fixed before the labels come"
    found = moves(settings)
    return f"{said}. They show {plain(100 * found.shown, 2)}% of the movement." if found.distances.any() else f"{said}."


def _numbers(found: Moves) -> dict[str, list[object]]:
    return {
        "word": [WORDS[row] for row in CONTENT],
        "group": [GROUPS[row] for row in CONTENT],
        "labels": list(HALVES),
        **{f"{axis}, before": found.before[:, at].tolist() for at, axis in enumerate(("x", "y"))},
        **{f"{axis}, after": found.after[:, at].tolist() for at, axis in enumerate(("x", "y"))},
        "moved, all columns": found.distances.tolist(),
    }
