"""Every head's gradients are what nudging its numbers shows, in the form to read and in the form to train with."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from core.gradient import finite_differences
from core.heads import bags, binary_classifier, cbow, classifier, skip_gram, skip_gram_counts

V, D = 6, 3
RNG = np.random.default_rng(5)
DOCUMENTS = [np.array(ids, dtype=np.intp) for ids in ([1, 3, 1], [], [5], [0, 2, 2, 4], [3, 3])]
CENTERS, CONTEXTS = RNG.integers(0, V - 1, 30), RNG.integers(0, V, 30)
COUNTS = np.zeros((V, V))
np.add.at(COUNTS, (CENTERS, CONTEXTS), 1)

TASKS = {
    "classifier": classifier(DOCUMENTS, np.array([0, 2, 1, 2, 0]), V, 3),
    "binary classifier": binary_classifier(DOCUMENTS, np.array([0, 1, 1, 0, 1]), V),
    "CBOW": cbow(RNG.integers(0, V, 12), np.array([0, 4, 4, 5, 12]), np.array([5, 0, 2, 2]), V),
    "skip-gram": skip_gram(CENTERS, CONTEXTS, V),
    "skip-gram from counts": skip_gram_counts(COUNTS),
}


def parameters_of(task, scale=1.0):
    rng = np.random.default_rng(11)
    start = task.head.start(rng, D, scale)
    return {"weight": rng.normal(0, scale, (V, D)), **start, "bias": rng.normal(0, scale, start["bias"].shape)}


def trained_form(task, parameters, examples=None):
    into = {name: np.full_like(array, np.nan) for name, array in parameters.items()}
    return task.head.gradient(parameters, examples or task.examples, into), into


@pytest.mark.parametrize("name", TASKS)
@pytest.mark.parametrize("part", ["weight", "kernel", "bias"])
def test_the_gradients_are_what_nudging_shows(name, part):
    task = TASKS[name]
    parameters = parameters_of(task)

    def loss(point):
        return task.head.step({**parameters, part: point}, task.examples).loss

    gradient = task.head.step(parameters, task.examples).gradients[part]
    assert_allclose(gradient, finite_differences(loss, parameters[part]), atol=2e-9)


@pytest.mark.parametrize("name", TASKS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_form_to_train_with_computes_what_the_form_to_read_does(name, dtype):
    task = TASKS[name]
    examples = task.examples.astype(dtype)
    parameters = {part: array.astype(dtype) for part, array in parameters_of(task).items()}
    step = task.head.step(parameters, examples)
    loss, gradients = trained_form(task, parameters, examples)
    tolerance = 50 * np.finfo(dtype).eps
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
    means, sums = bags(DOCUMENTS, V) @ weight, bags(DOCUMENTS, V, mean=False) @ weight
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
