"""What the docs print of a run: docs/parity.md to read, docs/parity.json for the page "Checked".

No dates and no counts of draws, and differences rounded up to one digit: a new run changes what really changed.
"""

import json
from collections.abc import Sequence
from decimal import ROUND_CEILING, Context
from importlib.metadata import version
from math import isfinite
from pathlib import Path
from typing import TypedDict

from tests.parity.report import DISTRIBUTIONS, PARTS, Comparison, Fact, Seen

DOCS = Path(__file__).parents[2] / "docs"
DTYPES = ("float64", "float32")
HEADER = """# Compared with the frameworks

Written by `make parity`: do not edit. Each option was computed here and by the framework on the same numbers.
The number is the largest difference that was seen, relative to the largest number of the result, rounded up
to one digit; 0 means equal numbers throughout. float64 keeps about 16 digits, float32 about 7. All of it ran
on a CPU; Keras ran on its torch backend, and for the facts on its JAX backend too.
"""


class Row(TypedDict):
    """One option of one framework: the largest relative difference in each dtype, None where it was not compared."""

    part: str
    option: str
    framework: str
    version: str
    float64: float | None
    float32: float | None


class Record(TypedDict):
    """What docs/parity.json holds."""

    versions: dict[str, str]
    comparisons: list[Row]
    facts: list[Fact]


def write(seen: Seen, docs: Path = DOCS) -> None:
    """Write both files. Raises ValueError, and writes nothing, for a run that must not be shown."""
    record = recorded(seen)
    (docs / "parity.json").write_text(json.dumps(record, indent=1, ensure_ascii=False, allow_nan=False) + "\n", "utf-8")
    (docs / "parity.md").write_text(markdown(record), "utf-8")


def recorded(seen: Seen) -> Record:
    """The record of a run. Raises ValueError if a difference is not finite or a framework is missing."""
    wrong = [each for each in seen["comparisons"] if not isfinite(each["largest"])]
    if wrong:
        raise ValueError(f"differences must be finite, got {wrong[0]}")
    missing = DISTRIBUTIONS.keys() - {each["framework"] for each in seen["comparisons"]}
    if missing:
        raise ValueError(f"every framework must have been compared, got nothing of {', '.join(sorted(missing))}")
    frameworks = {each["framework"]: each["version"] for each in seen["comparisons"]}
    versions = {name: version(name) for name in ("numpy", "scipy")} | {name: frameworks[name] for name in DISTRIBUTIONS}
    return {"versions": versions, "comparisons": rows(seen["comparisons"]), "facts": by_situation(seen["facts"])}


def by_situation(facts: list[Fact]) -> list[Fact]:
    """What each framework did in the same situation, side by side."""
    situations = [each["situation"] for each in facts]
    frameworks = list(DISTRIBUTIONS)
    return sorted(facts, key=lambda each: (situations.index(each["situation"]), frameworks.index(each["framework"])))


def rows(comparisons: list[Comparison]) -> list[Row]:
    """The dtypes of an option side by side; the parts in the order of PARTS."""
    by_option: dict[tuple[str, ...], Row] = {}
    for each in comparisons:
        key = each["part"], each["option"].removeprefix("head: "), each["framework"], each["version"]
        part, option, framework, number = key
        empty = Row(
            part=part, option=option, framework=framework, version=number, float64=None, float32=None,
        )  # fmt: skip
        row = by_option.setdefault(key, empty)
        if each["dtype"] == "float64":
            row["float64"] = rounded_up(each["largest"])
        elif each["dtype"] == "float32":
            row["float32"] = rounded_up(each["largest"])
        else:
            raise ValueError(f"dtypes must be {' or '.join(DTYPES)}, got {each['dtype']}")
    parts = [*PARTS.values()]
    return [by_option[key] for key in sorted(by_option, key=lambda key: (parts.index(key[0]), *key))]


def rounded_up(difference: float) -> float:
    """3.2e-16 -> 4e-16: one digit, never smaller than what was seen."""
    return float(Context(prec=1, rounding=ROUND_CEILING).create_decimal(repr(difference)))


def markdown(record: Record) -> str:
    """The record as a page of Markdown."""
    versions = ", ".join(f"{name} {number}" for name, number in record["versions"].items())
    facts = [
        (each["situation"], f"{each['framework']} {each['version']}", f"`{each['layer']}`", each["does"], each["here"])
        for each in record["facts"]
    ]
    lines = [HEADER, f"Versions: {versions}.\n", "## Where the frameworks go separate ways\n"]
    lines += table(("situation", "framework", "layer", "what it did", "what this project does"), facts)
    for part in dict.fromkeys(row["part"] for row in record["comparisons"]):
        lines += [f"\n## Largest relative differences: {part}\n", *table(("option", "framework", *DTYPES), [
            (row["option"], f"{row['framework']} {row['version']}", written(row["float64"]), written(row["float32"]))
            for row in record["comparisons"] if row["part"] == part
        ])]  # fmt: skip
    return "\n".join(lines) + "\n"


def written(difference: float | None) -> str:
    """4e-16, 0, or nothing where there was no comparison."""
    return "" if difference is None else f"{difference:.0e}" if difference else "0"


def table(head: tuple[str, ...], lines: Sequence[tuple[str, ...]]) -> list[str]:
    """The lines of a Markdown table."""
    return [f"| {' | '.join(line)} |" for line in (head, ("---",) * len(head), *lines)]
