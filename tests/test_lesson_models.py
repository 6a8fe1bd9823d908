"""Lesson 7: one Embedding in every model. What changes is what stands around it."""

from dataclasses import replace
from itertools import product
from math import log

import numpy as np
import pytest

from core.negatives import skip_gram_drawn, unigram_noise
from core.neighbours import pairs, windows
from core.tasks import Task, cbow, classifier, next_word, skip_gram
from core.training import train
from lessons import models
from lessons.models_bricks import MODELS, SLOTS, bricks, changed, first_loss, head_numbers, misfit
from lessons.models_code import model_snippets
from lessons.models_picture import Built, matrices, one_hot_difference, rank, start_difference, summary
from lessons.reviews import (
    CONTENT,
    GROUPS,
    NEGATIVES,
    READS,
    WINDOW,
    WORDS,
    Model,
    Recipe,
    labels,
    reviews,
    task_of,
    trained,
)
from tests.test_pages import bare, component, shown, unlocked

RESULTS = ("CBOW, compared with Classifier", "So what is an Embedding layer?")
FITTING = [
    Model(reads, says, loss)
    for reads, says, loss in product(READS, ("word", "Good or bad"), ("softmax", "negatives"))
    if loss == "softmax" or not misfit(reads, says)
]
ALL = pytest.mark.parametrize("model", FITTING, ids=" ".join)


def built(model: Model, name: str = "CBOW", steps: int = 300, columns: int = 2) -> Built:
    return Built(name, model, "Classifier", columns, steps, 0, two_tables=False)


def by_name() -> dict[str, Task]:
    """The same models by the functions that name them."""
    near, ids = windows(reviews(), WINDOW), np.concatenate(reviews())
    noise = unigram_noise(np.bincount(ids, minlength=len(WORDS)))
    return {
        "Classifier": classifier(reviews(), labels("Good or bad"), len(WORDS), 2),
        "CBOW": cbow(near.indices, near.offsets, near.centers, len(WORDS)),
        "Skip-gram": skip_gram(*pairs(reviews(), WINDOW), len(WORDS)),
        "Negative sampling": skip_gram_drawn(
            *pairs(reviews(), WINDOW), noise, NEGATIVES, np.random.default_rng(0)
        ),
    }  # fmt: skip


@pytest.mark.parametrize("name", MODELS)
def test_a_model_of_bricks_is_the_model_of_its_name(name: str) -> None:
    history = trained(Recipe(MODELS[name], steps=20)).history
    named = train(replace(history.run, task=by_name()[name]))
    np.testing.assert_array_equal(history.snapshots, named.snapshots)
    np.testing.assert_array_equal(history.losses, named.losses)


def test_rows_side_by_side_are_the_next_word_model_over_the_other_words() -> None:
    task, near = task_of(Model("side by side", "word")), windows(reviews(), WINDOW)
    other = next_word(near.indices.reshape(-1, WINDOW), near.centers, len(WORDS))
    assert task.head == other.head
    np.testing.assert_array_equal(task.examples.bags.indices, other.examples.bags.indices)


@ALL
def test_every_model_starts_from_the_same_table(model: Model) -> None:
    assert start_difference(built(model, steps=0).recipe, built(MODELS["Classifier"], steps=0).recipe) == 0


@ALL
def test_the_embedding_brick_is_the_same_in_every_model(model: Model) -> None:
    for other in FITTING:
        assert not changed(model, other, 2)[SLOTS.index("Embedding")]


def test_from_classifier_to_cbow_examples_head_and_loss_change() -> None:
    marks = changed(MODELS["CBOW"], MODELS["Classifier"], 2)
    assert [slot for slot, mark in zip(SLOTS, marks, strict=True) if mark] == ["Examples", "Head", "Loss"]


@ALL
@pytest.mark.parametrize("columns", [2, 8])
def test_the_bricks_count_what_is_trained(model: Model, columns: int) -> None:
    parameters = trained(Recipe(model, columns, 0)).parameters
    assert parameters["weight"].size == len(WORDS) * columns
    assert sum(array.size for array in parameters.values()) == len(WORDS) * columns + head_numbers(model, columns)
    assert len(bricks(model, columns)) == len(SLOTS)


def test_parameter_counts() -> None:
    counts = {name: len(WORDS) * 2 + head_numbers(model, 2) for name, model in MODELS.items()}
    assert counts == {"Classifier": 46, "CBOW": 100, "Skip-gram": 100, "Negative sampling": 80}


@ALL
def test_the_first_loss_is_that_of_knowing_nothing(model: Model) -> None:
    assert trained(Recipe(model, 2, 0)).history.next_loss == pytest.approx(first_loss(model)[1], abs=0.01)


def test_cbow_learns_from_ln_20_to_about_one_and_a_half() -> None:
    history = trained(Recipe(MODELS["CBOW"])).history
    assert history.losses[0] == pytest.approx(log(20), abs=0.001)
    assert f"{history.losses[0]:.2f}" == "3.00"
    ends = [trained(Recipe(MODELS["CBOW"], seed=seed)).history.next_loss for seed in range(3)]
    assert ends == pytest.approx((1.548, 1.538, 1.542), abs=0.005)


