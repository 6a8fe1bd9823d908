"""What one rerun of each page costs the server, next to a page that has nothing on it."""

import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

import numpy as np
import streamlit as st
from streamlit.proto.Common_pb2 import DoubleArray
from streamlit.proto.WidgetStates_pb2 import WidgetState

from benchmarks.tables import Bar, Row, Table, milliseconds, ratio, short
from benchmarks.visitor import Visitor
from core.records import FloatArray
from lessons.course import COURSE
from lessons.ui.knobs import Knobs
from lessons.ui.lesson import Lesson
from tests.app_server import ROOT, Running, running_app

ROUNDS, RERUNS = 5, 8
ALLOWED = 0.010  # seconds above twice the empty page
SKIP = "Skip the prediction"
EMPTY = {"app.py": 'import streamlit as st\n\napp = st.App("empty.py")\n', "empty.py": "import streamlit as st\n"}


class Control(NamedTuple):
    """A widget that can be moved, and its value at each turn."""

    kind: str
    label: str
    value_of: Callable[[int], float]


class Page(NamedTuple):
    """A page, its address, the link that opens its experiment, and controls: the first that is drawn is moved."""

    name: str
    path: str
    link: str = ""
    controls: tuple[Control, ...] = ()


def _controls(knobs: Knobs) -> Iterator[Control]:
    """Numbers to type, then sliders: each walks from its lowest value to its highest."""
    for kind, function in {"number_input": st.number_input, "slider": st.slider}.items():
        for knob in knobs.knobs.values():
            if isinstance(knob.widget, partial) and knob.widget.func == function:
                label, low, high = knob.widget.args
                yield Control(kind, label, partial(_value, low, high, knob.widget.keywords.get("step", 1)))


def _value(low: float, high: float, size: float, turn: int) -> float:
    return low + turn % (round((high - low) / size) + 1) * size


def _page_of(lesson: Lesson) -> Page:
    knob = next(knob for knob in lesson.knobs.knobs.values() if knob.widget is not None)
    link = urlencode({knob.name: knob.write(knob.default)})
    return Page(f"lesson {lesson.number}, {lesson.slug}", lesson.slug, link, tuple(_controls(lesson.knobs)))


PAGES = (
    Page("home", ""),
    *(Page(name, name) for name in ("before", "after", "ask", "glossary", "checked", "labs")),
    *map(_page_of, COURSE),
    Page("laboratory", "laboratory", "", (Control("slider", "Dimensions D", lambda number: 2 + number % 60),)),
)


class Cost(NamedTuple):
    """What one rerun takes: seconds of CPU in each round (rounds,), and bytes sent."""

    seconds: FloatArray
    size: float


def tables() -> Iterator[Table]:
    """Nothing where the CPU time of another process cannot be read."""
    if not sys.platform.startswith("linux"):
        return
    with running_app() as course, _empty() as empty, ExitStack() as stack:
        servers = [empty, *(course for _ in PAGES)]
        visitors = [stack.enter_context(visitor) for visitor in (Visitor(empty), *(_opened(course, p) for p in PAGES))]
        names = ["an empty page", *(page.name for page in PAGES)]
        still = dict(zip(names, _costs(servers, visitors, [visitor.rerun for visitor in visitors]), strict=True))
        yield _table("nothing changed", still, judged=True)
        found = [_mover(visitor, page) for visitor, page in zip(visitors[1:], PAGES, strict=True)]
        movers = [
            visitors[0].rerun,
            *(mover or visitor.rerun for mover, visitor in zip(found, visitors[1:], strict=True)),
        ]
        moved = dict(zip(names, _costs(servers, visitors, movers), strict=True))
        for page, mover in zip(PAGES, found, strict=True):
            if mover is None:
                del moved[page.name]
        yield _table("one control moved to a new value each time", moved, judged=False)


@contextmanager
def _empty() -> Iterator[Running]:
    """An app without anything on its page, under the configuration of the course."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(ROOT / ".streamlit", folder / ".streamlit")
        for file, text in EMPTY.items():
            (folder / file).write_text(text, encoding="utf-8")
        with running_app(folder=folder) as app:
            yield app


def _opened(app: Running, page: Page) -> Visitor:
    """A visitor of a page whose figure is open: a lesson hides it until the prediction is locked in or skipped."""
    visitor = Visitor(app, page.path, page.link)
    if page.link:
        visitor.rerun(WidgetState(id=visitor.find("button", SKIP), trigger_value=True))
    return visitor


def _mover(visitor: Visitor, page: Page) -> Callable[[], None] | None:
    """A rerun with a control of the page at the next of its values; None if there is nothing to move."""
    for kind, label, value_of in page.controls:
        try:
            name = visitor.find(kind, label)
        except LookupError:  # drawn only with other settings
            continue
        return partial(_move, visitor, kind, name, map(value_of, count(1)))
    return None


def _move(visitor: Visitor, kind: str, name: str, values: Iterator[float]) -> None:
    value = float(next(values))
    if kind == "number_input":
        visitor.rerun(WidgetState(id=name, double_value=value))
    else:
        visitor.rerun(WidgetState(id=name, double_array_value=DoubleArray(data=[value])))


def _costs(servers: Sequence[Running], visitors: Sequence[Visitor], calls: Sequence[Callable[[], None]]) -> list[Cost]:
    """Rounds in which all pages take turns, after one that is not counted."""
    seconds = np.empty((len(calls), ROUNDS))
    for call in calls:
        call()
    before = [visitor.received for visitor in visitors]
    for turn in range(ROUNDS):
        for place, (server, call) in enumerate(zip(servers, calls, strict=True)):
            seconds[place, turn] = _cpu_seconds(server, call)
    sizes = [(visitor.received - start) / ROUNDS / RERUNS for visitor, start in zip(visitors, before, strict=True)]
    return [Cost(*each) for each in zip(seconds, sizes, strict=True)]


def _cpu_seconds(app: Running, call: Callable[[], None]) -> float:
    """CPU time of one of eight reruns, with what the server still does after its last message."""
    clock = (~app.pid << 3) | 2  # what clock_getcpuclockid gives: /proc/<pid>/stat counts in steps of 10 ms only
    start = time.clock_gettime(clock)
    for _ in range(RERUNS):
        call()
    time.sleep(0.02)
    return (time.clock_gettime(clock) - start) / RERUNS


def _table(what: str, costs: Mapping[str, Cost], *, judged: bool) -> Table:
    empty = next(iter(costs.values()))
    rows = []
    for name, cost in costs.items():
        part = ratio(cost.seconds, 2 * empty.seconds + ALLOWED)
        bar = Bar(1) if judged and cost is not empty else None
        cells = (name, milliseconds(cost.seconds), str(ratio(cost.seconds, empty.seconds)), str(part), short(cost.size))
        rows.append(Row(cells, part.median, bar))
    return Table(
        f"One rerun of each page, {what}: CPU time of the server, {ROUNDS} rounds of {RERUNS} reruns",
        ("", "CPU, ms", "page / empty", "page / (2 x empty + 10 ms)", "bytes sent"),
        rows,
    )
