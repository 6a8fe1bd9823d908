"""The padding row starts at zero, gets no gradient, and is read like any other."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from core.gradient import scatter_add
from core.padding import padded_table, padding_row, without_padding
from core.sparse import sparse_gradient
from core.table import lookup
from tests.layers import backward_passes, tables


@given(tables(), st.data())
def test_a_new_table_has_a_padding_row_of_zeros_and_keeps_the_others(weight, data):
    padding_idx = data.draw(st.integers(-len(weight), len(weight) - 1))
    before, padded = weight.copy(), padded_table(weight, padding_idx)
    others = np.delete(np.arange(len(weight)), padding_idx)
    assert not padded[padding_idx].any()
    assert_array_equal(padded[others], weight[others])
    assert_array_equal(weight, before)
    assert padded.dtype == weight.dtype


@given(backward_passes(), st.data())
def test_padding_gets_no_gradient_and_the_others_get_all_of_theirs(backward, data):
    num_embeddings, ids, gradients = backward
    padding_idx = data.draw(st.integers(-num_embeddings, num_embeddings - 1))
    expected = scatter_add(ids, gradients, num_embeddings)
    expected[padding_idx] = 0
    kept = without_padding(ids, gradients, num_embeddings, padding_idx)
    assert_array_equal(scatter_add(*kept, num_embeddings), expected)
    assert padding_idx % num_embeddings not in sparse_gradient(*kept, num_embeddings).indices


def test_a_gradient_that_is_not_finite_does_not_reach_the_padding_row():
    gradients = np.array([[np.inf], [2.0]])
    assert_array_equal(scatter_add(*without_padding([0, 1], gradients, 2, 0), 2), [[0], [2]])


def test_reading_padding_reads_whatever_the_row_holds():
    assert_array_equal(lookup(np.array([[5.0], [6.0]]), [0, 1]), [[5], [6]])


@pytest.mark.parametrize("padding_idx", [3, -4])
def test_the_padding_row_must_be_a_row_of_the_table(padding_idx):
    with pytest.raises(ValueError, match=rf"padding_idx must lie in \[-3, 3\), got {padding_idx}"):
        padding_row(padding_idx, 3)
