"""A head with a hidden layer: its gradients are what nudging shows, and every step of its training can be replayed."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from core.activations import ACTIVATIONS
from core.hidden import HiddenHead, HiddenStep, with_hidden
from core.losses import softmax_loss
from core.negatives import skip_gram_negatives
from core.optimizers import adam
from core.runs import Run
from core.tasks import Task, added_up, binary_classifier, classifier, next_word, regression, side_by_side, skip_gram
from core.training import explain, train
from tests.layers import trained_form
from tests.test_heads import DOCUMENTS, D, V, nudge, parameters_of

RNG = np.random.default_rng(5)
SIZES = (2, 4)
CATEGORIES = RNG.integers(0, SIZES, (9, 2))
NUMBERS = RNG.normal(size=9)
PLAIN = {
    "classifier": classifier(DOCUMENTS, np.array([0, 2, 1, 2, 0]), V, 3),
    "binary classifier": binary_classifier(DOCUMENTS, np.array([0, 1, 1, 0, 1]), V),
    "next word": next_word(RNG.integers(0, V, (7, 4)), RNG.integers(0, V, 7), V, padding_idx=0),
    "regression": regression(side_by_side(CATEGORIES, SIZES), NUMBERS),
    "regression on a sum": regression(added_up(CATEGORIES, SIZES), np.column_stack([NUMBERS, -2 * NUMBERS])),
}
TASKS = {(name, bend): with_hidden(task, 5, bend) for name, task in PLAIN.items() for bend in ACTIVATIONS}


@pytest.mark.parametrize("name", TASKS)
def test_the_gradients_are_what_nudging_shows(name):
    nudge(TASKS[name])


@pytest.mark.parametrize("name", TASKS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_form_to_train_with_computes_what_the_form_to_read_does(name, dtype):
    task = TASKS[name]
    examples = task.examples.astype(dtype)
    parameters = {part: array.astype(dtype) for part, array in parameters_of(task).items()}
    step = task.head.step(parameters, examples)
    loss, into = trained_form(task, parameters, examples)
    tolerance = 50 * np.finfo(dtype).eps
    assert_allclose(loss, step.loss, rtol=tolerance)
    for part, gradient in step.gradients.items():
        assert gradient.dtype == into[part].dtype == dtype
        assert_allclose(into[part], gradient, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("name", TASKS)
@pytest.mark.parametrize("batch_size", [None, 2])
def test_replaying_any_step_lands_on_the_next_snapshot(name, batch_size):
    run = Run(
        task=TASKS[name],
        num_embeddings=V,
        embedding_dim=D,
        optimizer=adam(0.05),
        steps=12,
        batch_size=batch_size,
        dtype=np.float64,
    )
    history = train(run)
    for step in (0, 1, 7, 11):
        explained = explain(history, step)
        assert_array_equal(explained.before, history.snapshots[step])
        assert_allclose(explained.after, history.snapshots[step + 1], rtol=1e-12, atol=1e-13)
        assert_allclose(explained.head.loss, history.losses[step], rtol=1e-12)


def test_the_hidden_values_lie_between_the_pools_and_the_scores():
    for bend, activation in ACTIVATIONS.items():
        task = TASKS["classifier", bend]
        parameters = parameters_of(task)
        step = task.head.step(parameters, task.examples)
        assert isinstance(step, HiddenStep)
        assert_array_equal(
            step.hidden, activation.of(step.pooled @ parameters["hidden_kernel"] + parameters["hidden_bias"])
        )
        assert_array_equal(step.logits, step.hidden @ parameters["kernel"] + parameters["bias"])
        assert_array_equal(step.grad_inputs, step.grad_hidden * activation.slope(step.hidden))


def test_a_sum_can_be_learned_only_as_far_as_the_bend_allows():
    """Exclusive or of two categories: no linear head on the rows side by side can do it, a hidden layer can."""
    pairs, answers = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0.0, 1, 1, 0])
    plain = regression(side_by_side(pairs, (2, 2)), answers)
    losses = [
        train(Run(task=task, num_embeddings=4, embedding_dim=2, optimizer=adam(0.05), steps=400)).losses[-1]
        for task in (plain, with_hidden(plain))
    ]
    assert losses[0] == pytest.approx(0.25, abs=1e-3)
    assert losses[1] < 1e-3


def test_the_kernels_do_not_start_at_the_scale_of_the_table():
    head = HiddenHead(num_outputs=3, loss=softmax_loss, units=8)
    small, large = (head.start(np.random.default_rng(0), D, scale) for scale in (1e-3, 1.0))
    for name, array in small.items():
        assert_array_equal(array, large[name])
    assert np.abs(small["hidden_kernel"]).max() > 0.3
    assert np.abs(small["hidden_kernel"]).max() <= np.sqrt(6 / (D + 8))


def test_what_is_no_hidden_layer_is_refused():
    with pytest.raises(ValueError, match="got 0, 'tanh'"):
        with_hidden(PLAIN["classifier"], units=0)
    with pytest.raises(ValueError, match="got 16, 'gelu'"):
        with_hidden(PLAIN["classifier"], activation="gelu")
    negatives = skip_gram_negatives(np.array([0]), np.array([1]), np.array([[2]]), V)
    with pytest.raises(TypeError, match="got NegativeSampling"):
        with_hidden(Task(*negatives))


def test_a_hidden_layer_needs_no_linear_head_of_its_own_examples():
    task = with_hidden(skip_gram(np.array([0, 1]), np.array([1, 0]), V), 4)
    assert task.head == HiddenHead(V, softmax_loss, 1, 4, "tanh")
