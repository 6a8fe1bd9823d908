"""Lesson 10: what pretrained rows do for words that no label mentions, and what a tied table costs and gets."""

from itertools import combinations

import numpy as np
import pytest

from core.fidelity import silhouette
from lessons import reuse_runs
from lessons.reuse import LEFT_BEHIND, LESSON
from lessons.reuse_runs import MODES, RUNS, SEEN, SEEN_ROWS, UNSEEN_ROWS, Settings, five_runs, moves, tuned
from lessons.reuse_scenes import remarks, split_words, table_of_runs
from lessons.reuse_tying import SMALL, Tie, first_loss, parameters, tied_step
from lessons.reviews import CONTENT, GROUPS, WORDS, Recipe, history_of
from lessons.ui.lesson import Option
from tests.test_pages import bare, calm, component, figure, opened, shown, unlocked

DEFAULTS = Settings(mode="Scratch", labelled=24, columns=8, steps=200, optimizer="SGD", run=0)
FLAT = DEFAULTS._replace(columns=2)


def means(settings: Settings, mode: str) -> tuple[float, float]:
    runs = five_runs(settings, mode)
    return float(np.mean([run.seen for run in runs])), float(np.mean([run.unseen for run in runs]))


# ---------------------------------------------------------------- the split


def test_halves_share_no_word_and_hold_two_of_each_kind() -> None:
    assert sorted(SEEN_ROWS + UNSEEN_ROWS) == sorted(CONTENT)
    assert [len(group) for group in SEEN] == [2, 2, 2, 2]


# ---------------------------------------------------------------- the numbers of the curriculum


def test_at_eight_columns_scratch_guesses_on_unseen_words_and_pretrained_rows_know_them() -> None:
    assert means(DEFAULTS, "Scratch") == pytest.approx((1.00, 0.49), abs=0.05)
    assert means(DEFAULTS, "Frozen") == pytest.approx((1.00, 1.00), abs=0.005)
    assert means(DEFAULTS, "Fine-tuned") == pytest.approx((1.00, 0.99), abs=0.01)
    assert min(run.unseen for run in five_runs(DEFAULTS, "Fine-tuned")) >= 0.94


def test_with_adam_fine_tuning_leaves_unseen_words_behind() -> None:
    adam = DEFAULTS._replace(optimizer="Adam")
    assert means(adam, "Fine-tuned")[0] == pytest.approx(1.00, abs=0.005)
    assert means(adam, "Fine-tuned")[1] < means(adam, "Frozen")[1] - LEFT_BEHIND


def test_at_two_columns_frozen_rows_fail_where_cbow_put_the_moods_crosswise() -> None:
    scratch, frozen, tuned_ = (means(FLAT, mode)[1] for mode in MODES)
    assert scratch == pytest.approx(0.5, abs=0.05)
    assert (frozen, tuned_) == pytest.approx((0.80, 0.80), abs=0.01)
    crossed = [reuse_runs.crosswise(run) for run in range(RUNS)]
    assert crossed == [run.seen < 0.9 for run in five_runs(FLAT, "Frozen")]
    assert sum(crossed) == 2


def test_at_eight_columns_no_run_is_crosswise() -> None:
    assert min(run.seen for run in five_runs(DEFAULTS, "Frozen")) == 1


@pytest.mark.parametrize("optimizer", ["SGD", "Adam"])
@pytest.mark.parametrize("mode", MODES)
def test_rows_that_no_label_mentions_do_not_move(mode: str, optimizer: str) -> None:
    run = tuned(DEFAULTS._replace(mode=mode, optimizer=optimizer))
    np.testing.assert_array_equal(run.after[UNSEEN_ROWS], run.before[UNSEEN_ROWS])
    moved = np.any(run.after[SEEN_ROWS] != run.before[SEEN_ROWS], axis=1)
    assert moved.all() == (mode != "Frozen") == moved.any()


def test_frozen_and_fine_tuned_start_from_what_cbow_made_and_scratch_does_not() -> None:
    start = reuse_runs.pretrained(8, 0)
    for mode in MODES:
        assert np.array_equal(tuned(DEFAULTS._replace(mode=mode)).before, start) == (mode != "Scratch")


