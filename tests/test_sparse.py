"""A sparse gradient is the dense one without its rows of zeros."""

import numpy as np
import pytest
from hypothesis import given
from numpy.testing import assert_array_equal

from core.gradient import scatter_add
from core.sparse import sparse_gradient
from tests.layers import backward_passes


@given(backward_passes())
def test_a_sparse_gradient_is_the_scatter_add_to_the_bit_coalesced_or_not(backward):
    num_embeddings, ids, gradients = backward
    sparse, dense = sparse_gradient(ids, gradients, num_embeddings), scatter_add(ids, gradients, num_embeddings)
    assert_array_equal(sparse.dense(), dense)
    assert_array_equal(sparse.coalesced().dense(), dense)
    assert sparse.values.dtype == sparse.coalesced().values.dtype == sparse.dense().dtype == gradients.dtype


@given(backward_passes())
def test_one_entry_an_occurrence_then_one_entry_a_row(backward):
    num_embeddings, ids, gradients = backward
    sparse = sparse_gradient(ids, gradients, num_embeddings)
    assert_array_equal(sparse.indices, ids.ravel())
    assert sparse.values.shape == (ids.size, gradients.shape[-1])
    assert_array_equal(sparse.coalesced().indices, np.unique(ids))


def test_squaring_needs_the_sum_first():
    coalesced = sparse_gradient([1, 1], np.array([[3.0], [-1.0]]), 4).coalesced()
    assert_array_equal(coalesced.indices, [1])
    assert_array_equal(coalesced.values, [[2]])


def test_bad_ids_and_missing_rows_are_refused():
    with pytest.raises(IndexError, match=r"\[0, 2\), got -1"):
        sparse_gradient([-1], np.ones((1, 1)), 2)
    with pytest.raises(ValueError, match="one row per index"):
        sparse_gradient([0, 1], np.ones((1, 1)), 2)
