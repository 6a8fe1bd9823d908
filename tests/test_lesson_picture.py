"""Lesson 8: what a picture of a table shows, keeps, hides and invents. Ranges are over seeds 0 to 9 of our own run."""

import numpy as np
import pytest

from core.fidelity import nearest
from core.projection import flips
from lessons.picture import KNOBS, LESSON
from lessons.picture_axes import (
    COLUMN_PAIRS,
    COLUMNS,
    EVERY,
    FILM_PAIRS,
    FOOD_PAIRS,
    LAST,
    OWN,
    PAIRS,
    TRAINED,
    UNTRAINED,
    Pictures,
    What,
    pictures,
    true_nearest,
    trust,
)
from lessons.picture_figures import BOTH, RUN, Settings, _when
from lessons.reviews import CONTENT, WORDS
from tests.test_pages import bare, calm, component, shown, unlocked

RESULTS = ("Spread on the page", "Neighbours kept")
SEEDS = range(10)
FIRST = What()
AXES = (OWN, LAST, COLUMNS, PAIRS)


def over_seeds(what: What = FIRST) -> list[Pictures]:
    return [pictures(what._replace(seed=seed)) for seed in SEEDS]


# ---------------------------------------------------------------- the numbers of the course


def test_two_components_show_as_much_of_noise_as_of_a_trained_table() -> None:
    untrained = [found.picture.shown[UNTRAINED] for found in over_seeds()]
    trained = [found.picture.shown[TRAINED] for found in over_seeds()]
    assert (min(untrained[:3]), max(untrained[:3])) == pytest.approx((0.478, 0.594), abs=5e-4)
    assert 0.47 < min(untrained) < max(untrained) < 0.60
    assert 0.48 < min(trained) < max(trained) < 0.61
    assert abs(np.mean(untrained) - np.mean(trained)) < 0.01


def test_the_answer_of_the_prediction_is_about_half() -> None:
    assert trust(What(), UNTRAINED).shown == pytest.approx(0.5427, abs=1e-4)
    assert LESSON.prediction.right == "About 50%"
    assert "54%" in LESSON.prediction.because(None)  # type: ignore[operator]


def test_axes_chosen_elsewhere_show_about_two_eighths_of_noise() -> None:
    for axes in (LAST, COLUMNS):
        assert np.mean([found.picture.shown[UNTRAINED] for found in over_seeds(What(axes=axes))]) == pytest.approx(
            0.25, abs=0.05
        )


@pytest.mark.parametrize(("dimensions", "low", "high"), [(8, 5, 12), (16, 3, 9)])
def test_a_trained_picture_loses_about_half_of_the_nearest_neighbours(dimensions: int, low: int, high: int) -> None:
    kept = [found.kept[TRAINED] for found in over_seeds(What(dimensions=dimensions))]
    assert low <= min(kept) <= max(kept) <= high


def test_the_picture_flatters_the_groups() -> None:
    for seed in range(3):
        found = trust(What(dimensions=16, seed=seed), TRAINED)
        assert found.full.score == pytest.approx(0.19, abs=0.03)
        assert found.page.score == pytest.approx(0.44, abs=0.05)
        assert -0.2 < found.page.chance < found.full.chance < 0


def test_fillers_in_the_picture_hide_the_groups() -> None:
    for seed in range(3):
        without, with_fillers = trust(What(seed=seed), TRAINED), trust(What(seed=seed, fillers=True), TRAINED)
        assert without.full.score == pytest.approx(with_fillers.full.score)  # the table is the same
        assert with_fillers.page.score < without.page.score - 0.05
    assert (trust(What(), TRAINED).page.score, trust(What(fillers=True), TRAINED).page.score) == pytest.approx(
        (0.55, 0.08), abs=0.01
    )


def test_axes_of_every_frame_by_itself_flip_and_others_do_not() -> None:
    """Where a sign falls is up to the machine's LAPACK, so the count is a range: here 2 to 18 in 60 frames."""
    own = over_seeds()
    assert all(1 <= found.flips <= 30 for found in own)
    assert all(1 < found.jump < 2 for found in own)
    for axes in (LAST, COLUMNS):
        assert all(found.flips == 0 and found.jump < 0.3 for found in over_seeds(What(axes=axes)))
    named = over_seeds(What(axes=PAIRS))
    assert sum(found.flips for found in named) <= 1  # before the words have found their places
    assert all(found.jump < 0.35 for found in named)


@pytest.mark.parametrize("food", FOOD_PAIRS[:4])
@pytest.mark.parametrize("film", FILM_PAIRS[:4])
def test_two_word_pairs_rank_the_other_words_by_good_and_bad(food: str, film: str) -> None:
    found = [trust(What(axes=PAIRS, seed=seed, food=food, film=film), TRAINED).ranked for seed in range(3)]
    assert min(found) >= 0.86


def test_word_pairs_of_an_untrained_table_rank_nothing() -> None:
    found = [trust(What(axes=PAIRS, seed=seed), UNTRAINED).ranked for seed in range(3)]
    assert np.mean(found) == pytest.approx(0.5, abs=0.15)


def test_pairs_of_two_good_words_name_nothing() -> None:
    what = What(axes=PAIRS, food="tasty → fresh", film="gripping → funny")
    assert trust(what, TRAINED).ranked == pytest.approx(0.5)


