"""The optimizers on streams whose rows are known: the numbers were measured with PyTorch 2.13.0 and Keras 3.15.1."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from core import keras_optimizers as keras
from core import optimizers as torch
from core.in_place import steps_of
from core.keras_optimizers import KERAS_OPTIMIZERS
from core.optimizers import OPTIMIZERS
from core.records import FloatArray
from core.row_steps import add_rows, write_rows
from core.sparse import SparseGradient, sparse_gradient
from core.update import Optimizer, State

Make = Callable[..., Optimizer]

DENSE: dict[str, Make] = {**OPTIMIZERS, **{f"{name} of Keras": make for name, make in KERAS_OPTIMIZERS.items()}}
ROW_WISE: dict[str, Make] = {"SGD": torch.sgd, "Adagrad": torch.adagrad}  # a sparse step is the dense one on its rows
SPARSE: dict[str, Make] = {
    **ROW_WISE, "SparseAdam": torch.sparse_adam, "Momentum": torch.momentum, "Nesterov": torch.nesterov,
    **{f"{name} of Keras": make for name, make in KERAS_OPTIMIZERS.items()},
}  # fmt: skip
REFUSING: dict[str, Make] = {
    "RMSprop": torch.rmsprop,
    "Adam": torch.adam,
    "AdamW": torch.adamw,
    "SGD with decay": lambda rate: torch.sgd(rate, weight_decay=0.1),
    "Momentum with decay": lambda rate: torch.momentum(rate, weight_decay=0.1),
    "Adagrad with decay": lambda rate: torch.adagrad(rate, weight_decay=0.1),
    "Adam with decay": lambda rate: torch.adam(rate, weight_decay=0.1),
}

# A table of ones, rate 0.1: step 1 reads row 1 with gradient 1, steps 2 to 5 read row 2. After each step: row 1, and
# row 4, which is never read.
STILL: list[float] = [1, 1, 1, 1, 1]
ROWS_1_AND_4: dict[str, tuple[Make, list[float], list[float]]] = {
    "SGD": (torch.sgd, [0.9, 0.9, 0.9, 0.9, 0.9], STILL),
    "Momentum": (torch.momentum, [0.9, 0.81, 0.729, 0.656, 0.590], STILL),
    "Momentum of Keras": (keras.momentum, [0.9, 0.81, 0.729, 0.656, 0.590], STILL),
    "Nesterov": (torch.nesterov, [0.81, 0.729, 0.656, 0.590, 0.531], STILL),
    "Nesterov of Keras": (keras.nesterov, [0.81, 0.729, 0.656, 0.590, 0.531], STILL),
    "Adam": (torch.adam, [0.9, 0.833, 0.781, 0.739, 0.703], STILL),
    "Adam of Keras": (keras.adam, [0.9, 0.833, 0.781, 0.739, 0.703], STILL),
    "AdamW": (torch.adamw, [0.899, 0.831, 0.778, 0.735, 0.699], [0.999, 0.998, 0.997, 0.996, 0.995]),
    "AdamW of Keras": (keras.adamw, [0.900, 0.832, 0.780, 0.737, 0.701], [1.0, 0.999, 0.999, 0.998, 0.998]),
    "Adam, L2": (lambda rate: torch.adam(rate, weight_decay=0.1), [0.9, 0.827, 0.766, 0.712, 0.663],
                 [0.9, 0.80, 0.70, 0.60, 0.51]),
    "Adagrad": (torch.adagrad, [0.9, 0.9, 0.9, 0.9, 0.9], STILL),
    "Adagrad of Keras": (keras.adagrad, [0.9047, 0.9047, 0.9047, 0.9047, 0.9047], STILL),
    "RMSprop": (torch.rmsprop, [0, 0, 0, 0, 0], STILL),
    "RMSprop of Keras": (keras.rmsprop, [0.684, 0.684, 0.684, 0.684, 0.684], STILL),
}  # fmt: skip

# Word 0 of three, start value 0.66, rate 0.1, read at the first of five steps with gradient 1: its steps.
STEPS_OF_A_WORD: dict[str, tuple[Make, list[float]]] = {
    "SGD": (torch.sgd, [-0.1, 0, 0, 0, 0]),
    "Adagrad": (torch.adagrad, [-0.1, 0, 0, 0, 0]),
    "RMSprop": (torch.rmsprop, [-1.0, 0, 0, 0, 0]),
    "RMSprop of Keras": (keras.rmsprop, [-0.32, 0, 0, 0, 0]),
    "Momentum": (torch.momentum, [-0.1, -0.090, -0.081, -0.073, -0.066]),
    "Adam": (torch.adam, [-0.1, -0.067, -0.052, -0.043, -0.036]),
    "AdamW": (lambda rate: torch.adamw(rate, weight_decay=0.1), [-0.107, -0.073, -0.057, -0.047, -0.040]),
}


def tables(optimizer, table, reads):
    """The table before and after each step, which reads one row with a gradient of ones."""
    state, seen = optimizer.init(table), [table]
    for row in reads:
        gradient = np.zeros_like(table)
        gradient[row] = 1
        delta, state = optimizer.update(gradient, state, table)
        table = table + delta
        seen.append(table)
    return np.array(seen)


def sparse_tables(optimizer, table, reads):
    """The same, by sparse gradients."""
    state, seen = optimizer.init(table), [table]
    for row in reads:
        gradient = sparse_gradient([row], np.ones((1, table.shape[1])), len(table))
        table, state = add_rows(optimizer.update_rows(gradient, state, table), state, table)
        seen.append(table)
    return np.array(seen)


def gradient_of(rng, dtype=np.float64, unique=False):
    rows = rng.permutation(6)[: rng.integers(0, 6)] if unique else rng.integers(0, 6, rng.integers(0, 9))
    return SparseGradient(indices=rows, values=rng.normal(size=(len(rows), 3)).astype(dtype), num_embeddings=6)


@pytest.mark.parametrize("name", ROWS_1_AND_4)
def test_a_row_read_once_and_a_row_never_read_move_as_in_the_frameworks(name):
    make, row_1, row_4 = ROWS_1_AND_4[name]
    seen = tables(make(0.1), np.ones((5, 1)), (1, 2, 2, 2, 2))[1:, :, 0]
    assert_allclose(seen[:, 1], row_1, atol=6e-4 if "Adagrad" not in name else 6e-5)
    assert_allclose(seen[:, 4], row_4, atol=5.1e-3 if name == "Adam, L2" else 6e-4)


@pytest.mark.parametrize("name", SPARSE)
def test_sparse_gradients_move_these_rows_as_in_the_frameworks(name):
    row_1 = [0.9] * 5 if name == "SparseAdam" else ROWS_1_AND_4.get(name, ROWS_1_AND_4["SGD"])[1]
    seen = sparse_tables(SPARSE[name](0.1), np.ones((5, 1)), (1, 2, 2, 2, 2))[1:, :, 0]
    assert_allclose(seen[:, 1], row_1, atol=6e-4)


@pytest.mark.parametrize("name", STEPS_OF_A_WORD)
def test_the_steps_of_a_word_that_is_read_once(name):
    make, steps = STEPS_OF_A_WORD[name]
    table = np.array([[0.66, -0.3], [0.2, 0.1], [-0.5, 0.4]])
    seen = tables(make(0.1), table, (0, 1, 1, 1, 1))
    assert_allclose(np.diff(seen[:, 0, 0]), steps, atol=5.1e-3 if name == "RMSprop of Keras" else 6e-4)
    shrinks = np.abs(seen[-1, 2]) < np.abs(seen[0, 2])
    assert_array_equal(shrinks, name == "AdamW")  # the row that is never read
    assert name == "AdamW" or np.array_equal(seen[-1, 2], seen[0, 2])


@pytest.mark.parametrize("name", DENSE)
@given(st.integers(0, 9))
@settings(deadline=None, max_examples=30)  # a busy machine is no failure
def test_an_update_is_a_pure_function_and_keeps_the_dtype(name, seed):
    rng = np.random.default_rng(seed)
    optimizer = DENSE[name](0.1)
    gradient, parameters = rng.normal(size=(2, 7)).astype(np.float32)
    state = optimizer.update(gradient, optimizer.init(parameters), parameters)[1]
    for array in (gradient, parameters, *state.memory):
        array.setflags(write=False)
    first, second = (optimizer.update(gradient, state, parameters) for _ in range(2))
    assert_array_equal(first[0], second[0])
    assert {array.dtype for array in (first[0], *first[1].memory)} == {np.dtype(np.float32)}
    assert all(map(np.array_equal, first[1].memory, second[1].memory))


@pytest.mark.parametrize("name", DENSE)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_steps_that_training_makes_in_place_are_the_pure_ones_up_to_rounding(name, dtype):
    rng = np.random.default_rng(3)
    optimizer, tolerance = DENSE[name](0.1), 50 * np.finfo(dtype).eps
    pure = rng.normal(size=20).astype(dtype)
    parameters, state = pure.copy(), optimizer.init(pure)
    steps = steps_of(optimizer, parameters)
    for number in range(30):
        gradient = rng.normal(size=20).astype(dtype) * (number % 3)  # now and then all zeros
        delta, state = optimizer.update(gradient, state, pure)
        pure = pure + delta
        parameters += steps.step(gradient)  # which may overwrite the gradient
        assert parameters.dtype == dtype
        assert_allclose(parameters, pure, rtol=tolerance, atol=tolerance)
    assert steps.state.steps == state.steps
    for ours, theirs in zip(steps.state.memory, state.memory, strict=True):
        assert_allclose(ours, theirs, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("name", SPARSE)
@given(st.integers(0, 99))
@settings(deadline=None, max_examples=30)  # a busy machine is no failure
def test_a_sparse_update_is_a_pure_function_and_writing_it_in_place_gives_the_same_bits(name, seed):
    rng = np.random.default_rng(seed)
    optimizer = SPARSE[name](0.1)
    table = rng.normal(size=(6, 3)).astype(np.float32)
    state = optimizer.init(table)
    written, written_state = table.copy(), optimizer.init(table)
    for _ in range(4):
        gradient = gradient_of(rng, np.float32)
        for array in (table, *state.memory):
            array.setflags(write=False)
        table, state = add_rows(optimizer.update_rows(gradient, state, table), state, table)
        step = optimizer.update_rows(gradient, written_state, written)
        written_state = write_rows(step, written_state, written)
        assert step.delta.dtype == table.dtype == np.float32
    assert_array_equal(written, table)
    assert written_state.steps == state.steps
    assert all(map(np.array_equal, written_state.memory, state.memory))


@pytest.mark.parametrize("name", SPARSE)
@given(st.integers(0, 99))
@settings(deadline=None, max_examples=30)  # a busy machine is no failure
def test_a_repeated_row_counts_as_the_sum_of_its_gradients(name, seed):
    rng = np.random.default_rng(seed)
    optimizer, table, gradient = SPARSE[name](0.1), rng.normal(size=(6, 3)), gradient_of(rng)
    parts, summed = (optimizer.update_rows(g, optimizer.init(table), table) for g in (gradient, gradient.coalesced()))
    assert_array_equal(parts.rows, summed.rows)
    assert_array_equal(parts.delta, summed.delta)


@pytest.mark.parametrize("name", sorted(SPARSE.keys() - {"SparseAdam"}))
@given(st.integers(0, 99))
@settings(deadline=None, max_examples=30)  # a busy machine is no failure
def test_sparse_steps_are_dense_steps_with_less_to_do(name, seed):
    rng = np.random.default_rng(seed)
    optimizer = SPARSE[name](0.1)
    dense: FloatArray = rng.normal(size=(6, 3))
    sparse = dense
    sparse_state = dense_state = optimizer.init(dense)
    for _ in range(4):
        gradient = gradient_of(rng)
        delta, dense_state = optimizer.update(gradient.dense(), dense_state, dense)
        dense = dense + delta
        step = optimizer.update_rows(gradient, sparse_state, sparse)
        assert name not in ROW_WISE or set(step.rows) == set(gradient.indices)
        sparse, sparse_state = add_rows(step, sparse_state, sparse)
        assert_allclose(sparse, dense, rtol=1e-12, atol=1e-12)
    assert_allclose(sparse_state.memory, dense_state.memory, rtol=1e-12, atol=1e-12)


@given(st.integers(0, 99))
@settings(deadline=None, max_examples=30)  # a busy machine is no failure
def test_sparse_adam_touches_only_the_rows_of_the_gradient_and_their_memory(seed):
    rng = np.random.default_rng(seed)
    optimizer, table = torch.sparse_adam(0.1), rng.normal(size=(6, 3))
    state = State(3, (rng.normal(size=(6, 3)), rng.random((6, 3))))
    gradient = gradient_of(rng, unique=True)
    after, next_state = add_rows(optimizer.update_rows(gradient, state, table), state, table)
    others = np.setdiff1d(np.arange(6), gradient.indices)
    assert next_state.steps == 4
    for before, now in zip((table, *state.memory), (after, *next_state.memory), strict=True):
        assert_array_equal(now[others], before[others])
        assert (now[gradient.indices] != before[gradient.indices]).all()


@given(st.integers(0, 99))
@settings(deadline=None, max_examples=30)  # a busy machine is no failure
def test_sparse_adam_on_every_row_is_adam_with_eps_before_the_correction(seed):
    rng = np.random.default_rng(seed)
    table, values = rng.normal(size=(2, 6, 3))
    lazy, keen = torch.sparse_adam(0.1, eps=1e-3), keras.adam(0.1, eps=1e-3)
    step = lazy.update_rows(sparse_gradient(np.arange(6), values, 6), lazy.init(table), table)
    assert_array_equal(step.delta, keen.update(values, keen.init(table), table)[0])


@pytest.mark.parametrize("name", REFUSING)
def test_a_sparse_gradient_is_refused_where_pytorch_refuses_it(name):
    optimizer, table = REFUSING[name](0.1), np.ones((4, 2))
    gradient = sparse_gradient([1], np.ones((1, 2)), 4)
    with pytest.raises(RuntimeError, match=r"takes no sparse gradient: make it dense, or use sparse_adam"):
        optimizer.update_rows(gradient, optimizer.init(table), table)


def test_sparse_adam_refuses_a_dense_gradient():
    optimizer, table = torch.sparse_adam(0.1), np.ones((4, 2))
    with pytest.raises(RuntimeError, match="use adam for a dense one"):
        optimizer.update(table, optimizer.init(table), table)


@pytest.mark.parametrize("name", SPARSE)
def test_the_gradient_of_another_table_is_refused(name):
    optimizer, table = SPARSE[name](0.1), np.ones((4, 2))
    with pytest.raises(ValueError, match="the gradient must have the table's 4 rows, got 5"):
        optimizer.update_rows(sparse_gradient([4], np.ones((1, 2)), 5), optimizer.init(table), table)


def test_momentum_without_memory_is_sgd():
    gradient = np.arange(3.0)
    plain, remembered = torch.sgd(0.3), State(1, (np.ones(3),))
    for forgetful in (torch.momentum(0.3, decay=0), torch.nesterov(0.3, decay=0), keras.momentum(0.3, decay=0)):
        assert_array_equal(
            plain.update(gradient, plain.init(gradient), gradient)[0],
            forgetful.update(gradient, remembered, gradient)[0],
        )


@pytest.mark.parametrize("name", ["Momentum", "Nesterov"])
@given(st.integers(0, 99))
@settings(deadline=None, max_examples=30)  # a busy machine is no failure
def test_the_two_conventions_of_velocity_make_the_same_steps(name, seed):
    gradients = np.random.default_rng(seed).normal(size=(5, 3))
    ours, theirs = OPTIMIZERS[name](0.1), KERAS_OPTIMIZERS[name](0.1)
    state, other_state = ours.init(gradients[0]), theirs.init(gradients[0])
    for gradient in gradients:
        delta, state = ours.update(gradient, state, gradient)
        other_delta, other_state = theirs.update(gradient, other_state, gradient)
        assert_allclose(delta, other_delta, rtol=1e-12, atol=1e-15)


def test_the_first_adam_step_has_the_size_of_the_learning_rate_whatever_the_gradient():
    gradient = np.array([1e-3, -5.0, 700.0])
    adam = torch.adam(0.1)
    assert_allclose(adam.update(gradient, adam.init(gradient), gradient)[0], -0.1 * np.sign(gradient), rtol=2e-5)


@pytest.mark.parametrize(
    ("optimizer", "step"),
    [
        (torch.adagrad(1.0, eps=0.01), -0.1 / (0.1 + 0.01)),
        (keras.adagrad(1.0, start=0, eps=0.01), -0.1 / (0.1**2 + 0.01) ** 0.5),
        (torch.rmsprop(1.0, decay=0.75, eps=0.01), -0.1 / (0.05 + 0.01)),
        (keras.rmsprop(1.0, decay=0.75, eps=0.01), -0.1 / (0.05**2 + 0.01) ** 0.5),
        (torch.adam(1.0, beta2=0.75, eps=0.01), -0.1 / (0.1 + 0.01)),
        (keras.adam(1.0, beta2=0.75, eps=0.01), -0.05 / (0.05 + 0.01)),  # the root is corrected after eps was added
    ],
)
def test_where_eps_stands_shows_when_it_is_as_large_as_the_gradient(optimizer, step):
    gradient = np.array([0.1])
    assert_allclose(optimizer.update(gradient, optimizer.init(gradient), gradient)[0], step)


@pytest.mark.parametrize("make", [torch.sgd, torch.momentum, torch.adagrad, torch.rmsprop, torch.adam])
def test_l2_adds_the_parameters_to_the_gradient_and_decay_beside_it_does_not(make):
    gradient, parameters = np.array([0.3, -0.2]), np.array([2.0, 5.0])
    plain, decayed = make(0.1), make(0.1, weight_decay=0.5)
    expected = plain.update(gradient + 0.5 * parameters, plain.init(parameters), parameters)[0]
    assert_array_equal(decayed.update(gradient, decayed.init(parameters), parameters)[0], expected)
    beside = keras.decayed(plain, 0.1, 0.5)
    delta = beside.update(gradient, beside.init(parameters), parameters)[0]
    assert_allclose(delta, plain.update(gradient, plain.init(parameters), parameters)[0] - 0.05 * parameters)
