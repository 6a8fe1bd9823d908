"""Every head's gradients are what nudging its numbers shows, in the form to read and in the form to train with."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from core.gradient import finite_differences
from core.negatives import skip_gram_drawn, skip_gram_expected, skip_gram_negatives, unigram_noise
from core.pools import pool_rows, unpadded
from core.tasks import (
    added_up,
    bags,
    binary_classifier,
    cbow,
    classifier,
    next_word,
    regression,
    side_by_side,
    skip_gram,
    skip_gram_contexts,
    skip_gram_counts,
)
from tests.layers import trained_form

V, D = 6, 3
RNG = np.random.default_rng(5)
DOCUMENTS = [np.array(ids, dtype=np.intp) for ids in ([1, 3, 1], [], [5], [0, 2, 2, 4], [3, 3])]
CENTERS, CONTEXTS = RNG.integers(0, V - 1, 30), RNG.integers(0, V, 30)
COUNTS = np.zeros((V, V))
np.add.at(COUNTS, (CENTERS, CONTEXTS), 1)

PADDED = np.array([[0, 1, 1, 2], [0, 0, 0, 0], [3, 0, 0, 5], [1, 2, 3, 4], [0, 0, 4, 4]])  # 0 is padding
FOLLOWING = np.array([3, 1, 1, 5, 0])
SIZES = (2, 4)  # two columns of categories, in one table of V rows
CATEGORIES = RNG.integers(0, SIZES, (9, 2))
NUMBERS = RNG.normal(size=9)
NOISE = unigram_noise(np.bincount(CONTEXTS, minlength=V))
NEGATIVES = RNG.integers(0, V, (30, 4))  # now and then the context, and repeats

TASKS = {
    "classifier": classifier(DOCUMENTS, np.array([0, 2, 1, 2, 0]), V, 3),
    "binary classifier": binary_classifier(DOCUMENTS, np.array([0, 1, 1, 0, 1]), V),
    "CBOW": cbow(RNG.integers(0, V, 12), np.array([0, 4, 4, 5, 12]), np.array([5, 0, 2, 2]), V),
    "skip-gram": skip_gram(CENTERS, CONTEXTS, V),
    "skip-gram from counts": skip_gram_counts(COUNTS),
    "CBOW, padded": cbow(*unpadded(PADDED, 0), FOLLOWING, V),
    "next word": next_word(PADDED, FOLLOWING, V),
    "next word, padded": next_word(PADDED, FOLLOWING, V, padding_idx=0),
    "skip-gram, several contexts": skip_gram_contexts(FOLLOWING, *unpadded(PADDED, 0), V),
    "negative sampling": skip_gram_negatives(CENTERS, CONTEXTS, NEGATIVES, V),
    "negative sampling, drawn": skip_gram_drawn(CENTERS, CONTEXTS, NOISE, 3, np.random.default_rng(8)),
    "negative sampling, expected": skip_gram_expected(COUNTS, NOISE, 3),
    "regression": regression(side_by_side(CATEGORIES, SIZES), NUMBERS),
    "regression on a sum": regression(added_up(CATEGORIES, SIZES), np.column_stack([NUMBERS, -2 * NUMBERS])),
}


def parameters_of(task, scale=1.0):
    rng = np.random.default_rng(11)
    start = task.head.start(rng, D, scale)
    own = {name: rng.normal(0, scale, array.shape) for name, array in start.items()}  # a bias starts at 0
    return {"weight": rng.normal(0, scale, (V, D)), **own}


def nudge(task):
    """Every gradient of a step, against the loss of points beside it."""
    parameters = parameters_of(task)
    gradients = task.head.step(parameters, task.examples).gradients
    assert list(gradients) == list(parameters)
    for part, start in parameters.items():

        def loss(point, part=part):
            return task.head.step({**parameters, part: point}, task.examples).loss

        assert_allclose(gradients[part], finite_differences(loss, start), atol=5e-9)


@pytest.mark.parametrize("name", TASKS)
def test_the_gradients_are_what_nudging_shows(name):
    nudge(TASKS[name])


@pytest.mark.parametrize("name", TASKS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("scale", [1, 10])  # of the scores: some 3 and some 300
def test_the_form_to_train_with_computes_what_the_form_to_read_does(name, dtype, scale):
    task = TASKS[name]
    examples = task.examples.astype(dtype)
    parameters = {part: array.astype(dtype) for part, array in parameters_of(task, scale).items()}
    step = task.head.step(parameters, examples)
    loss, gradients = trained_form(task, parameters, examples)
    tolerance = 50 * np.finfo(dtype).eps * scale**2  # rounding grows with the scores
    assert_allclose(loss, step.loss, rtol=tolerance)
    for part, gradient in step.gradients.items():
        assert gradient.dtype == gradients[part].dtype == dtype
        assert_allclose(gradients[part], gradient, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("name", TASKS)
def test_scores_far_beyond_the_range_of_exp_work(name):
    task = TASKS[name]
    loss, gradients = trained_form(task, parameters_of(task, scale=1e3))
    assert np.isfinite(loss)
    assert all(np.isfinite(gradient).all() for gradient in gradients.values())


def test_counts_give_the_loss_and_gradient_of_all_pairs():
    pairs, counts = TASKS["skip-gram"], TASKS["skip-gram from counts"]
    parameters = parameters_of(pairs)
    pairs_loss, pairs_gradients = trained_form(pairs, parameters)
    counts_loss, counts_gradients = trained_form(counts, parameters)
    assert_allclose(counts_loss, pairs_loss)
    for part, gradient in pairs_gradients.items():
        assert_allclose(counts_gradients[part], gradient, atol=1e-14)


def test_a_softmax_over_two_labels_is_a_sigmoid_of_their_difference():
    labels = np.array([0, 1, 1, 0, 1])
    two, one = classifier(DOCUMENTS, labels, V, 2), binary_classifier(DOCUMENTS, labels, V)
    parameters = parameters_of(two)
    difference = {
        "weight": parameters["weight"],
        "kernel": np.diff(parameters["kernel"], axis=1),
        "bias": np.diff(parameters["bias"]),
    }
    step, single = two.head.step(parameters, two.examples), one.head.step(difference, one.examples)
    assert_allclose(step.probabilities[:, 1:], single.probabilities)
    assert_allclose(step.grad_weight, single.grad_weight, atol=1e-15)


def test_a_pool_is_the_mean_or_the_sum_of_its_rows_and_an_empty_one_is_zero():
    weight = RNG.normal(size=(V, D))
    means, sums = pool_rows(bags(DOCUMENTS, V), weight), pool_rows(bags(DOCUMENTS, V, mean=False), weight)
    for document, mean, total in zip(DOCUMENTS, means, sums, strict=True):
        assert_allclose(total, weight[document].sum(axis=0))
        assert_allclose(mean, weight[document].mean(axis=0) if len(document) else 0)


@given(st.lists(st.integers(0, 4), min_size=1, max_size=5))
def test_a_batch_is_trained_as_if_it_were_all_there_is(chosen):
    task = TASKS["classifier"]
    parameters = parameters_of(task)
    batch = task.examples.batch(np.array(chosen))
    alone = classifier([DOCUMENTS[i] for i in chosen], np.array([0, 2, 1, 2, 0])[chosen], V, 3)
    loss, gradients = trained_form(task, parameters, batch)
    alone_loss, alone_gradients = trained_form(alone, parameters)
    assert_allclose(loss, alone_loss)
    for part in gradients:
        assert_allclose(gradients[part], alone_gradients[part], atol=1e-15)


def test_the_same_table_serves_every_head():
    weight = RNG.normal(size=(V, D))
    for task in TASKS.values():
        step = task.head.step({**parameters_of(task), "weight": weight}, task.examples)
        assert_array_equal(step.rows, weight[step.indices])
        assert step.grad_weight.shape == weight.shape


def test_bad_examples_are_refused():
    with pytest.raises(IndexError, match=r"\[0, 6\), got 6"):
        skip_gram(np.array([6]), np.array([0]), V)
    with pytest.raises(IndexError, match=r"\[0, 3\), got 3"):
        classifier(DOCUMENTS[:1], np.array([3]), V, 3)
    with pytest.raises(ValueError, match="one target per example and at least one, got 0, 0"):
        skip_gram(np.array([], int), np.array([], int), V)


@pytest.mark.parametrize("name", TASKS)
@settings(deadline=None, max_examples=20)
@given(chosen=st.lists(st.integers(0, 3), min_size=1, max_size=6), start=st.integers(0, 3), size=st.integers(1, 4))
def test_any_batch_has_the_losses_of_its_examples(name, chosen, start, size):
    task = TASKS[name]
    parameters = parameters_of(task)
    alone = task.head.step(parameters, task.examples).losses
    assert_allclose(task.head.step(parameters, task.examples.batch(np.array(chosen))).losses, alone[chosen])
    part = task.examples.part(start, start + size)
    assert_allclose(task.head.step(parameters, part).losses, alone[start : start + size])
    assert_array_equal(part.importance, task.examples.importance[start : start + size])


def test_several_contexts_at_once_weigh_as_all_their_pairs():
    task = TASKS["skip-gram, several contexts"]
    centers, contexts = np.array([(FOLLOWING[n], word) for n in range(5) for word in PADDED[n] if word]).T
    pairs = skip_gram(centers, contexts, V)
    parameters = parameters_of(task)
    loss, gradients = trained_form(task, parameters)
    pairs_loss, pairs_gradients = trained_form(pairs, parameters)
    assert_allclose(loss, pairs_loss)
    for part, gradient in pairs_gradients.items():
        assert_allclose(gradients[part], gradient, atol=1e-15)


@pytest.mark.parametrize("name", ["CBOW, padded", "next word, padded"])
def test_padding_is_neither_read_nor_moved(name):
    task = TASKS[name]
    parameters = parameters_of(task)
    elsewhere = {**parameters, "weight": parameters["weight"].copy()}
    elsewhere["weight"][0] = 1e6  # what the row of the padding holds plays no part
    (loss, gradients), (same, _) = trained_form(task, parameters), trained_form(task, elsewhere)
    assert loss == same
    assert_array_equal(gradients["weight"][0], 0)


def test_the_last_words_stand_side_by_side_and_padding_is_zero():
    task = TASKS["next word, padded"]
    parameters = parameters_of(task)
    step = task.head.step(parameters, task.examples)
    weight = parameters["weight"].copy()
    weight[0] = 0
    assert_array_equal(step.pooled, weight[PADDED].reshape(5, -1))
    assert_array_equal(step.indices, PADDED[PADDED > 0])
    assert_array_equal(step.example, np.nonzero(PADDED)[0])


def test_the_expected_form_is_the_mean_over_every_draw():
    centers, contexts = np.array([0, 1, 1]), np.array([1, 2, 1])
    words = np.arange(3)
    counts = np.zeros((3, 3))
    np.add.at(counts, (centers, contexts), 1)
    noise = np.array([0.5, 0.2, 0.3])
    draws = np.array(np.meshgrid(words, words)).reshape(2, -1).T  # all K = 2 negatives there are, equal for each pair
    chances = noise[draws].prod(axis=1)
    expected = skip_gram_expected(counts, noise, 2)
    rng = np.random.default_rng(2)
    parameters = {"weight": rng.normal(size=(3, D)), "context_weight": rng.normal(size=(3, D))}
    results = [
        trained_form(skip_gram_negatives(centers, contexts, np.tile(draw, (3, 1)), 3), parameters) for draw in draws
    ]
    loss, gradients = trained_form(expected, parameters)
    assert_allclose(loss, chances @ [drawn for drawn, _ in results])
    for part in gradients:
        mean = np.tensordot(chances, [drawn[part] for _, drawn in results], 1)
        assert_allclose(gradients[part], mean, atol=1e-15)


def test_negatives_are_drawn_by_their_chances_and_the_context_is_among_them():
    counts = np.array([0, 1, 16, 0, 81, 0])
    noise = unigram_noise(counts)
    assert_allclose(noise, np.array([0, 1, 8, 0, 27, 0]) / 36)
    many = np.full(20_000, 4)
    task = skip_gram_drawn(many, many, noise, 5, np.random.default_rng(0))
    first = task.examples.targets
    again = task.examples.redrawn(np.random.default_rng(1)).targets
    assert not np.array_equal(first, again)
    for drawn in (first, again):
        assert_array_equal(drawn[:, 0], 4)
        assert_allclose(np.bincount(drawn[:, 1:].ravel(), minlength=V) / 1e5, noise, atol=0.006)
    assert TASKS["classifier"].examples.redrawn(np.random.default_rng(1)) is TASKS["classifier"].examples


def test_category_columns_share_one_table_and_keep_their_own_rows():
    step = TASKS["regression"].head.step(parameters_of(TASKS["regression"]), TASKS["regression"].examples)
    assert_array_equal(step.indices.reshape(-1, 2), CATEGORIES + np.array([0, 2]))
    assert_array_equal(step.example, np.repeat(np.arange(9), 2))
    assert_array_equal(step.probabilities, step.logits)
    with pytest.raises(IndexError, match=r"\[0, 2\), got 2"):
        side_by_side(np.array([[2, 0]]), SIZES)
    with pytest.raises(ValueError, match="one target per example"):
        regression(side_by_side(CATEGORIES, SIZES), NUMBERS[:8])


def test_bad_negatives_are_refused():
    with pytest.raises(IndexError, match=r"\[0, 6\), got -1"):
        skip_gram_negatives(CENTERS, CONTEXTS, NEGATIVES - 1, V)
    with pytest.raises(ValueError, match="a context and negatives for each center and at least one, got 30, 30, 29"):
        skip_gram_negatives(CENTERS, CONTEXTS, NEGATIVES[1:], V)
    with pytest.raises(ValueError, match="at least one word that occurs"):
        unigram_noise(np.zeros(3, int))
    with pytest.raises(ValueError, match="contexts for each center"):
        skip_gram_contexts(CENTERS, *unpadded(PADDED, 0), V)
