"""Lesson 3: ids are row addresses, and the table must own every address."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from core.bad_ids import READERS, Reading
from core.table import lookup
from lessons import ids
from lessons.ids_edges import PROBES, means
from lessons.ids_scenes import scenes, words_and_ids
from lessons.ids_snippets import snippets
from lessons.ids_text import DEFAULT, MOST_LINES, MOST_ROWS, MOST_WORDS, Settings, numbered, readable, table, trouble
from tests.test_pages import bare, calm, component, opened, shown, unlocked

RESULTS = ("IndexError: ids must be 0 to 3, got 4.", "All at once.")
NAN = "nan"

# Seen by reading a table of 5 rows on a CPU: PyTorch 2.13.0; Keras 3.15.1 on TensorFlow, torch and JAX; JAX 0.10.2.
SEEN = {
    5: ("IndexError", "InvalidArgumentError", "IndexError", NAN, NAN, 4),
    8: ("IndexError", "InvalidArgumentError", "IndexError", NAN, NAN, 4),
    4: (4, 4, 4, 4, 4, 4),
    0: (0, 0, 0, 0, 0, 0),
    -1: ("IndexError", 4, 4, 4, 4, 4),
    -2: ("IndexError", 3, 3, 3, 3, 3),
    -6: ("IndexError", "InvalidArgumentError", "IndexError", NAN, NAN, 0),
    3.7: ("RuntimeError", 3, 3, 3, "ValueError", "TypeError"),
    -0.5: ("RuntimeError", 0, 0, 0, "ValueError", "TypeError"),
}


def reading(what):
    if what == NAN:
        return Reading()
    return Reading(error=what) if isinstance(what, str) else Reading(what)


@pytest.mark.parametrize("index", SEEN)
def test_each_way_to_read_a_table_does_with_an_id_what_was_seen(index):
    assert [reader.read(index, 5) for reader in READERS] == [reading(what) for what in SEEN[index]]


@given(st.integers(2, MOST_ROWS), st.sampled_from(PROBES))
def test_an_id_that_has_a_row_is_read_alike_by_all_and_only_such_ids(rows, index):
    has_a_row = index == int(index) and 0 <= index < rows
    found = {reader.read(index, rows) for reader in READERS}
    assert (found == {Reading(int(index))}) == has_a_row


@given(st.text("ab \n.", max_size=60), st.booleans(), st.booleans())
def test_the_table_needs_the_largest_id_and_one_more_row(text, pad, unk):
    if not text.strip(" \n."):
        return
    padded = numbered(readable(text), pad, unk).ids
    largest = int(padded.max())
    assert trouble(padded, largest + 1) == ""
    assert lookup(table(largest + 1), padded).shape == (*padded.shape, 3)
    assert largest == 0 or trouble(padded, largest) == f"ids must be 0 to {largest - 1}, got {largest}"


def test_the_sentence_1_2_3_4_breaks_a_table_of_four_rows_and_fits_into_five():
    text = numbered(DEFAULT, pad=True, unk=False)
    assert text.ids.tolist() == [[1, 2, 3, 4], [1, 2, 0, 0]]
    assert trouble(text.ids, 4) == "ids must be 0 to 3, got 4"
    assert trouble(text.ids, 5) == ""
    assert lookup(table(5), text.ids).shape == (2, 4, 3)


def test_a_row_for_unknown_words_moves_every_word_up_by_one_id():
    before, after = (numbered(DEFAULT, True, unk).vocabulary.ids for unk in (False, True))
    assert {word: after[word] - row for word, row in before.items() if word != "<pad>"} == dict.fromkeys(
        ("fresh", "soup", "was", "great"), 1
    )
    assert "fresh 1 → 2" in bare(words_and_ids(Settings(unk=True)))


def test_without_a_reserved_row_padding_reads_the_row_of_a_word():
    text = numbered(DEFAULT, pad=False, unk=False)
    assert text.ids.tolist() == [[0, 1, 2, 3], [0, 1, 0, 0]]
    page = unlocked("ids", 0, pad="off")
    assert "what fills up is the row of the token with id 0" in shown(page)


def test_two_words_and_four_zeros_of_padding_have_a_third_of_the_mean():
    plain, masked = means(4)
    assert_allclose(plain, [1 / 6, 1 / 6])
    assert_allclose(masked, [0.5, 0.5])
    page = unlocked("ids", 0, view=ids.MASK)
    text = bare(shown(page))
    assert "[0.167, 0.167]" in text
    assert "[0.5, 0.5]" in text


def test_what_does_not_fit_into_the_figure_is_said():
    many = "\n".join("a b c d e f g h i j" for _ in range(6))
    text = numbered(many, True, False)
    assert text.ids.shape == (MOST_LINES, MOST_WORDS)
    assert len(text.notes) == 2
    wide = numbered("a b c d e f\ng h i j k l", True, False)
    assert len(wide.vocabulary) == MOST_ROWS
    assert "left out" in wide.notes[0]
    assert numbered("a b c d e f\ng h i j k l", True, True).ids.max() == MOST_ROWS - 1
    assert numbered(DEFAULT, True, False).notes == ()


def test_a_sentence_of_words_without_ids_is_all_padding():
    text = numbered("a b c d e f\na b c d e f\ng h", True, False)
    assert text.ids[2].tolist() == [7, 0, 0, 0, 0, 0]
    longer = numbered("a b c d e f\ng a b c d e\nh", True, False)
    assert longer.ids[2].tolist() == [0] * 6


@pytest.mark.parametrize("text", ["", "   ", "!!!"])
def test_a_text_that_breaks_a_rule_is_named_and_the_last_good_one_stays(text):
    page = unlocked("ids")
    calm(page.text_area(key="ids_text").set_value("warm bread").run())
    good = component(page, "ids_walk")
    calm(page.text_area(key="ids_text").set_value(text).run())
    (error,) = page.error
    assert "must have at" in error.value
    assert component(page, "ids_walk") == good


def test_a_text_that_is_too_long_is_told_the_rule():
    with pytest.raises(ValueError, match="at most 400 characters"):
        readable("x" * 401)


def test_a_bad_id_is_marked_in_words_and_nothing_comes_out():
    whole, first, second = scenes(Settings())
    assert whole.html.count('class="bad"') == 1
    assert "bad id: great" in bare(whole.html)
    assert "No output" in whole.html
    assert "Id 4 has no row" in first.caption
    assert "one bad id is enough" in second.caption


def test_the_output_is_a_stack_of_tables_and_the_rows_fly_in_from_the_table():
    whole, first, second = scenes(Settings(rows=5))
    assert "output 2 × 4 × 3" in bare(whole.html)
    assert all(f'data-from="E-{row}"' in first.html for row in (1, 2, 3, 4))
    assert second.html.count('data-from="E-0"') == 2
    assert "bad" not in whole.html


def test_the_rows_that_a_longer_table_adds_leave_the_others_as_they_are():
    np.testing.assert_array_equal(table(8)[:5], table(5))


def test_what_gives_the_answer_away_is_not_shown_before_the_prediction():
    before, after = bare(shown(opened("ids"))), bare(shown(unlocked("ids")))
    for secret in RESULTS:
        assert secret not in before
        assert secret in after


def test_the_task_wants_five_rows_that_no_longer_suffice():
    check = ids.LESSON.task.check
    assert check(Settings()) == ""
    assert check(Settings(rows=5)) == ""
    assert check(Settings(unk=True)) == ""
    assert "moved every word up" in check(Settings(rows=5, unk=True))


def test_the_code_says_how_many_rows_are_needed():
    for settings, rows in ((Settings(), 5), (Settings(unk=True), 6), (Settings(pad=False), 4)):
        code = snippets(settings)
        assert f"torch.nn.Embedding({rows}, 3{', padding_idx=0' if settings.pad else ''})" in code["PyTorch"]
        assert f"layers.Embedding({rows}, 3{', mask_zero=True' if settings.pad else ''})" in code["Keras"]
        exec(code["numpy"], {})


@pytest.mark.parametrize("pad", [True, False])
@pytest.mark.parametrize("rows", [2, 4, 8])
def test_the_numpy_code_says_what_numpy_says(pad: bool, rows: int, capsys: pytest.CaptureFixture[str]) -> None:
    text = "a b c d e f g\na a b b c c d"
    code = snippets(Settings(text, pad, True, rows))["numpy"]
    exec(code, {})
    assert capsys.readouterr().out.strip() in code
    assert ("the mask" in code) == pad
