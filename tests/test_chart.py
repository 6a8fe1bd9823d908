"""The chart: what it hands to the browser, and what it refuses."""

from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lessons.ui.chart import Arrows, Line, Lines, Points, chart
from tests.test_pages import calm, component

PAIRS = np.arange(6.0).reshape(3, 2)
WORDS = ("a", "b", "c")
NAMED: dict[str, Any] = {"key": "test", "name": "Test", "alt": "three points"}


def drawn(*layers: Any, **options: Any) -> Any:
    """The data of a chart on a page of its own."""

    def script(layers: list[object], options: dict[str, object]) -> None:
        from lessons.ui.chart import chart

        chart(*layers, **options)  # type: ignore[arg-type]

    page = AppTest.from_function(script, kwargs={"layers": layers, "options": {**NAMED, **options}})
    return component(calm(page.run()), "test")


@pytest.mark.parametrize(
    ("layer", "head", "first"),
    [
        (Points(WORDS, ("x", "", ""), PAIRS), ["word", "group", "d0", "d1"], ["a", "x", 0, 1]),
        (Points(WORDS, ("", "", ""), PAIRS), ["word", "d0", "d1"], ["a", 0, 1]),
        (Points(WORDS, ("x",) * 3, PAIRS, hollow="U"), ["word", "group", "hollow", "d0", "d1"], ["a", "x", "U", 0, 1]),
        (Line("up", [1, 2], [0.5, np.nan]), ["d0", "up"], [1, 0.5]),
        (Arrows(PAIRS, PAIRS + 1, WORDS), ["name", "d0, from", "d1, from", "d0, to", "d1, to"], ["a", 0, 1, 1, 2]),
        (Lines(PAIRS, PAIRS + 1, "near"), ["name", "d0, from", "d1, from", "d0, to", "d1, to"], ["near", 0, 1, 1, 2]),
    ],
)
def test_every_layer_has_its_numbers_in_a_table(layer: Any, head: list[str], first: list[Any]) -> None:
    (table,) = drawn(layer, x_title="d0", y_title="d1")["tables"]
    assert table["head"] == head
    assert table["rows"][0] == first


def test_curves_over_the_same_x_share_a_table_and_a_gap_is_none() -> None:
    tables = drawn(Line("one", [0, 1], [2, np.nan]), Line("two", [0, 1], [3, 4]), Line("far", [5], [6]))["tables"]
    assert [table["head"] for table in tables] == [["x", "one", "two"], ["x", "far"]]
    assert tables[0]["rows"] == [[0, 2, 3], [1, None, 4]]


def test_a_long_table_is_thinned_and_says_how_long_it_is() -> None:
    (table,) = drawn(Line("long", np.arange(1000), np.arange(1000)))["tables"]
    assert table["count"] == 1000
    assert 50 <= len(table["rows"]) <= 60


def test_a_table_of_its_own_stands_in_for_the_layers() -> None:
    (table,) = drawn(Points(WORDS, ("",) * 3, PAIRS), table={"row": ["r"], "value": [np.float64(1 / 3)]})["tables"]
    assert table == {"head": ["row", "value"], "rows": [["r", 0.333333]], "count": 1}


def test_numbers_are_sent_with_six_digits_of_the_largest() -> None:
    layer = drawn(Line("thirds", [1, 2, 3], np.array([100, 1, 0.001]) / 3))["layers"][0]
    assert layer["y"] == [33.33333, 0.33333, 0.00033]


@pytest.mark.parametrize(
    ("layer", "rule"),
    [
        (Points(WORDS, ("",) * 3, PAIRS[:2]), r"coordinates must have the shape \(3, 2\), got \(2, 2\)"),
        (Points(WORDS, ("",) * 2, PAIRS), "3 words, but 2 groups"),
        (Points(WORDS, ("",) * 3, PAIRS, sizes=[1]), r"sizes must have the shape \(3,\), got \(1,\)"),
        (Line("up", [1, 2], [1]), r"y must have the shape \(2,\), got \(1,\)"),
        (Arrows(PAIRS, PAIRS, WORDS[:2]), r"starts must have the shape \(2, 2\), got \(3, 2\)"),
        (Lines(PAIRS, PAIRS[:2], ""), r"ends must have the shape \(3, 2\), got \(2, 2\)"),
    ],
)
def test_shapes_that_disagree_are_named(layer: Any, rule: str) -> None:
    with pytest.raises(ValueError, match=rule):
        chart(layer, **NAMED)


def test_a_chart_without_a_text_alternative_is_refused() -> None:
    with pytest.raises(ValueError, match="alt"):
        chart(Points((), (), []), key="k", name="n", alt="")


def test_columns_of_unequal_length_are_refused() -> None:
    with pytest.raises(ValueError, match="equally long"):
        chart(Points((), (), []), **NAMED, table={"a": [1], "b": []})


def test_nothing_to_draw_is_a_chart_too() -> None:
    assert drawn(Points((), (), []))["tables"] == [{"head": ["word", "x", "y"], "rows": [], "count": 0}]
