"""Lesson 6: what the rows hold is what the task needs."""

import json
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.agreement import first_axis_share, same_group, same_group_by_chance
from core.table import dense
from core.training import explain
from lessons import task
from lessons.countries import TARGETS, agreement, countries, country_rows, country_run, three_nearest
from lessons.reviews import ANSWERS, CONTENT, GROUPS, HEADS, MOODS, TOPICS, WORDS, Recipe, history_of, labels, trained
from lessons.task_compare import EARLY, SCALES, head_line
from lessons.task_countries import CountrySettings, neighbours_found, shared
from lessons.task_reviews import ASKED, STEPS, TASKS, ReviewSettings, nearest_words, own_question, separation, two
from lessons.task_seeds import seeds_from
from tests.test_pages import bare, calm, component, elements, opened, shown, unlocked

RESULTS = ("The same words under every task", "Silhouette, good / bad")
SEEDS = range(3)


def run(label: str, seed: int = 0, columns: int = 2, scale: float = 0.1) -> Recipe:
    return Recipe(label, columns, STEPS, scale=scale, seed=seed)


def score(recipe: Recipe, question: str, step: int = STEPS) -> float:
    return separation(recipe, step, question, 0).score


# ---------------------------------------------------------------- the toy reviews


def test_before_training_neither_question_is_answered() -> None:
    moods = [score(run("CBOW", seed), "good / bad", 0) for seed in SEEDS]
    topics = [score(run("CBOW", seed), "food / film", 0) for seed in SEEDS]
    assert (two(min(moods)), two(max(moods))) == ("−0.07", "+0.15")
    assert (two(min(topics)), two(max(topics))) == ("−0.07", "+0.03")


@pytest.mark.parametrize(
    ("label", "question", "scores"),
    [
        ("Good or bad", "good / bad", (0.94, 0.94, 0.93)),
        ("Good or bad", "food / film", (-0.12, -0.12, -0.12)),
        ("Food or film", "good / bad", (-0.11, -0.12, -0.11)),
        ("Food or film", "food / film", (0.93, 0.93, 0.93)),
        ("Both labels", "four groups", (0.90, 0.93, 0.91)),
        ("CBOW", "four groups", (0.82, 0.83, 0.79)),
    ],
)
def test_a_table_answers_the_question_that_it_was_trained_on(
    label: str, question: str, scores: tuple[float, ...]
) -> None:
    assert [score(run(label, seed), question) for seed in SEEDS] == pytest.approx(scores, abs=0.011)


def test_every_silhouette_stands_beside_its_chance_level() -> None:
    for question in ASKED:
        found = separation(run("CBOW"), STEPS, question)
        assert len(found.shuffled) == 20
        assert found.chance < 0.1


@pytest.mark.parametrize("label", ["Good or bad", "Food or film"])
@pytest.mark.parametrize("columns", [2, 8])
def test_one_label_leaves_a_line(label: str, columns: int) -> None:
    for seed in SEEDS:
        assert first_axis_share(history_of(run(label, seed, columns)).snapshots[-1][CONTENT]) > 0.99


def test_fillers_stay_short() -> None:
    for seed, filler in zip(SEEDS, (0.42, 0.36, 0.54), strict=True):
        lengths = np.linalg.norm(history_of(run("Good or bad", seed)).snapshots[-1], axis=1)
        assert lengths[CONTENT].mean() == pytest.approx(2.68, abs=0.05)
        assert np.delete(lengths, CONTENT).mean() == pytest.approx(filler, abs=0.02)


def test_large_start_values_keep_the_space_untidy_though_the_loss_is_small() -> None:
    runs = [run("Good or bad", scale=scale) for scale in SCALES]
    assert [score(one, "good / bad", EARLY) for one in runs] == pytest.approx((0.97, 0.69, 0.45), abs=0.011)
    assert all(history_of(one).losses[EARLY] < 0.03 for one in runs)


@pytest.mark.parametrize("seed", SEEDS)
def test_tasty_comes_to_fresh_and_gripping_and_boring_to_negative_words_of_both_topics(seed: int) -> None:
    far = dict(nearest_words(run("Good or bad", seed), "tasty", 15))
    assert max(far["fresh"], far["gripping"]) < 0.5 < 4 < far["stale"]
    moods = dict(zip(WORDS, MOODS, strict=True))
    assert {moods[word] for word, _ in nearest_words(run("Good or bad", seed), "boring", 7)} == {"bad"}


def begins(page: AppTest, key: str) -> dict[str, Any]:
    """What the player is told besides its numbers."""
    packed = component(page, key)
    header: dict[str, Any] = json.loads(packed[4 : 4 + int.from_bytes(packed[:4], "little")])
    return header


