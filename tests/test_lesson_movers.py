"""Lesson 5: the gradient is zero for rows that were not read, the update need not be."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lessons import movers
from lessons.movers_runs import COUNTS, STARTS, Settings, distances, drifted, run, runs_of, sgd_and_adam, unused
from lessons.movers_runs import MOVERS as ALL
from lessons.movers_snippets import snippets
from lessons.movers_table import cause, never_read, row_by_row, steps_table, summary, told
from lessons.ui.numbers import MINUS
from tests.test_pages import bare, calm, component, opened, shown, unlocked

RESULTS = ("Row 0 is not read in 4 of 5 steps.", "It moves with Adam.")

# The first coordinate of row 0, from 0.66 on: its steps, and whether row 2, which is never read, shrinks.
STEPS = {
    ("PyTorch", "SGD"): ([-0.1, 0, 0, 0, 0], False),
    ("PyTorch", "Adagrad"): ([-0.1, 0, 0, 0, 0], False),
    ("PyTorch", "RMSprop"): ([-1.0, 0, 0, 0, 0], False),
    ("Keras", "RMSprop"): ([-0.316, 0, 0, 0, 0], False),
    ("PyTorch", "SGD, momentum 0.9"): ([-0.1, -0.090, -0.081, -0.073, -0.066], False),
    ("PyTorch", "Adam"): ([-0.1, -0.067, -0.052, -0.042, -0.036], False),
    ("Keras", "Adam"): ([-0.1, -0.067, -0.052, -0.042, -0.036], False),
    ("PyTorch", "AdamW"): ([-0.107, -0.073, -0.057, -0.047, -0.040], True),
    ("Keras", "AdamW"): ([-0.107, -0.073, -0.057, -0.047, -0.040], True),
    ("PyTorch", "SparseAdam"): ([-0.1, 0, 0, 0, 0], False),
}


def found(framework, name, **changed):
    settings = Settings(framework=framework, **changed)
    (one,) = (run for run in runs_of(settings) if run.name == name)
    return one


@pytest.mark.parametrize(("framework", "name"), STEPS)
def test_the_steps_of_a_word_that_is_read_once_and_of_one_that_never_is(framework, name):
    steps, shrinks = STEPS[framework, name]
    one = found(framework, name)
    assert_allclose(one.path.moves[:, 0, 0], steps, atol=5.1e-4)
    first, last = np.abs(one.path.tables[[0, -1], 2])
    assert (last < first).all() if shrinks else (last == first).all()


def test_the_page_shows_these_steps():
    text = bare(shown(unlocked("movers", 0, view=movers.ALL)))
    for step in ("0.0729", "0.0656", "0.0518", "0.0424", "0.107", "0.0725", "0.0396"):
        assert f"{MINUS}{step}" in text
    keras = bare(shown(unlocked("movers", 0, view=movers.ALL, framework="Keras")))
    assert f"{MINUS}0.316" in keras
    assert "SparseAdam" not in keras


def test_a_table_of_ones_goes_where_the_frameworks_take_it():
    movers_by_name = {mover.name: mover for mover in ALL["PyTorch"]}
    seen = {"Adam": [0.9, 0.833, 0.781, 0.739, 0.703], "SGD, momentum 0.9": [0.9, 0.81, 0.729, 0.656, 0.590]}
    for name, values in seen.items():
        rows = run(movers_by_name[name], (1, 2, 2, 2, 2), 0.1, 0.01, np.ones((5, 1))).path.tables[1:, 1, 0]
        assert_allclose(rows, values, atol=6e-4)


def test_every_cause_is_named_in_words_and_by_a_marker():
    adamw, adam, sgd = (found("PyTorch", name) for name in ("AdamW", "Adam", "SGD"))
    assert told(cause(adamw, 0, 0)) == "● read now ■ decay"
    assert told(cause(adamw, 1, 0)) == "▲ memory ■ decay"
    assert told(cause(adamw, 1, 2)) == "■ decay"
    assert told(cause(adam, 1, 0)) == "▲ memory"
    assert told(cause(adam, 1, 2)) == "– never read"
    assert told(cause(sgd, 1, 0)) == "○ still"
    assert told(cause(sgd, 0, 1)) == "– never read"


def test_the_first_line_names_who_moves_a_row_without_reading_it():
    def said(**changed):
        settings = Settings(**changed)
        return bare(summary(runs_of(settings), settings))

    assert "Row 2 is never read." in said(row=2)
    assert "It moves with Adam with L2, AdamW." in said(row=2)
    assert "No optimizer moves it." in said(row=2, decay=0.0)
    assert "read in every step" in said(stream=(0, 0), row=0)


def test_the_first_view_shows_the_two_of_the_prediction_alone():
    found = sgd_and_adam(Settings())
    assert [one.name for one in found] == ["SGD", "Adam"]
    assert "stands still with SGD. It moves with Adam." in bare(summary(found, Settings()).replace("<b>", ""))
    table = bare(steps_table(found, Settings().stream, 0))
    assert "Row 2" not in table
    assert "decay" not in table
    text = bare(shown(unlocked("movers")))
    assert f"{MINUS}0.0518" in text
    assert "AdamW" not in text.partition("Finding")[0].partition("Adam also remembers")[2]


def test_the_row_that_is_never_read_has_a_column_unless_all_are_read():
    assert never_read((0, 1, 1, 1, 1), 0) == 2
    assert never_read((0, 1, 1, 1, 1), 2) is None
    assert never_read((0, 1, 2), 0) is None
    assert "Row 2<small>all steps" in steps_table(runs_of(Settings()), (0, 1, 1, 1, 1), 0, 2)


def test_a_table_that_is_not_used_has_no_gradient_and_is_passed_by():
    found = unused(0.1, 0.1)
    assert len(found) == 7
    for one in found:
        moves = one.path.moves[1:, 0, 0]
        assert (moves < -0.03).all() if one.remark == "gradient zeros" else (moves == 0).all(), one.name


def test_what_all_steps_did_to_a_row_has_the_causes_of_all_steps():
    (adamw,) = (one for one in unused(0.1, 0.1) if (one.name, one.remark) == ("AdamW", "gradient None"))
    assert told(cause(adamw, None, 1)) == "■ decay"  # in step 1; afterwards nothing moves it
    assert told(cause(adamw, None, 0)) == "● read now ■ decay"
    assert told(cause(found("PyTorch", "Adam"), None, 2)) == "– never read"


def test_frequent_words_go_far_and_a_word_that_is_never_read_keeps_its_start():
    assert_allclose(distances(COUNTS, 0.1), [2.01, 1.42, 0.66, 0.21, 0], atol=5.1e-3)
    np.testing.assert_array_equal(drifted(COUNTS, 0.1)[4], STARTS[4])
    text = bare(shown(unlocked("movers", 0, view=movers.RARE)))
    for number in ("2.01", "1.42", "0.66", "0.21", "0.00"):
        assert number in text


def test_the_walk_has_a_scene_for_each_step_and_the_charts_their_numbers():
    page = unlocked("movers", 0, view=movers.STEPS)
    scenes = component(page, "movers_walk")["scenes"]
    assert [scene["caption"][:25] for scene in scenes[:2]] == ["<b>Step 1 reads row 0.</b", "<b>Step 2 reads row 1.</b"]
    assert len(scenes) == 5
    page = unlocked("movers", 0, view=movers.PATHS)
    assert f"row 0 from (0.66, {MINUS}0.3) to" in component(page, "movers_paths")["alt"]
    assert len(component(page, "movers_paths")["layers"]) == 2


def test_the_first_line_of_a_walk_tells_reading_from_moving():
    said = bare(row_by_row(found("PyTorch", "Adam")))
    assert said.strip() == (
        "Adam: row 0 is read once and moves 5 times; row 1 is read 4 times and moves 4 times; "
        "row 2 is never read and never moves."
    )


def test_what_gives_the_answer_away_is_not_shown_before_the_prediction():
    before, after = bare(shown(opened("movers"))), bare(shown(unlocked("movers")))
    for secret in RESULTS:
        assert secret not in before
        assert secret in after


def test_an_optimizer_that_the_framework_lacks_is_replaced_and_said():
    page = unlocked("movers", 0, view=movers.PATHS, optimizer="SparseAdam", framework="Keras")
    assert "Keras 3.15.1 has no SparseAdam: this is SGD." in shown(page)
    assert "SGD" in component(page, "movers_paths")["name"]


@pytest.mark.parametrize("view", movers.VIEWS)
def test_every_view_says_in_its_first_line_what_is_to_be_seen(view):
    calm(unlocked("movers", 0, view=view))


def test_the_task_is_done_where_no_optimizer_moves_a_row_that_is_not_read():
    check = movers.LESSON.task.check
    assert check(Settings()) == ""
    assert check(Settings(row=2)) == ""
    assert check(Settings(row=0, decay=0.0)) == ""
    assert "cannot move" in check(Settings(row=2, decay=0.0))
    assert check(Settings(stream=(0, 0), row=0, decay=0.0)) == ""


def test_the_code_shows_the_steps_of_the_watched_row():
    code = snippets(Settings())
    assert f"{MINUS}0.1, {MINUS}0.067, {MINUS}0.0518, {MINUS}0.0424, {MINUS}0.0359" in code["numpy"]
    exec(code["numpy"], {})
    assert f"# SparseAdam: {MINUS}0.1, 0, 0, 0, 0;" in code["PyTorch"]
