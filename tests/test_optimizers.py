"""The optimizers on a stream whose rows are known, and Adam against numbers measured with PyTorch 2.13."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from core.optimizers import OPTIMIZERS, momentum

# A table of ones, rate 0.1: step 1 reads row 1 with gradient 1, steps 2 to 5 read row 2. Row 1 after each step.
ROW_1 = {
    "SGD": [0.9, 0.9, 0.9, 0.9, 0.9],
    "Momentum": [0.9, 0.81, 0.729, 0.656, 0.590],
    "Adam": [0.9, 0.833, 0.781, 0.739, 0.703],
}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_row_read_once_moves_on_as_in_pytorch(name):
    optimizer = OPTIMIZERS[name](0.1)
    table = np.ones((4, 1))
    state = optimizer.init(table)
    seen = []
    for row in (1, 2, 2, 2, 2):
        delta, state = optimizer.update(np.eye(4)[:, [row]], state)
        table = table + delta
        seen.append(table[1, 0])
    assert_allclose(seen, ROW_1[name], atol=6e-4)
    assert_array_equal(table[[0, 3]], 1)  # a row that is never read has no gradient and no memory of one


@pytest.mark.parametrize("name", OPTIMIZERS)
@given(st.integers(0, 9))
def test_an_update_is_a_pure_function_and_keeps_the_dtype(name, seed):
    rng = np.random.default_rng(seed)
    optimizer = OPTIMIZERS[name](0.1)
    gradient = rng.normal(size=7).astype(np.float32)
    state = optimizer.update(gradient, optimizer.init(gradient))[1]
    first, second = optimizer.update(gradient, state)[0], optimizer.update(gradient, state)[0]
    assert_array_equal(first, second)
    assert first.dtype == np.float32


def test_momentum_without_memory_is_sgd():
    gradient = np.arange(3.0)
    plain, forgetful = OPTIMIZERS["SGD"](0.3), momentum(0.3, decay=0)
    assert_array_equal(plain.update(gradient, None)[0], forgetful.update(gradient, np.ones(3))[0])


def test_the_first_adam_step_has_the_size_of_the_learning_rate_whatever_the_gradient():
    gradient = np.array([1e-3, -5.0, 700.0])
    adam = OPTIMIZERS["Adam"](0.1)
    assert_allclose(adam.update(gradient, adam.init(gradient))[0], -0.1 * np.sign(gradient), rtol=2e-5)
