"""Numbers and matrices say what they hold: nothing is rounded away, no sign is lost, and no name breaks the page."""

import re
from html import unescape
from html.parser import HTMLParser

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as nps

from lessons.ui.matrix import LARGEST_TABLE, heatmap, matrix
from lessons.ui.numbers import MINUS, aligned, duration_of, plain, signed, size_of

FINITE = st.floats(-1e300, 1e300)
SMALL_TABLES = nps.arrays(
    np.float64, nps.array_shapes(min_dims=2, max_dims=2, max_side=8), elements=st.floats(-999, 999)
)


def read(text: str) -> float:
    return float(text.replace(MINUS, "-").replace(",", ""))


@given(FINITE)
def test_a_signed_number_keeps_its_sign_and_four_digits(value: float) -> None:
    text = signed(value)
    assert read(text) == pytest.approx(value, rel=5.01e-4, abs=0)
    assert text == "0" if value == 0 else text[0] == ("+" if value > 0 else MINUS)
    assert "-" not in text


@given(FINITE)
def test_a_plain_number_keeps_four_digits_and_whole_ones_all(value: float) -> None:
    assert read(plain(value)) == pytest.approx(value, rel=5.01e-4, abs=0)
    assert "-" not in plain(value)
    assert "+" not in plain(value)


@given(st.integers(-(10**14), 10**14))
def test_a_whole_number_is_written_out_with_commas(value: int) -> None:
    assert plain(value) == f"{value:,}".replace("-", MINUS)
    assert read(plain(value)) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (0.6146, "0.6146"), (1_200_000, "1,200,000"), (-64_064, f"{MINUS}64,064"), (float("inf"), "inf"),
     (float("nan"), "nan"), (1e-9, f"1e{MINUS}9"), (-0.0, "0")],
)  # fmt: skip
def test_plain_numbers_as_a_person_writes_them(value: float, text: str) -> None:
    assert plain(value) == text


@given(SMALL_TABLES)
def test_an_aligned_matrix_reads_back_to_four_digits_of_its_largest_entry(values: np.ndarray) -> None:
    texts = aligned(values)
    back = np.array([[read(text) for text in row] for row in texts])
    largest = np.abs(values).max()
    np.testing.assert_allclose(back, values, rtol=0, atol=max(5.01e-4 * largest, 1e-7))
    assert all((text == "0") == (value == 0) for text, value in zip(np.ravel(texts), values.ravel(), strict=True))


@given(SMALL_TABLES)
def test_an_aligned_matrix_has_the_same_decimals_in_every_entry_unless_it_is_tiny(values: np.ndarray) -> None:
    values[np.abs(values) < 1e-3] = 0
    lengths = {len(text.partition(".")[2]) for row in aligned(values) for text in row if text != "0"}
    assert len(lengths) <= 1


def test_what_a_matrix_of_four_decimals_shows() -> None:
    assert aligned(np.array([[0.4, -1.25], [0, 1 / 3]])) == [["+0.400", f"{MINUS}1.250"], ["0", "+0.333"]]
    assert aligned(np.array([[0.4, -0.25]])) == [["+0.40", f"{MINUS}0.25"]]
    assert aligned(np.array([[1.0, -2.0]])) == [["+1", f"{MINUS}2"]]


@pytest.mark.parametrize("values", [[[np.nan, 1.0]], [[np.inf, -np.inf]], [[1e300, 1e-300]], [[12345.6, 0.1]], [[]]])
def test_a_matrix_that_has_left_the_ordinary_is_still_written(values: list[list[float]]) -> None:
    assert [len(row) for row in aligned(np.array(values))] == [len(row) for row in values]


@given(st.floats(0, 1e12))
def test_sizes_and_durations_keep_three_digits(value: float) -> None:
    units = {"GB": 1e9, "MB": 1e6, "KB": 1e3, "bytes": 1, "s": 1, "ms": 1e-3, "µs": 1e-6, "ns": 1e-9}
    for text in (size_of(round(value)), duration_of(value)):
        number, unit = text.split()
        expected = round(value) if unit in {"GB", "MB", "KB", "bytes"} else value
        assert float(number.replace(",", "")) * units[unit] == pytest.approx(expected, rel=6e-3, abs=1e-12)


