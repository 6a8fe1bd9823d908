"""The chart in a real browser: drawn, zoomed, changed, read as a table, in another theme."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.app_server import ROOT, running_app
from tests.browser_setup import settled

APP = f"""import sys

sys.path.insert(0, {str(ROOT)!r})

import streamlit as st
from lessons.ui import serving

app = st.App("page.py", routes=serving.routes())
"""
PAGE = """import numpy as np
import streamlit as st
from lessons.ui.chart import Arrows, Line, Lines, Points, chart

seed = st.number_input("Seed", 0, 9)
places = np.random.default_rng(seed).normal(0, 1, (6, 2))
words = ["tasty", "stale", "fresh", "boring", "the", "and"]
groups = ["good", "bad", "good", "bad", "", ""]
chart(
    Lines(places[:2], places[2:4], "nearest"), Points(words, groups, places), Arrows(places, places + 1, [""] * 6),
    Points(words[:2], groups[:2], places[:2] + 2, hollow="second table"),
    key="map", name="Map", alt=f"6 words, seed {seed}", x_title="d0", y_title="d1", equal=True,
)
chart(
    Line("loss", range(50), np.linspace(1, 0, 50)), Line("other", range(50), np.linspace(0, 1, 50)),
    key="curves", name="Curves", alt="one falls from 1 to 0", x_title="step", steps=True,
)
edges = [[0, 1], [0.01, 0.99], [0.02, 1], [0, 0], [1, 0], [1, 1]]
chart(Points(words, groups, edges), key="edges", name="Edges", alt="6 words", height=160, equal=True)
chart(Points(words, groups, edges), key="stretched", name="Stretched", alt="6 words", height=160)
"""


@pytest.fixture(scope="module")
def charts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an app with two charts."""
    folder: Path = tmp_path_factory.mktemp("charts")
    shutil.copytree(ROOT / ".streamlit", folder / ".streamlit")
    (folder / "app.py").write_text(APP, "utf-8")
    (folder / "page.py").write_text(PAGE, "utf-8")
    with running_app(folder=folder) as app:
        yield app.address


def figure(page: Page, name: str) -> Locator:
    """The chart of that name."""
    found = page.locator("figure.chart", has=page.get_by_text(name, exact=True))
    expect(found).to_have_attribute("data-drawn", "1", timeout=20_000)  # Plotly is large
    return found


def _range(chart: Locator) -> list[float]:
    found: list[float] = chart.locator(".chart-canvas").evaluate("(canvas) => [...canvas.layout.xaxis.range]")
    return found


def test_a_zoom_is_kept_when_the_settings_change_and_can_be_taken_back(page: Page, charts: str) -> None:
    page.goto(charts)
    chart = figure(settled(page), "Map")
    first, reset = _range(chart), chart.get_by_role("button", name="Reset view")
    expect(reset).to_be_hidden()
    box = chart.locator(".chart-canvas").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 300, box["y"] + 100)
    page.mouse.down()
    page.mouse.move(box["x"] + 500, box["y"] + 200, steps=4)
    page.mouse.up()
    expect(reset).to_be_visible()
    zoomed = _range(chart)
    assert zoomed[1] - zoomed[0] < first[1] - first[0]
    page.get_by_role("spinbutton", name="Seed").fill("3")
    page.get_by_role("spinbutton", name="Seed").press("Enter")
    expect(page.get_by_role("figure", name="6 words, seed 3")).to_be_visible()
    assert _range(chart) == zoomed
    reset.click()
    expect(reset).to_be_hidden()
    assert _range(chart) != zoomed


def test_a_chart_has_a_name_a_text_alternative_and_its_numbers_as_a_table(page: Page, charts: str) -> None:
    page.goto(charts)
    chart = figure(settled(page), "Map")
    expect(page.get_by_role("figure", name="6 words, seed 0")).to_be_visible()
    expect(chart.locator(".space-legend li")).to_have_text(["good", "bad", "hollow: second table", "nearest"])
    expect(chart.get_by_role("table").first).to_be_hidden()
    chart.get_by_text("Table", exact=True).press("Enter")
    table = chart.get_by_role("table").first
    expect(table.locator("thead th")).to_have_text(["word", "group", "d0", "d1"])
    expect(table.locator("tbody th")).to_have_text(["tasty", "stale", "fresh", "boring", "the", "and"])
    page.keyboard.press("Tab")
    expect(chart.get_by_role("region", name="Numbers: Map")).to_be_focused()
    serious = [each for each in Axe().run(page).response["violations"] if each["impact"] in {"serious", "critical"}]
    assert not [each["id"] for each in serious if "figure" in str(each["nodes"])]


def test_hollow_markers_keep_the_colour_and_the_shape_of_their_group(page: Page, charts: str) -> None:
    page.goto(charts)
    canvas = figure(settled(page), "Map").locator(".chart-canvas")
    markers = canvas.evaluate("(canvas) => canvas.data.filter(({marker}) => marker?.symbol?.map).map((t) => t.marker)")
    filled, hollow = markers
    assert filled["symbol"][:2] == ["circle", "square"]
    assert hollow["symbol"] == ["circle-open", "square-open"]
    assert hollow["color"] == filled["color"][:2]


@pytest.mark.parametrize("name", ["Edges", "Stretched"])
def test_labels_at_the_edges_are_not_cut(page: Page, charts: str, name: str) -> None:
    page.goto(charts)
    chart = figure(settled(page), name)
    frame = chart.locator(".nsewdrag").bounding_box()
    boxes = [label.bounding_box() for label in chart.locator(".textpoint text").all() if label.text_content()]
    assert frame is not None
    assert len(boxes) >= 4
    for box in boxes:
        assert box is not None
        assert box["y"] > frame["y"] - 2  # the box of a text is a little higher than its letters
        assert box["y"] + box["height"] < frame["y"] + frame["height"] + 2
        assert frame["x"] < box["x"] < box["x"] + box["width"] < frame["x"] + frame["width"]


def test_a_chart_follows_the_theme_and_the_width(page: Page, charts: str) -> None:
    page.emulate_media(color_scheme="light")
    page.goto(charts)
    chart = figure(settled(page), "Curves")
    names = chart.locator(".annotation-text")
    expect(names).to_have_text(["other", "loss"])
    light = chart.locator(".xtick text").first.evaluate("(text) => getComputedStyle(text).fill")
    page.emulate_media(color_scheme="dark")
    expect(chart.locator(".xtick text").first).not_to_have_css("fill", light)
    page.set_viewport_size({"width": 390, "height": 844})
    expect(names).to_have_count(0)  # too narrow for names at the ends: the legend has them
    expect(chart.locator(".space-legend li")).to_have_text(["loss", "other"])
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
