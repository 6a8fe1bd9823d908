"""The page "Checked" shows what the run wrote, and a run that must not be shown writes nothing."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Page, expect
from streamlit.testing.v1 import AppTest

from lessons import checked
from lessons.ui.numbers import plain
from lessons.ui.record import grouped_record
from tests.browser_setup import settled
from tests.parity import __main__ as parity_run
from tests.parity import published
from tests.parity.report import DISTRIBUTIONS, PARTS, Comparison, Seen, largest_of, part_of, relative_difference

RECORD = json.loads(checked.RECORD.read_text("utf-8"))
FRAMEWORKS = ("PyTorch", "Keras", "JAX")
PINS = Path(__file__).parents[1] / "requirements-parity.txt"


def _page() -> None:
    from lessons import checked

    checked.render()


def opened(framework: str | None = None) -> AppTest:
    page = AppTest.from_function(_page, default_timeout=60).run()
    if framework:
        page.button_group(key="checked_framework").set_value(framework).run()
    assert not page.exception
    return page


def html(page: AppTest) -> str:
    return "".join(element.proto.body for element in page.get("html"))


def lines(page: AppTest) -> list[list[str]]:
    """The lines of both tables, without headings."""
    rows = re.findall(r'<tr><th scope="row">(.*?)</tr>', html(page))
    return [re.split(r"</th><td>|</td><td>", row.removesuffix("</td>")) for row in rows]


def comparison(largest: float = 0.0, framework: str = "PyTorch", dtype: str = "float64") -> Comparison:
    return {
        "part": PARTS["layer"],
        "option": "look-up",
        "framework": framework,
        "version": "1.0",
        "dtype": dtype,
        "largest": largest,
    }


def whole(*more: Comparison) -> Seen:
    return {"comparisons": [*(comparison(framework=name) for name in FRAMEWORKS), *more], "facts": []}


# ---------------------------------------------------------------- the page


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_the_filter_leaves_the_lines_of_one_framework(framework: str) -> None:
    expected = [row for part in ("comparisons", "facts") for row in RECORD[part] if row["framework"] == framework]
    found = lines(opened(framework))
    assert expected
    assert [line[1] for line in found] == [f"{framework} {row['version']}" for row in expected]


def test_every_line_of_the_record_is_shown_as_it_stands() -> None:
    found = lines(opened())
    assert len(found) == len(RECORD["comparisons"]) + len(RECORD["facts"])
    for line, row in zip(found, RECORD["comparisons"], strict=False):
        assert line[2:] == ["not compared" if row[d] is None else plain(row[d], 1) for d in ("float64", "float32")]


def test_the_largest_difference_is_that_of_the_lines_shown() -> None:
    keras = [row["float64"] for row in RECORD["comparisons"] if row["framework"] == "Keras"]
    assert f"<dd>{plain(max(each for each in keras if each is not None), 1)}<small>" in html(opened("Keras"))


def test_the_versions_are_those_that_the_run_saw() -> None:
    (caption,) = [caption.value for caption in opened().caption if caption.value.startswith("With ")]
    assert all(f"{name} {version}" in caption for name, version in RECORD["versions"].items())


def test_the_page_says_what_was_not_compared_and_how_to_run_it() -> None:
    page = opened()
    assert "GPUs" in "".join(element.value for element in page.markdown)
    assert page.code[0].value == "make parity"


def test_there_is_something_to_touch_after_sixty_words() -> None:
    page = opened()
    assert len(f"{page.title[0].value} {page.markdown[0].value}".split()) <= 60


def test_a_copy_without_a_record_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(checked, "RECORD", tmp_path / "parity.json")
    page = opened()
    assert "make parity" in page.info[0].value
    assert not lines(page)


def test_what_a_record_says_is_text_and_not_html() -> None:
    table = grouped_record("<b>", ["<i>"], [("<u>", [["<s>", "&"]])])
    assert not re.search("<[bius]>|&[^a-z#]", table)


def test_the_tables_are_reached_and_scrolled_with_the_keyboard(page: Page) -> None:
    page.goto("/checked?framework=Keras")
    settled(page)
    box = page.locator(".record").first
    expect(box).to_contain_text("Keras")
    expect(box).not_to_contain_text("PyTorch")
    for _ in range(40):
        page.keyboard.press("Tab")
        if box.evaluate("box => box === document.activeElement"):
            break
    expect(box).to_be_focused()
    page.keyboard.press("End")
    page.wait_for_function("document.querySelector('.record').scrollTop > 0")


# ---------------------------------------------------------------- the record


def test_the_page_and_the_docs_are_of_the_same_run() -> None:
    assert published.markdown(RECORD) == (published.DOCS / "parity.md").read_text("utf-8")


def test_the_record_is_of_the_versions_that_are_pinned() -> None:
    pins = dict(line.split("==") for line in PINS.read_text().splitlines() if "==" in line)
    for framework, distribution in DISTRIBUTIONS.items():
        assert RECORD["versions"][framework].partition("+")[0] == pins[distribution]
    assert {row["version"] for row in RECORD["comparisons"]} == {RECORD["versions"][name] for name in FRAMEWORKS}


@given(st.floats(1e-300, 1e300))
def test_a_difference_is_rounded_up_to_one_digit(difference: float) -> None:
    rounded = published.rounded_up(difference)
    assert difference <= rounded <= difference * 2.000001
    assert re.fullmatch(r"\de[+-]\d+", f"{rounded:.0e}")
    assert float(f"{rounded:.0e}") == rounded


def test_of_several_differences_the_largest_is_kept() -> None:
    (kept,) = largest_of([comparison(1e-17), comparison(3e-16), comparison(2e-16)])
    assert kept["largest"] == 3e-16


def test_the_dtypes_of_an_option_stand_in_one_line() -> None:
    (row,) = published.rows([comparison(1.5e-16), comparison(2.1e-7, dtype="float32")])
    assert (row["float64"], row["float32"]) == (2e-16, 3e-7)


@pytest.mark.parametrize("largest", [float("inf"), float("nan")])
def test_a_difference_that_is_not_finite_is_never_published(largest: float, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="must be finite"):
        published.write(whole(comparison(largest)), tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_dtype_that_the_table_has_no_column_for_is_not_left_out_silently() -> None:
    with pytest.raises(ValueError, match="float64 or float32, got float16"):
        published.recorded(whole(comparison(dtype="float16")))


@pytest.mark.parametrize("missing", FRAMEWORKS)
def test_a_run_without_one_of_the_frameworks_is_never_published(missing: str, tmp_path: Path) -> None:
    seen: Seen = {"comparisons": [each for each in whole()["comparisons"] if each["framework"] != missing], "facts": []}
    with pytest.raises(ValueError, match=f"nothing of {missing}"):
        published.write(seen, tmp_path)
    assert not list(tmp_path.iterdir())


def test_the_same_run_is_written_as_the_same_bytes(tmp_path: Path) -> None:
    texts = []
    for comparisons in (whole()["comparisons"], whole()["comparisons"][::-1]):
        published.write({"comparisons": comparisons, "facts": []}, tmp_path)
        texts.append([path.read_text() for path in sorted(tmp_path.iterdir())])
    assert texts[0] == texts[1]


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (np.ones(2), np.ones(3)),
        (np.ones(2), np.ones(2, np.float32)),
        (np.array([np.nan, 1]), np.ones(2)),
        (np.ones(2), np.array([np.nan, 1])),
        (np.array([np.inf, 1]), np.array([-np.inf, 1])),
    ],
)
def test_what_cannot_be_compared_differs_without_bound(ours: np.ndarray, theirs: np.ndarray) -> None:
    assert relative_difference(ours, theirs) == float("inf")


def test_a_difference_is_relative_to_the_largest_number() -> None:
    assert relative_difference(np.array([4.0, 1.0]), np.array([4.0, 3.0])) == 0.5
    assert relative_difference(np.array([np.nan, 1.0]), np.array([np.nan, 1.0])) == 0


@pytest.mark.parametrize(("file", "part"), [("test_keras_layer", "layer"), ("test_optimizers_keras", "optimizers")])
def test_the_part_of_a_comparison_comes_from_its_file(file: str, part: str) -> None:
    assert part_of(f"tests/parity/{file}.py::test_heads_of_layers (call)") == PARTS[part]


# ---------------------------------------------------------------- the run


@pytest.mark.parametrize(("first", "second", "status"), [(1, 0, 1), (0, 1, 1), (5, 0, 5), (0, 0, 0)])
def test_the_run_fails_as_its_sessions_do_and_then_publishes_nothing(
    monkeypatch: pytest.MonkeyPatch, first: int, second: int, status: int
) -> None:
    written: list[Seen] = []
    results = dict(zip(parity_run.BACKENDS, (first, second), strict=True))
    for name in ("KERAS_HOME", "PARITY_REPORT", "OMP_NUM_THREADS"):
        monkeypatch.setenv(name, "")  # main sets them: they are put back
    session: Callable[[str], int] = results.__getitem__
    monkeypatch.setattr(parity_run, "session", session)
    monkeypatch.setattr(published, "write", written.append)
    assert parity_run.main() == status
    assert len(written) == (status == 0)
