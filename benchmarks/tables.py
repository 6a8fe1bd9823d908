"""What is printed: tables of ratios, each row with its bar where there is one."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import NamedTuple

import numpy as np

from core.records import FloatArray


class Ratio(NamedTuple):
    """One number per round, reduced to the median and its spread."""

    median: float
    smallest: float
    largest: float

    def __str__(self) -> str:
        return f"{short(self.median)}x [{short(self.smallest)}, {short(self.largest)}]"


class Bar(NamedTuple):
    """What a row must reach."""

    limit: float
    at_most: bool = True
    unit: str = "x"

    def holds(self, value: float) -> bool:
        return value <= self.limit if self.at_most else value >= self.limit

    def __str__(self) -> str:
        return f"{'at most' if self.at_most else 'at least'} {short(self.limit)}{self.unit}"


class Row(NamedTuple):
    """The cells as they are printed, and the value that the bar judges."""

    cells: Sequence[str]
    judged: float = 0.0
    bar: Bar | None = None

    @property
    def short(self) -> bool:
        return self.bar is not None and not self.bar.holds(self.judged)

    @property
    def verdict(self) -> str:
        return "" if self.bar is None else f"{self.bar}: {'falls short' if self.short else 'holds'}"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a title. The first column is set left, the numbers right."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Row]
    note: str = ""

    @property
    def short(self) -> int:
        """How many bars fall short."""
        return sum(row.short for row in self.rows)

    def __str__(self) -> str:
        lines = [tuple(self.columns), *(tuple(row.cells) for row in self.rows)]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        verdicts = ["", *(row.verdict for row in self.rows)]
        body = [f"{_line(line, widths)}  {verdict}".rstrip() for line, verdict in zip(lines, verdicts, strict=True)]
        return "\n".join([self.title, *([self.note] if self.note else []), *(f"  {line}" for line in body)])


def judge(topics: Iterable[Callable[[], Iterable[Table]]]) -> int:
    """Print every table as soon as it is measured, and how many bars hold: 1 if any falls short, else 0."""
    start, bars, short = perf_counter(), 0, 0
    for topic in topics:
        for table in topic():
            print(f"\n{table}", flush=True)
            bars += sum(row.bar is not None for row in table.rows)
            short += table.short
    print(f"\n{bars - short} of {bars} bars hold. {perf_counter() - start:.0f} s.", flush=True)
    return 1 if short else 0


def ratio(part: FloatArray, whole: FloatArray) -> Ratio:
    """part / whole, round by round."""
    each = part / whole
    return Ratio(float(np.median(each)), float(each.min()), float(each.max()))


def short(number: float) -> str:
    """Three digits, and all of them in front of the point."""
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:.3g}"


def microseconds(seconds: FloatArray) -> str:
    return short(float(np.median(seconds)) * 1e6)


def milliseconds(seconds: FloatArray) -> str:
    return short(float(np.median(seconds)) * 1e3)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = zip(cells, widths, strict=True)
    return "  ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)])
