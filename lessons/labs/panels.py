"""Many runs at a glance: a small picture for each seed, its result in words under it, the failures among them."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import atan2, hypot

import numpy as np

from core.records import FloatArray

MARGIN = 9.0  # per cent of the picture
GREY = -1  # the kind of a row that belongs to no group
SHAPES = ("Circles", "Squares", "Diamonds")  # of the kinds 0, 1, 2


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """One run: rows at places (V, 2), each as its text or else as the mark of its kind, and joined pairs."""

    name: str
    said: str
    good: bool  # whether it shows what is looked for
    places: FloatArray
    pairs: Sequence[tuple[int, int]] = ()
    texts: Sequence[str] = ()
    kinds: Sequence[int] = ()


def panels(title: str, runs: Sequence[Panel]) -> str:
    """HTML of the pictures side by side. They are boxes placed by style sheets: the page lets no other drawing in."""
    figures = "".join(_figure(panel) for panel in runs)
    return f'<section class="panels" aria-label="{escape(title)}">{figures}</section>'


def _figure(panel: Panel) -> str:
    places = _on_page(panel.places).tolist()
    lines = "".join(_line(*places[start], *places[end]) for start, end in panel.pairs)
    texts = panel.texts or [""] * len(places)
    kinds = panel.kinds or [0] * len(places)
    rows = "".join(_row(x, y, text, kind) for (x, y), text, kind in zip(places, texts, kinds, strict=True))
    words = f"<b>{escape(panel.name)}</b> {escape(panel.said)}"
    good = ' class="as-hoped"' if panel.good else ""
    return f'<figure{good}><div aria-hidden="true">{lines}{rows}</div><figcaption>{words}</figcaption></figure>'


def _line(x: float, y: float, to_x: float, to_y: float) -> str:
    across, down = to_x - x, to_y - y
    place = f"left:{x:.1f}%;top:{y:.1f}%;width:{hypot(across, down):.1f}%"
    return f'<i style="{place};transform:rotate({atan2(down, across):.4f}rad)"></i>'


def _row(x: float, y: float, text: str, kind: int) -> str:
    mark = "text" if text else "mark-grey" if kind == GREY else f"mark-{kind}"
    return f'<span class="{mark}" style="left:{x:.1f}%;top:{y:.1f}%">{escape(text)}</span>'


def _on_page(places: FloatArray) -> FloatArray:
    """Places (V, 2) in per cent from the top left corner of the picture, one unit equally long on both axes."""
    middle = (places.max(axis=0) + places.min(axis=0)) / 2
    radius = float(np.abs(places - middle).max()) or 1.0
    return np.asarray((places - middle) / radius * (50 - MARGIN) * np.array([1, -1]) + 50)
