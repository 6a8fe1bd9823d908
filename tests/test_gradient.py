"""The gradient of a look-up is added into the rows that were read."""

import numpy as np
import pytest
from hypothesis import given
from numpy.testing import assert_allclose, assert_array_equal

from core.gradient import assigned_gradient, finite_differences, matmul_gradient, scatter_add, scatter_sums
from core.table import lookup
from tests.layers import backward_passes


@given(backward_passes())
def test_a_scatter_add_is_a_product_with_the_transposed_one_hot_rows(backward):
    num_embeddings, ids, gradients = backward
    direct = scatter_add(ids, gradients, num_embeddings)
    explained = matmul_gradient(ids, gradients, num_embeddings)
    assert_allclose(direct, explained, rtol=1e-5, atol=1e-5)  # the order of the sums differs, float32 among them
    assert direct.dtype == explained.dtype == gradients.dtype


@given(backward_passes())
def test_the_running_sums_end_at_the_scatter_add(backward):
    num_embeddings, ids, gradients = backward
    sums = scatter_sums(ids, gradients, num_embeddings)
    assert sums.shape == (ids.size, num_embeddings, gradients.shape[-1])
    if ids.size:
        assert_array_equal(sums[-1], scatter_add(ids, gradients, num_embeddings))


@given(backward_passes())
def test_a_row_that_was_not_read_gets_exactly_zero(backward):
    num_embeddings, ids, gradients = backward
    never = np.setdiff1d(np.arange(num_embeddings), ids)
    assert not scatter_add(ids, gradients, num_embeddings)[never].any()


@given(backward_passes(np.float64))
def test_the_gradient_of_the_table_is_what_nudging_its_numbers_shows(backward):
    num_embeddings, ids, gradients = backward

    def loss(weight):
        return float((lookup(weight, ids) * gradients).sum())

    nudged = finite_differences(loss, np.zeros((num_embeddings, gradients.shape[-1])))
    assert_allclose(scatter_add(ids, gradients, num_embeddings), nudged, rtol=1e-6, atol=1e-6)


def test_repeats_add_and_assigning_drops_them():
    ones = np.ones((3, 1))
    assert_array_equal(scatter_add([1, 0, 1], ones, 3), [[1], [2], [0]])
    assert_array_equal(assigned_gradient([1, 0, 1], ones, 3), [[1], [1], [0]])


@pytest.mark.parametrize("route", [scatter_add, matmul_gradient, scatter_sums, assigned_gradient])
def test_every_row_that_came_out_needs_a_gradient(route):
    with pytest.raises(ValueError, match=r"one row per index, shape \(2, 'D'\), got \(3, 1\)"):
        route([0, 1], np.ones((3, 1)), 2)
    with pytest.raises(IndexError, match=r"\[0, 2\), got 2"):
        route([2], np.ones((1, 1)), 2)
