"""The page "Checked": how close every result came to PyTorch, Keras and JAX, as the last `make parity` saw it."""

import json
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import streamlit as st

from lessons.ui import knobs
from lessons.ui.knobs import Knobs
from lessons.ui.lesson import figures
from lessons.ui.numbers import plain
from lessons.ui.record import grouped_record

RECORD = Path(__file__).parents[1] / "docs" / "parity.json"  # written by tests/parity/published.py
ALL = "All"
FRAMEWORK = knobs.segments(
    "framework", "Framework", (ALL, "PyTorch", "Keras", "JAX"), "Show the rows of one framework."
)
KNOBS = Knobs("checked", FRAMEWORK)
DIGITS = {"float64": "float64 keeps about 16 digits", "float32": "float32 keeps about 7 digits"}
NOT_COMPARED = """
- **GPUs.** Everything ran on a CPU. A GPU adds in another order, so its last digits may differ.
- **Other versions** than those named here.
- **Keras on its TensorFlow backend.** It ran on its torch backend, and on JAX to see what it does with bad ids.
- **Speed** and half precision. Random start values were compared by their spread only.
"""

Entry = dict[str, Any]


def render() -> None:
    """The page."""
    KNOBS.enter()
    st.title("Checked against the real frameworks", anchor=False)
    st.markdown(
        "Each result was computed twice: here, and by PyTorch, Keras or JAX from the same numbers. "
        "The table says how far apart the two were at most, relative to the largest number of the result."
    )
    chosen = KNOBS.draw("framework")
    if RECORD.is_file():
        _draw(json.loads(RECORD.read_text("utf-8")), chosen)
    else:
        st.info("This copy has no record of a comparison. `make parity` writes one.")
    st.header("What was not compared", anchor=False)
    st.markdown(NOT_COMPARED)
    st.header("Run it yourself", anchor=False)
    st.code("make parity", language="shell")
    st.caption("It ends with an error if one comparison fails, and else writes these tables. The README says the rest.")
    KNOBS.share()


def _draw(record: Entry, framework: str) -> None:
    """What a run saw of one framework, or of all."""
    rows = [row for row in record["comparisons"] if framework in (ALL, row["framework"])]
    facts = [fact for fact in record["facts"] if framework in (ALL, fact["framework"])]
    worst = [(f"Largest difference, {dtype}", _largest(rows, dtype), remark) for dtype, remark in DIGITS.items()]
    st.html(figures(("Results compared", plain(len(rows)), "most of them for many random draws"), *worst))
    st.caption("With " + ", ".join(f"{name} {version}" for name, version in record["versions"].items()) + ".")
    head = ("Result", "Framework", *DIGITS)
    st.html(grouped_record("Largest relative differences; 0 is equal", head, _groups(map(_row, rows))))
    st.header("Where they go separate ways", anchor=False)
    head = ("Layer", "Framework", "What it did", "What happens here")
    st.html(grouped_record("Seen in the same run", head, _groups(map(_fact, facts))))


def _groups(lines: Iterable[tuple[str, ...]]) -> list[tuple[str, list[tuple[str, ...]]]]:
    """Lines that begin with the same word, without that word, under it."""
    return [(title, [line[1:] for line in group]) for title, group in groupby(lines, key=lambda line: line[0])]


def _row(row: Entry) -> tuple[str, ...]:
    return row["part"], row["option"], _with_version(row), *(_difference(row[dtype]) for dtype in DIGITS)


def _fact(fact: Entry) -> tuple[str, ...]:
    return fact["situation"], fact["layer"], _with_version(fact), fact["does"], fact["here"]


def _with_version(entry: Entry) -> str:
    return f"{entry['framework']} {entry['version']}"


def _largest(rows: Sequence[Entry], dtype: str) -> str:
    seen = [row[dtype] for row in rows if row[dtype] is not None]
    return _difference(max(seen, default=None))


def _difference(value: float | None) -> str:
    return "not compared" if value is None else plain(value, 1)
