"""What one rerun of each page costs the server, next to a page that has nothing on it."""

import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import NamedTuple

import numpy as np
from streamlit.proto.Common_pb2 import DoubleArray
from streamlit.proto.WidgetStates_pb2 import WidgetState

from benchmarks.served import Server, Visitor, serving
from benchmarks.tables import Bar, Row, Table, milliseconds, ratio, short
from core.records import FloatArray

ROOT = Path(__file__).parents[1]
ROUNDS, RERUNS = 5, 8
ALLOWED = 0.010  # seconds above twice the empty page
SKIP = "Skip the prediction"
EMPTY = {"app.py": 'import streamlit as st\n\napp = st.App("empty.py")\n', "empty.py": "import streamlit as st\n"}


class Page(NamedTuple):
    """A page, its address, the link that opens its experiment, and the control that is moved: its kind and label."""

    name: str
    path: str
    link: str = ""
    control: tuple[str, str] | None = None


PAGES = (
    Page("home", ""),
    Page("lesson 1, box", "box", "rows=8", ("number_input", "Seed")),
    Page("lesson 2, look-up", "lookup", "rows=8", ("number_input", "Seed")),
    Page("lesson 4, gradient", "gradient", "rate=1", ("slider", "Learning rate")),
    Page("laboratory", "laboratory", "", ("number_input", "Seed")),
)


class Cost(NamedTuple):
    """What one rerun takes: seconds of CPU in each round (rounds,), and bytes sent."""

    seconds: FloatArray
    size: float


def tables() -> Iterator[Table]:
    """Nothing where the CPU time of another process cannot be read."""
    if not sys.platform.startswith("linux"):
        return
    with serving(ROOT) as course, _empty() as empty, ExitStack() as stack:
        servers = [empty, *(course for _ in PAGES)]
        visitors = [stack.enter_context(visitor) for visitor in (Visitor(empty), *(_opened(course, p) for p in PAGES))]
        names = ["an empty page", *(page.name for page in PAGES)]
        still = dict(zip(names, _costs(servers, visitors, [visitor.rerun for visitor in visitors]), strict=True))
        yield _table("nothing changed", still, judged=True)
        movers = [
            visitors[0].rerun,
            *(_mover(visitor, page) for visitor, page in zip(visitors[1:], PAGES, strict=True)),
        ]
        moved = dict(zip(names, _costs(servers, visitors, movers), strict=True))
        del moved[PAGES[0].name]  # there is nothing to move
        yield _table("one control moved to a new value each time", moved, judged=False)


@contextmanager
def _empty() -> Iterator[Server]:
    """An app without anything on its page, under the configuration of the course."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(ROOT / ".streamlit", folder / ".streamlit")
        for file, text in EMPTY.items():
            (folder / file).write_text(text, encoding="utf-8")
        with serving(folder) as server:
            yield server


def _opened(server: Server, page: Page) -> Visitor:
    """A visitor of a page whose figure is open: a lesson hides it until the prediction is locked in or skipped."""
    visitor = Visitor(server, page.path, page.link)
    if page.link:
        visitor.rerun(WidgetState(id=visitor.find("button", SKIP), trigger_value=True))
    return visitor


def _mover(visitor: Visitor, page: Page) -> Callable[[], None]:
    """A rerun with the page's control at the next value: seeds 1, 2 and so on, rates 0.1, 0.2 and so on."""
    if page.control is None:
        return visitor.rerun
    kind, name = page.control[0], visitor.find(*page.control)
    numbers = count(1)

    def move() -> None:
        number = next(numbers)
        if kind == "number_input":
            visitor.rerun(WidgetState(id=name, double_value=number))
        else:
            visitor.rerun(WidgetState(id=name, double_array_value=DoubleArray(data=[number % 30 / 10])))

    return move


def _costs(servers: Sequence[Server], visitors: Sequence[Visitor], calls: Sequence[Callable[[], None]]) -> list[Cost]:
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


def _cpu_seconds(server: Server, call: Callable[[], None]) -> float:
    """CPU time of one of eight reruns, with what the server still does after its last message."""
    start = server.seconds()
    for _ in range(RERUNS):
        call()
    time.sleep(0.02)
    return (server.seconds() - start) / RERUNS


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