@pytest.mark.parametrize("columns", [2, 4, 8])
@pytest.mark.parametrize("name", ["CBOW", "Negative sampling"])
def test_all_scores_of_single_words_together_have_rank_d(name: str, columns: int) -> None:
    assert rank(Recipe(MODELS[name], columns, 30)) == columns


def test_a_classifier_with_two_outputs_has_rank_two_and_side_by_side_has_no_single_product() -> None:
    assert rank(Recipe(MODELS["Classifier"], 8, 30)) == 2
    assert rank(Recipe(Model("side by side", "word"), 2, 0)) is None


def test_negative_sampling_has_a_second_table_without_bias() -> None:
    parameters = trained(Recipe(MODELS["Negative sampling"], steps=0)).parameters
    assert {name: array.shape for name, array in parameters.items()} == {
        "weight": (20, 2), "context_weight": (20, 2)
    }  # fmt: skip
    assert matrices(Recipe(MODELS["Negative sampling"], steps=0)).second is parameters["context_weight"]
    assert task_of(MODELS["Negative sampling"]).examples.targets.shape == (4800, 1 + NEGATIVES)


def test_reading_rows_is_multiplying_one_hot_rows() -> None:
    assert one_hot_difference(Recipe(MODELS["CBOW"])) == 0


@pytest.mark.parametrize(("reads", "says"), [("side by side", "word"), ("mean", "Good or bad")])
def test_parts_that_do_not_fit_are_named(reads: str, says: str) -> None:
    assert misfit(reads, says).endswith("softmax is used.")
    with pytest.raises(ValueError, match="negatives need a word to say"):
        task_of(Model(reads, says, "negatives"))


def test_the_task_is_done_by_cbow_with_negative_sampling_alone() -> None:
    done = {model: models.LESSON.task.check(built(model)) for model in FITTING}
    assert [model for model, text in done.items() if text] == [Model("mean", "word", "negatives")]
    assert "6 × ln 2 = 4.16" in done[Model("mean", "word", "negatives")]
    assert not models.LESSON.task.check(built(MODELS["CBOW"], steps=0))


@ALL
def test_the_numpy_code_gives_the_loss_in_its_comment(model: Model) -> None:
    code = model_snippets(built(model))["numpy"]
    *lines, last = code.strip().splitlines()
    env: dict[str, object] = {}
    exec("\n".join(lines), env)
    assert f"{eval(last, env):.3f}" in last


# ---------------------------------------------------------------- the page


def test_the_page_marks_each_brick() -> None:
    text = shown(unlocked("models"))
    for mark, count in {"changed": 3, "same": 2}.items():
        assert text.count(f"<em>{mark}</em>") == count
    assert "Start of the table 0 largest difference from Classifier's" in bare(text)


def test_both_tables_on_demand() -> None:
    assert len(component(unlocked("models"), "models_chart")["layers"]) == 1
    both = component(unlocked("models", tables="on"), "models_chart")["layers"]
    assert [len(layer["words"]) for layer in both] == [16, 16]
    assert [layer["groups"] for layer in both] == [[GROUPS[row] for row in CONTENT]] * 2
    assert [layer["hollow"] for layer in both] == ["", "columns of U"]
    labelled = component(unlocked("models", tables="on", preset="Classifier"), "models_chart")["layers"]
    assert labelled[1]["words"] == ["bad", "good"]
    assert labelled[1]["groups"] == ["", ""]


def test_a_second_table_has_rows_and_is_turned_in_the_product() -> None:
    page = unlocked("models", tables="on", preset="Negative sampling")
    drawn = component(page, "models_chart")
    assert drawn["layers"][1]["hollow"] == "rows of the second table U"
    assert "16 rows of the second table U, hollow" in drawn["alt"]
    assert "columns of U" not in drawn["name"] + drawn["alt"]
    assert "Rank of E Uᵀ" in shown(page)
    assert "Rank of E Uᵀ" not in shown(unlocked("models"))


def test_a_model_is_not_compared_with_itself() -> None:
    text = shown(unlocked("models", preset="Classifier"))
    assert "Classifier: says good or bad" in text
    for compared in ("compared with", "<em>same</em>", "Start of the table"):
        assert compared not in text


def test_a_small_loss_is_shown_with_its_digits() -> None:
    classifier = built(MODELS["Classifier"], "Classifier", columns=8)
    loss = trained(classifier.recipe).history.next_loss
    assert 0 < loss < 0.005
    assert f"→ {loss:.2g}" in summary(classifier)
    assert "→ 1.55" in summary(built(MODELS["CBOW"]))


def test_side_by_side_says_why_there_is_no_second_table_in_the_picture() -> None:
    page = unlocked("models", preset="Your own", reads="side by side", tables="on", loss="negatives")
    assert len(component(page, "models_chart")["layers"]) == 1
    assert "they do not fit into one picture" in shown(page)
    assert "softmax is used" in shown(page)
    (loss,) = [one for one in page.button_group if one.key == "models_loss"]
    assert loss.disabled