@pytest.mark.parametrize("columns", [2, 8])
@pytest.mark.parametrize("seed", SEEDS)
def test_each_finding_holds_whatever_the_seed(seed: int, columns: int) -> None:
    near = {label: nearest_words(run(label, seed, columns), "tasty", 15) for label in TASKS}
    for label, friend, stranger in (("Good or bad", "gripping", "stale"), ("Food or film", "stale", "gripping")):
        far = dict(near[label])
        assert far[friend] < 1 < 4 < far[stranger]
    for label in ("Both labels", "CBOW"):
        assert {word for word, _ in near[label][:3]} == {"fresh", "crispy", "juicy"}


def test_each_task_has_its_finding() -> None:
    said = {label: bare(shown(unlocked("task", label=label))).partition("Finding.")[2] for label in TASKS}
    for label, text in said.items():
        assert task.FOUND[label] in text
    assert "Trained on CBOW from small start values" in said["CBOW"]
    assert "Trained on both labels from small start values" in said["Both labels"]


@pytest.mark.parametrize("seed", SEEDS)
def test_with_cbow_fillers_are_long_because_they_rule_fillers_out(seed: int) -> None:
    parameters = trained(run("CBOW", seed)).parameters
    table, fillers = parameters["weight"], [row for row in range(len(WORDS)) if row not in CONTENT]
    lengths = np.linalg.norm(table, axis=1)
    assert lengths[fillers].mean() > 1.5 * lengths[CONTENT].mean()
    scores = table @ parameters["kernel"] / 3  # what one of three rows adds to each output
    assert (scores[np.ix_(fillers, fillers)] < -5).all()
    assert scores[np.ix_(fillers, CONTENT)].mean() > 0


def test_labels_are_numbered_as_the_answers_are_named() -> None:
    both = [ANSWERS["Both labels"][place] for place in labels("Both labels")]
    one_by_one = zip(labels("Good or bad"), labels("Food or film"), strict=True)
    assert both == [f"{ANSWERS['Good or bad'][a]} {ANSWERS['Food or film'][b]}" for a, b in one_by_one]


def test_each_task_has_one_table_and_its_own_head() -> None:
    sizes = {label: sum(array.size for array in trained(run(label)).parameters.values()) for label in TASKS}
    assert sizes == {"Good or bad": 46, "Food or film": 46, "Both labels": 52, "CBOW": 100}
    starts = [history_of(run(label)).snapshots[0] for label in TASKS]
    assert all(np.array_equal(start, starts[0]) for start in starts)
    assert set(TASKS) <= set(HEADS)


@pytest.mark.parametrize("label", ["Good or bad", "Food or film"])
def test_the_heads_line_parts_the_words_by_their_label(label: str) -> None:
    found = head_line(run(label))
    parameters = trained(run(label)).parameters
    outputs = dense(found.ends, parameters["kernel"], parameters["bias"])
    np.testing.assert_allclose(outputs[:, 0], outputs[:, 1], atol=1e-4)
    assert found.right == 16


def test_the_task_is_broken_by_large_start_values_only() -> None:
    settings = ReviewSettings("Good or bad", 2, 0.1, 0, fillers=False, more=False, step=None)
    assert task.LESSON.task.check(settings) == ""
    assert "only +0.54" in task.LESSON.task.check(settings._replace(scale=2.0))
    assert task.LESSON.task.check(settings._replace(scale=2.0, task="CBOW")) == ""


def test_a_task_is_about_its_own_question() -> None:
    assert [own_question(label) for label in TASKS] == ["good / bad", "food / film", "four groups", "four groups"]
    assert {GROUPS[row] for row in CONTENT} == {f"{MOODS[row]} {TOPICS[row]}" for row in CONTENT}


# ---------------------------------------------------------------- the countries


def test_142_countries_in_12_years() -> None:
    data = countries()
    assert (len(data.names), len(data.years), len(data.categories)) == (142, 12, 1704)
    assert data.life[data.names.index("China")] == pytest.approx(61.8, abs=0.05)
    for numbers in data.numbers.values():
        assert (numbers.mean(), numbers.std()) == pytest.approx((0, 1), abs=1e-9)


def nearest_to_china(target: str, seed: int) -> set[str]:
    return set(three_nearest("China", country_rows(target, seed)))


def test_the_neighbours_of_china_change_with_the_target() -> None:
    assert nearest_to_china("Population", 0) == {"India", "Indonesia", "United States"}
    assert nearest_to_china("Life and income", 0) == {"Sri Lanka", "Vietnam", "Thailand"}
    found = [nearest_to_china(target, 0) for target in TARGETS]
    assert not found[0] & found[1]
    assert not found[1] & found[2]