@pytest.mark.parametrize(
    ("text", "expected"),
    [(size_of(24), "24 bytes"), (size_of(51_200_000), "51.2 MB"), (duration_of(3.5e-6), "3.5 µs"),
     (duration_of(0.027), "27 ms"), (duration_of(1.2), "1.2 s")],
)  # fmt: skip
def test_sizes_and_durations_as_a_person_says_them_and_their_unit_stays_on_the_line(text: str, expected: str) -> None:
    assert text == expected.replace(" ", "\N{NO-BREAK SPACE}")


# ---------------------------------------------------------------- the drawing of a matrix


class Balanced(HTMLParser):
    """Fails on a tag that is closed out of order or not at all."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: list[str] = []
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "img":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@given(SMALL_TABLES)
def test_a_drawn_matrix_holds_every_number_under_its_row_and_column(values: np.ndarray) -> None:
    html = matrix(values, "E")
    Balanced(html)
    rows = re.findall("<tr.*?</tr>", html.partition("<tbody>")[2])
    shown = [re.findall("<td[^>]*>(.*?)</td>", row) for row in rows]
    assert shown == aligned(values)
    assert f"{len(values)} × {values.shape[1]}" in html
    assert html.count('scope="row"') == len(values)
    assert html.count('scope="col"') == values.shape[1]


@given(SMALL_TABLES)
def test_the_tint_of_a_number_says_its_sign_and_its_size(values: np.ndarray) -> None:
    largest = np.abs(values).max() or 1.0
    cells = re.findall(r'<td class="(pos|neg|zero)"(?: style="--t:(\d+)")?>', matrix(values, "E"))
    for value, (kind, tint) in zip(values.ravel().tolist(), cells, strict=True):
        assert kind == ("pos" if value > 0 else "neg" if value < 0 else "zero")
        assert int(tint or 0) == pytest.approx(100 * abs(value) / largest, abs=0.51)


@given(st.lists(st.text(max_size=12), min_size=2, max_size=2), st.text(max_size=12))
def test_no_word_or_name_can_break_out_of_the_table(labels: list[str], name: str) -> None:
    html = matrix(np.ones((2, 1)), f"{name}<script>", row_labels=labels, column_labels=["<b>&"])
    parsed = Balanced(html)
    assert "<script" not in html
    assert "<b>&" in parsed.texts
    shown = [unescape(text) for text in re.findall(r'<th scope="row">(.*?)</th>', html, re.DOTALL)]
    assert shown == labels


def test_chosen_rows_are_marked_and_the_others_step_back() -> None:
    html = matrix(np.ones((3, 1)), "E", chosen=[1], dim=True, tag="E", origins=[None, "H-0", None])
    rows = re.findall("<tr.*?>", html.partition("<tbody>")[2])
    assert rows == [
        '<tr class="rest" data-row="E-0">',
        '<tr class="chosen" data-row="E-1" data-from="H-0">',
        '<tr class="rest" data-row="E-2">',
    ]


@pytest.mark.parametrize("shape", [(LARGEST_TABLE[0] + 1, 2), (2, LARGEST_TABLE[1] + 1), (2000, 128), (13, 1)])
def test_a_matrix_too_large_for_numbers_becomes_an_image_that_says_what_it_shows(shape: tuple[int, int]) -> None:
    values = np.random.default_rng(0).normal(size=shape)
    html = matrix(values, "Table <E>")
    Balanced(html)
    assert "<table" not in html
    assert f"{shape[0]} × {shape[1]}" in html
    assert 'alt="Heatmap of Table &lt;E&gt;' in html
    assert ("all of it" in html) == (shape[0] <= 48 and shape[1] <= 48)


def test_a_heatmap_of_nothing_but_zeros_can_be_drawn() -> None:
    assert "from 0 to 0" in heatmap(np.zeros((20, 20)), "E")