# ---------------------------------------------------------------- the lesson's claims


@pytest.mark.parametrize("axes", AXES)
def test_a_picture_never_draws_words_farther_apart_than_they_are(axes: str) -> None:
    found = pictures(What(axes=axes))
    full = np.linalg.norm(found.snapshots[:, :, None] - found.snapshots[:, None], axis=3)
    page = np.linalg.norm(found.picture.coordinates[:, :, None] - found.picture.coordinates[:, None], axis=3)
    assert (page <= full + 1e-9).all()


def test_the_first_frame_is_untrained_and_the_last_is_after_300_steps() -> None:
    found = pictures(What())
    assert (found.steps[0], found.steps[-1], len(found.steps)) == (0, 300, 61)
    rng = np.random.default_rng(0)
    assert np.allclose(found.snapshots[0], rng.normal(0, 0.1, (20, 8))[CONTENT], atol=1e-6)


def test_the_lines_lead_to_the_nearest_of_all_columns() -> None:
    what = What(axes=COLUMNS, fillers=True)
    assert (true_nearest(what, TRAINED) == nearest(pictures(what).snapshots[-1], 1)[0][:, 0]).all()


@pytest.mark.parametrize("pair", [*FOOD_PAIRS, *FILM_PAIRS])
def test_every_pair_is_of_two_words_of_one_topic(pair: str) -> None:
    low, high = (WORDS.index(word) for word in pair.split(" → "))
    assert low // 8 == high // 8 == (0 if pair in FOOD_PAIRS else 1)


@pytest.mark.parametrize("columns", COLUMN_PAIRS)
def test_two_columns_are_drawn_as_they_are(columns: str) -> None:
    what = What(axes=COLUMNS, columns=columns)
    found = pictures(what)
    table = found.snapshots[:, :, list(what.chosen)]
    assert np.allclose(found.picture.coordinates, table - table.mean(axis=1, keepdims=True))


@pytest.mark.parametrize("what", [What(fillers=True), What(axes=COLUMNS, columns="d2, d3")])
def test_the_task_is_not_done_at_first_and_can_be(what: What) -> None:
    def at(what: What) -> Settings:
        return Settings(what, BOTH, coloured=False, links=False, step=0, word="")

    assert LESSON.task.check(at(What())) == ""
    assert "does not" in LESSON.task.check(at(what))


# ---------------------------------------------------------------- the page


def test_the_steps_at_which_an_axis_flips_are_named() -> None:
    found = pictures(FIRST)
    bases = found.picture.bases
    named = [int(step) for step in _when(found).removeprefix("at step ").split(",")]
    assert {step // EVERY for step in named} == {at for at in range(1, len(bases)) if flips(bases[at - 1 : at + 1])}
    assert _when(pictures(What(axes=LAST))) == "in 60 frames"


def test_colours_are_off_at_first_and_the_arrows_come_on_request() -> None:
    page = unlocked("picture")
    (points,) = component(page, "picture_trained")["layers"]
    assert not points["coloured"]
    calm(page.toggle(key="picture_colours").set_value(True).run())
    calm(page.toggle(key="picture_links").set_value(True).run())
    arrows, points = component(page, "picture_trained")["layers"]
    assert (arrows["kind"], points["coloured"]) == ("arrows", True)
    assert (arrows["from"], arrows["to"]) == (points["at"], [points["at"][row] for row in true_nearest(FIRST, TRAINED)])
    assert "Arrows lead from each word to its nearest in all columns" in shown(page)


@pytest.mark.parametrize(("panel", "frame"), [("picture_untrained", UNTRAINED), ("picture_trained", TRAINED)])
def test_the_table_of_each_panel_names_the_true_nearest(panel: str, frame: int) -> None:
    (table,) = component(unlocked("picture"), panel)["tables"]
    assert table["head"] == ["word", "group", "PC 1", "PC 2", "true nearest"]
    close = [WORDS[CONTENT[place]] for place in true_nearest(FIRST, frame)]
    assert [row[-1] for row in table["rows"]] == close


def test_in_the_run_only_the_player_has_a_switch_for_colours() -> None:
    page = unlocked("picture", colours="on")
    assert page.toggle(key="picture_colours").value
    calm(page.button_group(key="picture_view").set_value(RUN).run())
    assert "picture_colours" not in {toggle.key for toggle in page.toggle}
    assert b'"colours": true' in component(page, "picture_space")


@pytest.mark.parametrize("axes", AXES)
def test_the_run_says_what_its_axes_are(axes: str) -> None:
    page = unlocked("picture", view=RUN, axes=axes)
    said = {OWN: "its own PCA", LAST: "held for the whole run", COLUMNS: "as they are", PAIRS: "follow the word pairs"}
    assert said[axes] in component(page, "picture_space").decode(errors="replace")
    assert "Axes flipped" in bare(shown(page))


def test_only_the_knobs_of_the_chosen_axes_are_there() -> None:
    page = unlocked("picture")
    assert "Pair of food words" not in shown(page)
    calm(page.selectbox(key=KNOBS.key("axes")).set_value(PAIRS).run())
    assert "Pair of food words" in shown(page)
    assert "Good right of bad" in bare(shown(page))