def test_what_five_seeds_agree_on() -> None:
    shared = [agreement([country_rows(target, seed) for seed in seeds_from(0)]) for target in TARGETS]
    assert shared == pytest.approx((0.73, 0.76, 0.84), abs=0.06)
    population = [nearest_to_china("Population", seed) for seed in seeds_from(0)]
    assert population.count({"India", "Indonesia", "United States"}) >= 4


def test_continents_are_better_than_chance_and_far_from_clean() -> None:
    groups = countries().continents
    assert same_group_by_chance(groups) == pytest.approx(0.259, abs=0.001)
    for target in TARGETS:
        assert 0.4 < same_group(country_rows(target, 0), groups) < 0.65


def test_a_step_of_the_countries_run_can_be_replayed() -> None:
    history = country_run("Life expectancy", 0)
    np.testing.assert_allclose(explain(history, 9).after, history.snapshots[1], atol=1e-6)


@pytest.mark.parametrize("seed", SEEDS)
def test_two_targets_share_far_fewer_neighbours_than_two_seeds_of_one(seed: int) -> None:
    for target in TARGETS:
        of_targets, of_seeds = shared(target, seed)
        assert 5 * 5 / 141 < of_targets < 1 < 2.5 < of_seeds


def test_the_finding_says_how_many_of_the_five_nearest_are_shared() -> None:
    said = neighbours_found(CountrySettings("Population", "China", 0, more=False, step=None))
    of_targets, of_seeds = shared("Population", 0)
    assert (round(of_targets, 2), round(of_seeds, 2)) == pytest.approx((0.69, 2.81), abs=0.1)
    assert f"two targets share {of_targets:.2f} on average, and two seeds of Population {of_seeds:.2f}" in said
    assert "(by chance 0.18)" in said


def test_any_country_can_be_asked_about_china_first() -> None:
    assert task.ASKABLE[0] == "China"
    assert sorted(task.ASKABLE) == sorted(countries().names)
    (note,) = opened("task", country="Atlantis").info
    assert "must be the name of one of the 142 countries" in note.value


# ---------------------------------------------------------------- the page


@pytest.mark.parametrize(
    ("data", "key", "last"), [("Toy reviews", "task_space", 200), ("142 countries", "task_countries", 600)]
)
def test_the_player_comes_first_and_plays_once_unless_a_step_is_asked_for(data: str, key: str, last: int) -> None:
    page = unlocked("task", data=data)
    order = [getattr(each, "key", None) or str(each.proto) for each in elements(page)]
    figures = next(at for at, each in enumerate(order) if f"{last} steps" in each)
    assert order.index(key) < figures
    begin = begins(page, key)
    assert (begin["step"], begin["token"]) == (last, 1)
    begin = begins(unlocked("task", data=data, step="50"), key)
    assert (begin["step"], begin["token"]) == (50, 0)


def test_try_it_moves_the_player_to_the_end_of_its_run() -> None:
    page = unlocked("task", step="50")
    for presses in (1, 2):
        page.radio(key="task_quiz_1").set_value("The loss").run()
        calm(page.button(key="task_quiz_1_try").click().run())
        begin = begins(page, "task_space")
        assert (begin["step"], begin["token"]) == (STEPS + presses, 0)  # another number each time; the last step


def test_the_page_shows_the_numbers_of_the_run() -> None:
    page = unlocked("task")
    text = bare(shown(page))
    assert f"Silhouette, good / bad {two(score(run('Good or bad'), 'good / bad'))}" in text
    assert "Silhouette, four groups" not in text
    assert component(page, "task_line")["layers"][1]["name"] == "the head's line"


def test_other_settings_have_no_head_line_and_more_seeds_give_ranges() -> None:
    text = shown(unlocked("task", label="CBOW", more="on"))
    assert "Silhouette, four groups" in text
    assert "task_line" not in text
    assert "+0.79 to +0.89" in text


def test_the_countries_have_their_own_controls_and_table() -> None:
    page = unlocked("task", data="142 countries", country="Japan")
    assert {"task_target", "task_country"} <= {box.key for box in page.selectbox}
    text = bare(shown(page))
    assert "Three nearest to Japan" in text
    assert "of 5 seeds" not in text
    assert "Japan gets 7 different neighbours in 9 places" in text


def test_more_seeds_say_which_neighbours_come_back() -> None:
    text = bare(shown(unlocked("task", data="142 countries", target="Population", more="on")))
    assert "India (5), Indonesia (5), United States (5) 0.76" in text
    assert "(by chance 0.035)" in text
