"""The one chart of the lessons: layers of points, curves, arrows and thin lines, each with a table of its numbers.

Plotly draws it in the browser and keeps the learner's zoom when the settings change.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lessons.ui.assets import asset_component

MOST_ROWS = 60  # of a table; of a longer one every second, third ... row is shown
DIGITS = 6

Limits = tuple[tuple[float, float], tuple[float, float]]
Columns = dict[str, list[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Words at (V, 2); colour and shape by group ("" is grey), outlines if `hollow` says why. sizes: in pixels."""

    words: Sequence[str]
    groups: Sequence[str]
    coordinates: ArrayLike
    coloured: bool = True
    sizes: ArrayLike | None = None
    hollow: str = ""

    def data(self) -> dict[str, Any]:
        """Its numbers for the browser. Raises ValueError if shapes disagree."""
        places = _pairs("coordinates", self.coordinates, len(self.words))
        if len(self.groups) != len(self.words):
            raise ValueError(f"{len(self.words)} words, but {len(self.groups)} groups")
        sizes = None if self.sizes is None else _numbers("sizes", self.sizes, len(self.words))
        return {
            "kind": "points", "words": list(self.words), "groups": list(self.groups), "coloured": self.coloured,
            "sizes": sizes, "hollow": self.hollow, "at": places,
        }  # fmt: skip

    def columns(self, x: str, y: str) -> Columns:
        """Its table."""
        across, down = np.asarray(self.coordinates, float).reshape(-1, 2).T
        marks = {"group": list(self.groups)} if any(self.groups) else {}
        marks |= {"hollow": [self.hollow] * len(self.words)} if self.hollow else {}
        return {"word": list(self.words), **marks, x: across.tolist(), y: down.tolist()}


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A curve with its name at its end; a y that is nan is a gap. dash: in pixels, "7 3"; "" follows the order."""

    name: str
    x: ArrayLike
    y: ArrayLike
    dash: str = ""

    def data(self) -> dict[str, Any]:
        """Its numbers for the browser. Raises ValueError if shapes disagree."""
        count = np.size(np.asarray(self.x))
        x, y = _numbers("x", self.x, count), _numbers("y", self.y, count)
        return {"kind": "line", "name": self.name, "dash": self.dash, "x": x, "y": y}


@dataclass(frozen=True, slots=True, eq=False)
class Arrows:
    """Arrows from (n, 2) to (n, 2), each with a name or ""."""

    starts: ArrayLike
    ends: ArrayLike
    names: Sequence[str]

    def data(self) -> dict[str, Any]:
        """Its numbers for the browser. Raises ValueError if shapes disagree."""
        count = len(self.names)
        ends = {"from": _pairs("starts", self.starts, count), "to": _pairs("ends", self.ends, count)}
        return {"kind": "arrows", "names": list(self.names), **ends}

    def columns(self, x: str, y: str) -> Columns:
        """Its table."""
        (x0, y0), (x1, y1) = (np.asarray(places, float).reshape(-1, 2).T for places in (self.starts, self.ends))
        ends = {f"{x}, from": x0, f"{y}, from": y0, f"{x}, to": x1, f"{y}, to": y1}
        return {"name": list(self.names), **{name: column.tolist() for name, column in ends.items()}}


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """Thin segments from (n, 2) to (n, 2), all with one name in the legend."""

    starts: ArrayLike
    ends: ArrayLike
    name: str

    def data(self) -> dict[str, Any]:
        """Its numbers for the browser. Raises ValueError if shapes disagree."""
        count = len(np.asarray(self.starts))
        ends = {"from": _pairs("starts", self.starts, count), "to": _pairs("ends", self.ends, count)}
        return {"kind": "lines", "name": self.name, **ends}


def chart(*layers: Points | Line | Arrows | Lines, key: str, **options: Any) -> None:
    """Draw the layers in order, the last on top; options: those of `chart_data`."""
    draw_chart(key, chart_data(*layers, **options))


def draw_chart(key: str, data: bytes) -> None:
    """Draw what `chart_data` has made."""
    asset_component("chart")(key=key, data=data)  # bytes spare Streamlit reading it through


def chart_data(
    *layers: Points | Line | Arrows | Lines,
    name: str,
    alt: str,
    x_title: str = "",
    y_title: str = "",
    height: int = 360,
    equal: bool = False,
    limits: Limits | None = None,
    steps: bool = False,
    table: Mapping[str, Sequence[Any]] | None = None,
) -> bytes:
    """A chart as the browser takes it, the layers in order, the last on top: what depends on settings can be kept.

    name: the caption. alt: what is to be seen, in a sentence or two with numbers. equal: one unit is equally long on
    both axes. limits: ((x0, x1), (y0, y1)), fixed, else as the layers need. steps: x counts steps. table: what stands
    behind the toggle instead of the layers' own numbers. Raises ValueError if shapes disagree or alt is missing.
    """
    if not alt or not name:
        raise ValueError("a chart needs a name, and an alt that says what is to be seen")
    data = {
        "layers": [layer.data() for layer in layers], "name": name, "alt": alt, "titles": [x_title, y_title],
        "height": height, "equal": equal, "limits": limits, "steps": steps,
        "tables": [_table(columns) for columns in _columns(layers, table, x_title or "x", y_title or "y")],
    }  # fmt: skip
    return json.dumps(data).encode()


def _columns(
    layers: Sequence[Any], table: Mapping[str, Sequence[Any]] | None, x: str, y: str
) -> list[Mapping[str, Sequence[Any]]]:
    """The tables of a chart: the one given, or one for each layer that names its points and one for the curves."""
    if table is not None:
        return [table]
    named = [layer.columns(x, y) for layer in layers if isinstance(layer, Points | Arrows)]
    curves = [layer for layer in layers if isinstance(layer, Line)]
    segments = [_segments(layer, x, y) for layer in layers if isinstance(layer, Lines) and not named]
    return [*named, *_curves(curves, x), *segments]


def _curves(lines: Sequence[Line], x: str) -> list[Columns]:
    """Curves over the same x share a table."""
    shared: dict[tuple[float, ...], Columns] = {}
    for line in lines:
        places = np.asarray(line.x, float).tolist()
        shared.setdefault(tuple(places), {x: places})[line.name] = np.asarray(line.y, float).tolist()
    return list(shared.values())


def _segments(layer: Lines, x: str, y: str) -> Columns:
    return Arrows(layer.starts, layer.ends, [layer.name] * len(np.asarray(layer.starts))).columns(x, y)


def _table(columns: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    """Head and rows for the browser. Raises ValueError if the columns are not equally long."""
    lengths = {len(column) for column in columns.values()}
    if len(lengths) != 1:
        raise ValueError(f"the columns of a table must be equally long, got {sorted(lengths)}")
    count = lengths.pop()
    kept = range(0, count, -(-count // MOST_ROWS) or 1)
    rows = [[_cell(column[row]) for column in columns.values()] for row in kept]
    return {"head": list(columns), "rows": rows, "count": count}


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return value
    number = float(value)
    return float(f"{number:.{DIGITS}g}") if np.isfinite(number) else None


def _pairs(name: str, values: ArrayLike, count: int) -> list[list[float | None]]:
    array = np.asarray(values, float)
    if array.shape != (count, 2) and array.size + count:
        raise ValueError(f"{name} must have the shape ({count}, 2), got {array.shape}")
    flat = _short(array.reshape(-1))
    return [flat[place : place + 2] for place in range(0, len(flat), 2)]


def _numbers(name: str, values: ArrayLike, count: int) -> list[float | None]:
    array = np.asarray(values, float)
    if array.shape != (count,):
        raise ValueError(f"{name} must have the shape ({count},), got {array.shape}")
    return _short(array)


def _short(values: NDArray[Any]) -> list[float | None]:
    """Numbers with six digits of the largest, None for what is not finite."""
    finite = np.isfinite(values)
    largest = float(np.abs(values[finite]).max(initial=0))
    decimals = DIGITS - int(np.floor(np.log10(largest))) if largest else 0
    return [value if good else None for value, good in zip(values.round(decimals).tolist(), finite, strict=True)]
