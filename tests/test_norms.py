"""Reading shortens rows that are too long."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from core.norms import renormalised
from tests.layers import layers

KINDS = st.sampled_from([0.5, 1.0, 2.0, 3.0, np.inf])


@given(layers(), st.floats(0.125, 50), KINDS)
def test_rows_that_are_read_end_no_longer_than_max_norm_and_keep_their_direction(layer, max_norm, norm_type):
    weight, ids = layer
    shortened = renormalised(weight, ids, max_norm, norm_type)
    before, after = (np.linalg.norm(table, norm_type, axis=1) for table in (weight, shortened))
    assert shortened.dtype == weight.dtype
    assert (after[ids] <= max_norm * (1 + 1e-5)).all()
    assert_allclose(weight * after[:, None], shortened * before[:, None], rtol=1e-4, atol=1e-4)


@given(layers(), st.floats(0.125, 50), KINDS)
def test_short_rows_and_rows_that_are_not_read_stay_to_the_bit(layer, max_norm, norm_type):
    weight, ids = layer
    untouched = np.linalg.norm(weight, norm_type, axis=1).astype(np.float64) <= max_norm
    untouched |= ~np.isin(np.arange(len(weight)), ids)
    assert_array_equal(renormalised(weight, ids, max_norm, norm_type)[untouched], weight[untouched])


def test_the_factor_is_max_norm_over_norm_plus_a_margin_and_applies_once():
    weight = np.array([[3.0, 4.0], [6.0, 8.0]])
    expected = np.array([[3, 4], [6, 8]]) * [[1 / (5 + 1e-7)], [1]]
    assert_allclose(renormalised(weight, [0, 0, 0], 1.0), expected, rtol=1e-15)
    assert_array_equal(weight, [[3, 4], [6, 8]])


def test_what_cannot_be_a_norm_or_a_row_is_refused():
    with pytest.raises(ValueError, match="max_norm must not be negative, got -1"):
        renormalised(np.ones((2, 2)), [0], -1.0)
    with pytest.raises(IndexError, match=r"\[0, 2\), got 2"):
        renormalised(np.ones((2, 2)), [2], 1.0)
