"""Planted mistakes (tests/mutants.py) that no other test noticed: in defaults, in means or sums, in redrawing."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from core import keras_optimizers as keras
from core import optimizers as torch
from core.examples import draw
from core.gradient import scatter_add
from core.initializers import STARTS
from core.losses import squared_loss
from core.sparse import sparse_gradient
from core.tasks import added_up, cbow, regression
from core.training import Training
from tests.test_heads import CATEGORIES, NUMBERS, SIZES, parameters_of
from tests.test_training import run_of

ROOT_OF_SHARE = 0.001**0.5  # Adam's root after its first step, before its correction: of 1 - beta2 = 0.001


# Each gradient is so small that the root is as large as eps: 1e-10, 1e-8 or 1e-7.
@pytest.mark.parametrize(
    ("optimizer", "gradient", "step"),
    [
        (torch.adagrad(1.0), 1e-10, -0.5),
        (torch.rmsprop(1.0), 1e-7, -5.0),
        (torch.adam(1.0), 1e-8, -0.5),
        (torch.adamw(1.0), 1e-8, -0.5),
        (keras.adagrad(1.0, start=0), 1e-7**0.5, -(0.5**0.5)),
        (keras.rmsprop(1.0), 1e-3, -(5**0.5)),
        (keras.adam(1.0), 1e-7 / ROOT_OF_SHARE, -0.5),
        (keras.adamw(1.0), 1e-7 / ROOT_OF_SHARE, -0.5),
    ],
)
def test_the_default_eps_is_the_framework_s(optimizer, gradient, step):
    table = np.zeros((1, 1))  # no weight decays
    delta, _ = optimizer.update(np.full((1, 1), gradient), optimizer.init(table), table)
    assert_allclose(delta, step, rtol=1e-6)


def test_the_default_eps_of_sparse_adam_is_pytorch_s():
    optimizer, table = torch.sparse_adam(1.0), np.zeros((1, 1))
    gradient = sparse_gradient([0], np.full((1, 1), 1e-8 / ROOT_OF_SHARE), 1)
    assert_allclose(optimizer.update_rows(gradient, optimizer.init(table), table).delta, -0.5, rtol=1e-6)


def test_nesterov_decays_too():
    gradient, parameters = np.array([0.3, -0.2]), np.array([2.0, 5.0])
    plain, decayed = torch.nesterov(0.1), torch.nesterov(0.1, weight_decay=0.5)
    expected, _ = plain.update(gradient + 0.5 * parameters, plain.init(parameters), parameters)
    assert_array_equal(decayed.update(gradient, decayed.init(parameters), parameters)[0], expected)


def test_the_squared_loss_is_a_mean_over_the_outputs_without_a_half():
    scored = squared_loss(np.array([[1.0, 2], [3, 0]]), np.zeros((2, 2)))
    assert_array_equal(scored.losses, [2.5, 4.5])
    assert_array_equal(scored.errors, [[1, 2], [3, 0]])


def test_cbow_averages_the_neighbours():
    task = cbow(np.array([1, 1, 3]), np.array([0, 3]), np.array([2]), 4)
    weight = np.arange(8.0).reshape(4, 2)
    pooled = task.head.step({"weight": weight, "kernel": np.ones((2, 4)), "bias": np.zeros(4)}, task.examples).pooled
    assert_allclose(pooled, weight[[1, 1, 3]].mean(axis=0, keepdims=True))


def test_columns_that_are_added_up_are_not_averaged():
    task = regression(added_up(CATEGORIES, SIZES), NUMBERS)
    parameters = parameters_of(task)
    expected = parameters["weight"][CATEGORIES + np.array([0, SIZES[0]])].sum(axis=1)
    assert_allclose(task.head.step(parameters, task.examples).pooled, expected)


def test_a_word_without_a_chance_is_never_drawn():
    rng: Any = SimpleNamespace(random=np.array)  # its "random" numbers are those we ask for
    assert_array_equal(draw(np.array([0, 0.5, 0.5, 1]), (0.0, 0.25, 0.5), rng), [1, 1, 3])  # type: ignore[arg-type]


@pytest.mark.parametrize("count", [2000])  # so many that an ordinary sort does not keep the order of equals
def test_many_repeats_are_summed_in_order_of_occurrence(count):
    rng = np.random.default_rng(0)
    ids, gradients = rng.integers(0, 5, count), rng.normal(size=(count, 3)).astype(np.float32)
    coalesced = sparse_gradient(ids, gradients, 5).coalesced()
    assert_array_equal(coalesced.values, scatter_add(ids, gradients, 5))


def epochs(task, batch_size, steps):
    """What two epochs of so many steps ask for, in the order of their examples."""
    training, seen = Training(run_of(task, batch_size=batch_size)), []
    for _ in range(2 * steps):
        seen.append(training.explain_next().examples.targets)
        training.advance(1)
    return np.concatenate(seen[:steps]), np.concatenate(seen[steps:])


def test_every_epoch_has_an_order_of_its_own():
    first, second = epochs("skip-gram", 15, 2)
    assert not np.array_equal(first, second)


@pytest.mark.parametrize(("batch_size", "steps"), [(None, 1), (10, 3)])
def test_every_epoch_draws_its_own_negatives_for_the_same_contexts(batch_size, steps):
    first, second = epochs("negative sampling, drawn", batch_size, steps)
    assert_array_equal(np.sort(first[:, 0]), np.sort(second[:, 0]))
    assert not np.array_equal(np.sort(first[:, 1:], axis=None), np.sort(second[:, 1:], axis=None))


@pytest.mark.parametrize(("framework", "limit"), [("PyTorch", 300**-0.5), ("Keras", (6 / 400) ** 0.5)])
def test_the_kernel_of_a_dense_layer_starts_within_the_limit_of_its_framework(framework, limit):
    start, rng = STARTS[framework], np.random.default_rng(0)
    kernel, bias = start.kernel(rng, 300, 100), start.bias(rng, 300, 100)
    assert 0.99 * limit < np.abs(kernel).max() <= limit
    assert 0.9 * limit < np.abs(bias).max() <= limit if framework == "PyTorch" else not bias.any()
