"""Pooled look-ups: what a loop over the bags gives, and what nudging shows."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from core.bags import bags_of
from core.embedding_bag import MODES, embedding_bag, embedding_bag_gradient, max_winners, sample_weights_gradient
from core.gradient import finite_differences
from tests.layers import tables

LOOPS: dict[str, Any] = {"sum": np.sum, "mean": np.mean, "max": np.max}
EACH_MODE = pytest.mark.parametrize("mode", MODES)


@st.composite
def pooled_layers(draw, dtype=None):
    """A table and bags of its rows, with and without padding, the empty ones among them."""
    weight = draw(tables(dtype))
    texts = draw(st.lists(st.lists(st.integers(0, len(weight) - 1), max_size=4), max_size=4))
    padding_idx = draw(st.none() | st.integers(-len(weight), len(weight) - 1))
    ids = np.array([word for text in texts for word in text], int)
    return weight, bags_of(ids, len(weight), np.cumsum([0, *map(len, texts)])[:-1], padding_idx)


def some_numbers(*shape):
    return np.cos(np.arange(1.0, 1 + np.prod(shape))).reshape(shape)


@EACH_MODE
@given(layer=pooled_layers())
def test_a_pool_is_what_a_loop_over_the_bags_gives_and_an_empty_bag_is_zero(mode, layer):
    weight, bags = layer
    output = embedding_bag(weight, bags, mode)
    assert output.shape == (len(bags.pools), weight.shape[1])
    assert output.dtype == weight.dtype
    for number, row in enumerate(output):
        rows = weight[bags.pools.indices[bags.pools.pool == number]]
        assert_allclose(row, LOOPS[mode](rows, axis=0) if len(rows) else 0, rtol=1e-5, atol=1e-4)


@EACH_MODE
@given(layer=pooled_layers(np.float64))
def test_its_gradient_is_what_nudging_the_table_shows(mode, layer):
    weight, bags = layer
    weight = some_numbers(*weight.shape)  # no two numbers equal: a maximum has no gradient where two tie
    grad_output = some_numbers(len(bags.pools), weight.shape[1])
    nudged = finite_differences(lambda weight: float((embedding_bag(weight, bags, mode) * grad_output).sum()), weight)
    assert_allclose(embedding_bag_gradient(weight, bags, grad_output, mode), nudged, atol=1e-6)


@given(pooled_layers(np.float64))
def test_the_gradients_of_a_weighted_sum_are_what_nudging_shows(layer):
    weight, bags = layer[0] / 100, layer[1]
    numbers, grad_output = some_numbers(*bags.kept.shape), some_numbers(len(bags.pools), weight.shape[1])

    def loss(weight, numbers):
        return float((embedding_bag(weight, bags, "sum", numbers) * grad_output).sum())

    by_table = finite_differences(lambda weight: loss(weight, numbers), weight)
    by_numbers = finite_differences(lambda numbers: loss(weight, numbers), numbers)
    assert_allclose(embedding_bag_gradient(weight, bags, grad_output, "sum", numbers), by_table, atol=1e-6)
    assert_allclose(sample_weights_gradient(weight, bags, grad_output), by_numbers, atol=1e-6)


@given(pooled_layers())
def test_a_sum_weighted_with_ones_is_the_sum(layer):
    weight, bags = layer
    output = embedding_bag(weight, bags, "sum", np.ones(bags.kept.shape))  # float64, but the table decides
    assert_array_equal(output, embedding_bag(weight, bags, "sum"))
    assert output.dtype == weight.dtype


def test_numbers_of_any_memory_layout_are_read_and_get_their_gradients_at_their_places():
    bags = bags_of([[0, 1, 2], [2, 1, 0]], 3, padding_idx=0)
    weight, numbers = np.array([[9.0], [1], [2]]), np.asfortranarray([[7.0, 1, 2], [3, 4, 7]])
    assert_array_equal(embedding_bag(weight, bags, "sum", numbers), [[5], [10]])
    gradient = sample_weights_gradient(weight, bags, np.array([[1.0], [10]]))
    assert_array_equal(gradient, [[0, 1, 2], [20, 10, 0]])


def test_padding_is_neither_in_the_sum_nor_in_the_count_even_if_it_is_not_finite():
    weight = np.array([[np.inf], [2.0], [4.0]])
    bags = bags_of([[0, 1, 2], [0, 0, 0], [1, 0, 0]], 3, padding_idx=0)
    assert_array_equal(embedding_bag(weight, bags), [[3], [0], [2]])
    assert_array_equal(embedding_bag_gradient(weight, bags, np.ones((3, 1))), [[0], [1.5], [0.5]])


def test_among_equals_the_first_in_the_bag_wins():
    weight = np.array([[1.0, 2], [1, 2], [0, 2]])
    bags = bags_of([[2, 1, 0, 0]], 3)
    assert_array_equal(max_winners(weight, bags.pools), [[1, 0]])
    gradient = embedding_bag_gradient(weight, bags, np.array([[5.0, 7]]), "max")
    assert_array_equal(gradient, [[0, 0], [5, 0], [0, 7]])
    assert_array_equal(max_winners(weight, bags_of([], 3, [0]).pools), [[-1, -1]])


def test_what_makes_no_sense_is_refused():
    weight, bags = np.ones((2, 1)), bags_of([[0, 1]], 2)
    with pytest.raises(ValueError, match="mode must be one of sum, mean, max, got median"):
        embedding_bag(weight, bags, "median")
    for mode in ("mean", "max"):
        with pytest.raises(NotImplementedError, match=f"per_sample_weights need mode sum, got {mode}"):
            embedding_bag(weight, bags, mode, np.ones((1, 2)))
    with pytest.raises(ValueError, match=r"shape \(1, 2\), got \(2,\)"):
        embedding_bag(weight, bags, "sum", np.ones(2))
