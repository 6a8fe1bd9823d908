"""What a run saw, kept for the comparison that the docs print: differences between numbers, and facts.

Tests call `seen` and `fact`. When the session ends, what it saw is merged into a JSON file, so that several sessions
(one backend each) fill one table. `tests/parity/published.py` makes the docs of it.
"""

import atexit
import json
import os
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any, TypedDict

import numpy as np

DISTRIBUTIONS = {"PyTorch": "torch", "Keras": "keras", "JAX": "jax"}  # a framework's name in the table: what to install
PARTS = {"layer": "The layer", "optimizers": "Optimizers", "heads": "Heads and training"}  # by a word in a file's name


class Comparison(TypedDict):
    """One result, computed here and by a framework, as often as it was drawn."""

    part: str
    option: str
    framework: str
    version: str
    dtype: str
    largest: float  # relative difference


class Fact(TypedDict):
    """What a framework did where it and this project may differ."""

    situation: str
    framework: str
    version: str
    layer: str
    does: str
    here: str


class Seen(TypedDict):
    comparisons: list[Comparison]
    facts: list[Fact]


_session: Seen = {"comparisons": [], "facts": []}


def seen(option: str, framework: str, dtype: str, ours: Any, theirs: Any) -> float:
    """Note and return the relative difference of two arrays; inf if their shapes, dtypes, nans or infinities differ."""
    difference = relative_difference(np.asarray(ours), np.asarray(theirs))
    _session["comparisons"].append({
        "part": part_of(os.environ.get("PYTEST_CURRENT_TEST", "")), "option": option, "framework": framework,
        "version": version(framework), "dtype": str(dtype), "largest": difference,
    })  # fmt: skip
    return difference


def fact(situation: str, framework: str, layer: str, does: str, here: str) -> None:
    """Note what a framework's layer was just seen to do in a situation, and what was seen here."""
    _session["facts"].append({
        "situation": situation, "framework": framework, "version": version(framework),
        "layer": layer, "does": does, "here": here,
    })  # fmt: skip


@cache
def version(framework: str) -> str:
    """The installed version of a framework."""
    return metadata.version(DISTRIBUTIONS[framework])


def relative_difference(ours: np.ndarray, theirs: np.ndarray) -> float:
    """max |ours - theirs| over max |theirs|: relative to the array, as a sum that cancels has few digits of its own."""
    if ours.shape != theirs.shape or ours.dtype != theirs.dtype:
        return float("inf")
    finite = np.isfinite(theirs)
    if not np.array_equal(ours[~finite], theirs[~finite], equal_nan=ours.dtype.kind == "f"):
        return float("inf")
    ours, theirs = ours[finite].astype(np.float64), theirs[finite].astype(np.float64)
    difference = float(np.abs(ours - theirs).max(initial=0))
    if np.isnan(difference):  # where ours is not finite and theirs is
        return float("inf")
    return difference / float(np.abs(theirs).max()) if difference and theirs.any() else difference


def part_of(test: str) -> str:
    """Which part of the project a test is about, from the name of its file."""
    file = test.partition("::")[0]
    return next((part for word, part in PARTS.items() if word in file), PARTS["layer"])


def largest_of(comparisons: list[Comparison]) -> list[Comparison]:
    """One comparison for each part, option, framework, version and dtype: the one with the largest difference."""
    largest: dict[tuple[str, ...], Comparison] = {}
    for each in comparisons:
        key = each["part"], each["option"], each["framework"], each["version"], each["dtype"]
        if key not in largest or each["largest"] > largest[key]["largest"]:
            largest[key] = each
    return [largest[key] for key in sorted(largest)]


def path() -> Path:
    return Path(os.environ.get("PARITY_REPORT", Path(__file__).parent / ".seen.json"))


def read() -> Seen:
    before: Seen = json.loads(path().read_text()) if path().exists() else {"comparisons": [], "facts": []}
    return before


@atexit.register
def write() -> None:
    """Merge what this session saw into the file."""
    if not any(_session.values()):
        return
    before = read()
    comparisons = largest_of(before["comparisons"] + _session["comparisons"])
    facts = [each for each in before["facts"] if each not in _session["facts"]] + _session["facts"]
    path().write_text(json.dumps({"comparisons": comparisons, "facts": facts}, indent=1) + "\n")
