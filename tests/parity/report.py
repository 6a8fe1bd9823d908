"""The largest difference seen between our numbers and a framework's, kept for the comparison that the docs print.

Tests call `seen`. When the session ends, what it saw is merged into a JSON file, so that several sessions (one backend
each) fill one table; delete the file to start anew. `python -m tests.parity.report` prints it as a Markdown table.
"""

import atexit
import json
import os
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypedDict

import numpy as np

DISTRIBUTIONS = {"PyTorch": "torch", "Keras": "keras", "JAX": "jax"}  # a framework's name in the table: what to install


class Entry(TypedDict):
    option: str
    framework: str
    version: str
    dtype: str
    largest: float  # relative difference
    comparisons: int


_entries: dict[tuple[str, ...], Entry] = {}


def seen(option: str, framework: str, dtype: str, ours: Any, theirs: Any) -> float:
    """Note and return the relative difference of two arrays; inf if their shapes, dtypes, nans or infinities differ."""
    difference = relative_difference(np.asarray(ours), np.asarray(theirs))
    note({
        "option": option, "framework": framework, "version": version(DISTRIBUTIONS[framework]), "dtype": str(dtype),
        "largest": difference, "comparisons": 1,
    })  # fmt: skip
    return difference


def relative_difference(ours: np.ndarray, theirs: np.ndarray) -> float:
    """max |ours - theirs| over max |theirs|: relative to the array, as a sum that cancels has few digits of its own."""
    if ours.shape != theirs.shape or ours.dtype != theirs.dtype:
        return float("inf")
    finite = np.isfinite(theirs)
    if not np.array_equal(ours[~finite], theirs[~finite], equal_nan=ours.dtype.kind == "f"):
        return float("inf")
    ours, theirs = ours[finite].astype(np.float64), theirs[finite].astype(np.float64)
    difference = float(np.abs(ours - theirs).max(initial=0))
    return difference / float(np.abs(theirs).max()) if difference and theirs.any() else difference


def note(entry: Entry) -> None:
    """Keep the larger difference of each option, framework, version and dtype."""
    if not _entries:
        atexit.register(write)
    merge(_entries, entry)


def merge(entries: dict[tuple[str, ...], Entry], entry: Entry) -> None:
    key = entry["option"], entry["framework"], entry["version"], entry["dtype"]
    before = entries.get(key, {**entry, "largest": 0.0, "comparisons": 0})
    largest = max(before["largest"], entry["largest"])
    entries[key] = {**entry, "largest": largest, "comparisons": before["comparisons"] + entry["comparisons"]}


def path() -> Path:
    return Path(os.environ.get("PARITY_REPORT", Path(__file__).parent / ".seen.json"))


def write() -> None:
    """Merge what this session saw into the file."""
    entries: dict[tuple[str, ...], Entry] = {}
    for entry in [*read(), *_entries.values()]:
        merge(entries, entry)
    path().write_text(json.dumps([entries[key] for key in sorted(entries)], indent=1, allow_nan=True) + "\n")


def read() -> list[Entry]:
    entries: list[Entry] = json.loads(path().read_text()) if path().exists() else []
    return entries


def table(entries: list[Entry]) -> str:
    """Option × framework × version × dtype, with the largest difference seen and how many arrays were compared."""
    head = [
        "| option | framework | version | dtype | largest relative difference | arrays compared |",
        "|---" * 6 + "|",
    ]
    lines = [
        f"| {entry['option']} | {entry['framework']} | {entry['version']} | {entry['dtype']} "
        f"| {entry['largest']:.1e} | {entry['comparisons']:,} |".replace("0.0e+00", "0, the same bits")
        for entry in entries
    ]
    return "\n".join([*head, *lines]) + "\n"


if __name__ == "__main__":
    sys.stdout.write(table(read()))
