"""The options that are one line: scaling by frequency, frozen rows, Dense's gradients, start values."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from core.gradient import dense_gradients, divided_by_count, finite_differences, frozen, scatter_add
from core.initializers import given as given_rows
from core.initializers import narrow_uniform, standard_normal, zeros
from core.table import dense, one_hot
from tests.layers import backward_passes, layers


@given(backward_passes())
def test_scaled_by_frequency_a_row_gets_the_mean_of_its_gradients(backward):
    num_embeddings, ids, gradients = backward
    scaled = scatter_add(ids, divided_by_count(ids, gradients, num_embeddings), num_embeddings)
    assert scaled.dtype == gradients.dtype
    for row in np.unique(ids):
        assert_allclose(scaled[row], gradients[ids == row].mean(axis=0), rtol=1e-5, atol=1e-5)


@given(backward_passes(), st.data())
def test_frozen_rows_get_no_gradient_and_the_others_all_of_theirs(backward, data):
    num_embeddings, ids, gradients = backward
    gradient = scatter_add(ids, gradients, num_embeddings)
    rows = data.draw(st.lists(st.integers(0, num_embeddings - 1)))
    expected = gradient.copy()
    for row in rows:
        expected[row] = 0
    assert_array_equal(frozen(gradient, rows), expected)


def test_only_rows_of_the_table_can_be_frozen():
    with pytest.raises(IndexError, match=r"\[0, 2\), got 2"):
        frozen(np.ones((2, 1)), [2])


@given(layers(np.float64))
def test_the_gradients_of_a_dense_layer_are_what_nudging_shows(layer):
    kernel, ids = layer
    inputs, bias = one_hot(ids, len(kernel)), np.arange(kernel.shape[1], dtype=float)
    grad_output = np.cos(np.arange(ids.size * len(bias), dtype=float)).reshape(*ids.shape, len(bias))
    gradients = dense_gradients(inputs, kernel, grad_output)

    def loss(inputs, kernel, bias):
        return float((dense(inputs, kernel, bias) * grad_output).sum())

    by_inputs = finite_differences(lambda inputs: loss(inputs, kernel, bias), inputs)
    by_kernel = finite_differences(lambda kernel: loss(inputs, kernel, bias), kernel)
    by_bias = finite_differences(lambda bias: loss(inputs, kernel, bias), bias)
    assert_allclose(gradients.inputs, by_inputs, atol=1e-5)
    assert_allclose(gradients.kernel, by_kernel, atol=1e-5)
    assert_allclose(gradients.bias, by_bias, atol=1e-5)
    assert_allclose(gradients.kernel, scatter_add(ids, grad_output, len(kernel)), atol=1e-12)  # a look-up's own


@pytest.mark.parametrize("drawn", [standard_normal, narrow_uniform, zeros])
def test_a_table_is_drawn_row_after_row(drawn):
    small, large = (drawn(np.random.default_rng(0), rows, 3) for rows in (4, 6))
    assert_array_equal(large[:4], small)


def test_given_rows_are_copied_and_must_fit():
    rows, rng = np.ones((2, 3), np.float32), np.random.default_rng(0)
    start = given_rows(rows)(rng, 2, 3)
    assert_array_equal(start, rows)
    assert start.dtype == np.float32
    assert not np.shares_memory(start, rows)
    with pytest.raises(ValueError, match=r"given rows must have shape \(3, 3\), got \(2, 3\)"):
        given_rows(rows)(rng, 3, 3)
