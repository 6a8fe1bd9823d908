"""Which row of a table moves, and why."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from core import keras_optimizers as keras
from core import optimizers as torch
from core.streams import Stepper, causes, densely, drift, path, sparsely, unless_none
from core.update import Optimizer

STREAMS = st.lists(st.integers(0, 2), min_size=1, max_size=8)
TABLE = np.array([[0.66, -0.3], [0.2, 0.1], [-0.5, 0.4]])

# Table of ones, rate 0.1: step 1 reads row 1, steps 2 to 5 read row 2, row 4 is never read. Seen in PyTorch 2.13.0 and
# Keras 3.15.1: row 1 after each step, and row 4 at the end.
SEEN: dict[str, tuple[Optimizer, Stepper, list[float], float]] = {
    "SGD": (torch.sgd(0.1), densely, [0.9] * 5, 1),
    "momentum": (torch.momentum(0.1), densely, [0.9, 0.81, 0.729, 0.656, 0.590], 1),
    "Adam": (torch.adam(0.1), densely, [0.9, 0.833, 0.781, 0.739, 0.703], 1),
    "Adam of Keras": (keras.adam(0.1), densely, [0.9, 0.833, 0.781, 0.739, 0.703], 1),
    "SparseAdam": (torch.sparse_adam(0.1), sparsely, [0.9] * 5, 1),
    "AdamW": (torch.adamw(0.1), densely, [0.899, 0.831, 0.778, 0.735, 0.699], 0.995),
    "AdamW of Keras": (keras.adamw(0.1), densely, [0.900, 0.832, 0.780, 0.737, 0.701], 0.998),
    "Adam, weight_decay": (torch.adam(0.1, weight_decay=0.1), densely, [0.9, 0.827, 0.766, 0.712, 0.663], 0.51),
    "Adagrad": (torch.adagrad(0.1), densely, [0.9] * 5, 1),
    "Adagrad of Keras": (keras.adagrad(0.1), densely, [0.9047] * 5, 1),
    "RMSprop": (torch.rmsprop(0.1), densely, [0] * 5, 1),
    "RMSprop of Keras": (keras.rmsprop(0.1), densely, [0.684] * 5, 1),
}


@pytest.mark.parametrize("name", SEEN)
def test_rows_go_where_the_frameworks_take_them(name):
    optimizer, step, row_1, row_4 = SEEN[name]
    found = path(optimizer, np.ones((5, 1)), (1, 2, 2, 2, 2), (1.0,), step).tables[1:, :, 0]
    assert_allclose(found[:, 1], row_1, atol=6e-4)
    assert_allclose(found[-1, 4], row_4, atol=6e-3 if name == "Adam, weight_decay" else 6e-4)


@given(STREAMS)
def test_with_plain_sgd_only_rows_that_are_read_move(stream):
    found = path(torch.sgd(0.1), TABLE, stream, (1.0, -0.5))
    assert_array_equal((found.moves != 0).any(axis=2), found.read)


@given(STREAMS, st.sampled_from([torch.momentum, torch.adam]))
def test_memory_moves_a_row_after_its_first_reading_and_never_before(stream, make):
    found = path(make(0.1), TABLE, stream, (1.0, -0.5))
    why = causes(found, found)
    seen = np.cumsum(found.read, axis=0) > 0
    assert_array_equal((found.moves != 0).any(axis=2), seen)
    assert_array_equal(why.memory, seen & ~found.read)
    assert not why.decay.any()


@given(STREAMS)
def test_decay_moves_every_row_at_every_step(stream):
    with_decay, without = (path(torch.adamw(0.1, weight_decay=share), TABLE, stream, (1.0, -0.5)) for share in (0.1, 0))
    why = causes(with_decay, without)
    assert why.decay.all()
    never = ~with_decay.read.any(axis=0)
    assert_allclose(with_decay.tables[-1, never], TABLE[never] * 0.99 ** len(stream))


@given(STREAMS)
def test_sparse_adam_moves_what_is_read_and_nothing_else(stream):
    found = path(torch.sparse_adam(0.1), TABLE, stream, (1.0, -0.5), sparsely)
    assert_array_equal((found.moves != 0).any(axis=2), found.read)


def test_a_gradient_of_none_stops_adam_and_one_of_zeros_does_not():
    stream = (0, None, None, None, None)
    zeros, none = (
        path(torch.adam(0.1), TABLE, stream, (1.0, -0.5), step).moves[:, 0, 0] for step in (densely, unless_none)
    )
    assert_allclose(zeros, [-0.1, -0.0670, -0.0518, -0.0424, -0.0359], atol=6e-5)
    assert_allclose(none, [-0.1, 0, 0, 0, 0])


def test_four_idle_adam_steps_move_a_row_twice_as_far_as_its_one_reading():
    moves = path(torch.adam(0.1), TABLE, (0, 1, 1, 1, 1), (1.0, -0.5)).moves[:, 0, 0]
    assert 1.9 < moves[1:].sum() / moves[0] < 2.1


def test_an_id_without_a_row_is_refused():
    with pytest.raises(IndexError, match=r"\[0, 3\), got 3"):
        path(torch.sgd(0.1), TABLE, (3,), (1.0, -0.5))


@given(st.lists(st.integers(0, 40), min_size=5, max_size=5))
def test_words_that_are_read_more_go_further_and_unread_ones_stay(counts):
    start, head = np.zeros((5, 2)), np.array([2.0, 1.0])
    end = drift(start, counts, head, 0.1)
    far = np.linalg.norm(end, axis=1)
    assert_array_equal(np.argsort(counts, kind="stable"), np.argsort(far, kind="stable"))
    assert_array_equal(end[np.array(counts) == 0], 0)
    assert_allclose(end[:, 0], 2 * end[:, 1])  # along the head


def test_one_reading_is_one_step_of_sgd_on_the_logistic_loss():
    start, head = np.array([[0.3, -0.2]]), np.array([2.0, 1.0])
    expected = start + 0.1 * head / (1 + np.exp(start @ head))
    assert_allclose(drift(start, [1], head, 0.1), expected)