def test_equal_neighbours_taken_together_leave_cbow_the_same_table() -> None:
    """Up to the rounding of single precision, which 300 steps of Adam carry along."""
    whole = history_of(Recipe("CBOW", columns=8)).snapshots[-1]
    np.testing.assert_allclose(reuse_runs.pretrained(8, 0), whole, atol=1e-3)


def test_before_any_step_frozen_and_fine_tuned_are_the_same() -> None:
    early = DEFAULTS._replace(steps=0)
    assert means(early, "Frozen") == means(early, "Fine-tuned")


def test_words_of_a_kind_lie_together_before_any_label_is_read() -> None:
    rng, kinds = np.random.default_rng(0), [str(place // 4) for place in range(16)]
    found = silhouette(reuse_runs.pretrained(8, 0)[CONTENT], kinds, rng)
    assert found.score > 0.2 > found.chance + 0.1


# ---------------------------------------------------------------- the map


@pytest.mark.parametrize("columns", [2, 8])
def test_axes_stay_over_steps_and_between_frozen_and_fine_tuned(columns: int) -> None:
    of = DEFAULTS._replace(columns=columns)
    views = [moves(of._replace(mode=mode, steps=steps)) for mode in MODES[1:] for steps in (0, 50, 200)]
    for first, second in combinations(views, 2):
        assert first.limits == second.limits
        np.testing.assert_array_equal(first.before, second.before)


def test_two_columns_are_drawn_as_they_are() -> None:
    found, run = moves(FLAT), tuned(FLAT)
    np.testing.assert_array_equal(found.after, run.after[CONTENT])
    assert found.shown == pytest.approx(1)


def test_the_chart_says_in_words_and_in_its_table_how_far_each_word_moved() -> None:
    data = component(unlocked("reuse", mode="Fine-tuned"), "reuse_arrows")
    distances = moves(DEFAULTS._replace(mode="Fine-tuned")).distances
    assert f"move by {distances[[0, 1, 4, 5, 8, 9, 12, 13]].mean():.3f} on average" in data["alt"]
    assert "unseen words by 0." in data["alt"]
    (table,) = data["tables"]
    halves = ["seen" if row in SEEN_ROWS else "unseen" for row in CONTENT]
    assert [row[:3] for row in table["rows"]] == [
        [WORDS[row], GROUPS[row], half] for row, half in zip(CONTENT, halves, strict=True)
    ]
    assert [row[-1] for row in table["rows"]] == pytest.approx(distances.tolist(), rel=1e-4)


def test_words_keep_their_groups_and_those_that_no_label_mentions_are_hollow() -> None:
    data = component(unlocked("reuse"), "reuse_arrows")
    halves = [layer for layer in data["layers"] if layer["kind"] == "points"]
    for layer, rows in zip(halves, (SEEN_ROWS, UNSEEN_ROWS), strict=True):
        assert dict(zip(layer["words"], layer["groups"], strict=True)) == {WORDS[row]: GROUPS[row] for row in rows}
        assert bool(layer["hollow"]) == (rows is UNSEEN_ROWS)
    assert "Seen words are filled, unseen ones hollow." in data["alt"]


# ---------------------------------------------------------------- tying


TIED = Tie("Tied", word=1, values="PyTorch", width=256)


def test_the_first_loss_of_a_tied_table_is_257_where_guessing_has_6_9() -> None:
    assert first_loss(TIED) == pytest.approx(257, abs=1)
    assert np.log(1000) == pytest.approx(6.9, abs=0.01)
    assert first_loss(TIED._replace(values="Keras")) == pytest.approx(6.9, abs=0.05)
    assert first_loss(TIED._replace(output="Separate")) == pytest.approx(6.9, abs=0.2)


def test_the_loss_of_a_tied_start_is_about_its_columns() -> None:
    for width in (32, 64, 128):
        assert first_loss(TIED._replace(width=width)) == pytest.approx(width, rel=0.05)


@pytest.mark.parametrize("word", range(SMALL[0]))
def test_a_tied_table_gets_both_gradients_and_every_row_one(word: int) -> None:
    step = tied_step(TIED._replace(word=word))
    np.testing.assert_allclose(step.together, step.from_reading + step.from_scores, rtol=1e-6)
    assert step.together.any(axis=1).all()
    assert np.flatnonzero(step.from_reading.any(axis=1)).tolist() == [word]
    apart = tied_step(TIED._replace(word=word, output="Separate"))
    assert np.flatnonzero(apart.together.any(axis=1)).tolist() == [word]


def test_a_tied_table_counts_once() -> None:
    assert parameters(TIED) == 256_000
    assert parameters(TIED._replace(output="Separate")) == 512_000
    assert figure(unlocked("reuse"), "Trainable numbers").startswith("256,000")
    assert figure(unlocked("reuse", output="Separate"), "Rows of E with a gradient").startswith("1 of 6")


# ---------------------------------------------------------------- the page


def test_the_page_shows_what_core_computes() -> None:
    page = unlocked("reuse")
    for mode in MODES:
        calm(page.button_group(key="reuse_mode").set_value(mode).run())
        seen, unseen = means(DEFAULTS, mode)
        assert figure(page, f"{mode}, seen words").startswith(f"{seen:.2f}")
        assert figure(page, f"{mode}, unseen words").startswith(f"{unseen:.2f}")
        assert figure(page, "Unseen rows moved").startswith("0 ")
    assert "Chance is 0.50" in bare(shown(page))
    assert "built into the data" in bare(shown(page))


def test_all_runs_of_all_modes_stand_in_the_table() -> None:
    text = bare(table_of_runs(DEFAULTS))
    for mode in MODES:
        runs = " ".join(f"{run.unseen:.2f}" for run in five_runs(DEFAULTS, mode))
        assert runs in text
    assert 'aria-current="true"><th scope="row">Scratch' in table_of_runs(DEFAULTS)


def test_the_page_says_which_share_of_the_movement_is_in_the_picture() -> None:
    tuned_ = DEFAULTS._replace(mode="Fine-tuned")
    assert f"They show {100 * moves(tuned_).shown:.0f}% of the movement." in remarks(tuned_)
    assert "of the movement" not in remarks(DEFAULTS._replace(mode="Frozen"))


def test_the_verdict_has_two_decimals_and_the_remark_on_sgd_is_about_pretrained_rows() -> None:
    reached, text = means(DEFAULTS, "Scratch")[1], bare(shown(unlocked("reuse")))
    assert f"{reached:.2f} are right" in text
    assert "A coin gets 0.50." in text
    assert "moves pretrained rows too little" in remarks(DEFAULTS)


def test_the_sealed_page_names_the_halves_and_no_accuracy() -> None:
    before = bare(shown(opened("reuse")))
    assert bare(split_words()) in before
    assert "Unseen rows moved" not in before
    assert "Trainable numbers" not in before


def test_crosswise_moods_are_told_where_they_are() -> None:
    assert "In 2 of 5 runs CBOW has put good and bad words crosswise" in remarks(FLAT)
    assert "crosswise" not in remarks(DEFAULTS)


def test_the_task_is_open_at_first_and_done_with_adam() -> None:
    check = LESSON.task.check
    assert check(DEFAULTS) == ""
    assert check(DEFAULTS._replace(steps=0)) == ""
    assert "left the others behind" in check(DEFAULTS._replace(optimizer="Adam"))
    page = unlocked("reuse")
    assert "Done:" not in shown(page)
    calm(page.button_group(key="reuse_optimizer").set_value("Adam").run())
    assert "Done:" in shown(page)


def test_what_an_option_offers_to_try_shows_its_point() -> None:
    def after(option: Option) -> Settings:
        values = DEFAULTS._asdict() | dict(option.try_it)
        return Settings(**values | {"columns": int(values["columns"])})

    many, always, few, _ = LESSON.questions[0].options
    lost = [means(after(option), "Frozen")[1] - means(after(option), "Fine-tuned")[1] for option in (few, many)]
    assert lost[0] > lost[1] > 0
    assert means(after(always), "Frozen")[0] < 0.9 < means(after(always), "Fine-tuned")[0]
    assert means(after(few), "Fine-tuned")[1] < means(after(few), "Frozen")[1] - LEFT_BEHIND


@pytest.mark.parametrize("mode", MODES)
def test_the_numpy_code_says_what_it_does(mode: str) -> None:
    code = LESSON.snippets(DEFAULTS._replace(mode=mode))["numpy"]
    *lines, last = code.splitlines()
    scope: dict[str, object] = {}
    exec("\n".join(lines), scope)
    assert str(eval(last.partition("#")[0], scope)) == last.partition("rows that moved: ")[2]
