"""A mask says which positions a mean leaves out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as nps
from numpy.testing import assert_allclose, assert_array_equal

from core.gradient import finite_differences
from core.masks import masked_mean, masked_mean_gradient, zero_mask
from tests.layers import DTYPES


@st.composite
def texts(draw, dtype=None):
    """Looked-up rows (B, L, D) and ids (B, L) with at least one word a text."""
    shape = draw(st.tuples(st.integers(1, 3), st.integers(1, 4), st.integers(1, 3)))
    ids = draw(nps.arrays(np.int64, shape[:2], elements=st.integers(0, 2)))
    ids[:, draw(st.integers(0, shape[1] - 1))] = 1
    dtype = dtype or draw(st.sampled_from(DTYPES))
    return draw(nps.arrays(dtype, shape, elements=st.floats(-10, 10, width=32))), ids


@given(texts())
def test_a_masked_mean_is_the_mean_of_the_words(text):
    rows, ids = text
    means = masked_mean(rows, zero_mask(ids))
    assert means.dtype == rows.dtype
    for mean, some, line in zip(means, rows, ids, strict=True):
        assert_allclose(mean, some[line != 0].mean(axis=0), rtol=1e-5, atol=1e-5)


@given(texts(np.float64))
def test_its_gradient_is_what_nudging_the_rows_shows(text):
    rows, ids = text
    mask = zero_mask(ids)
    grad_output = np.arange(1.0, 1 + len(rows) * rows.shape[2]).reshape(len(rows), -1)
    nudged = finite_differences(lambda rows: float((masked_mean(rows, mask) * grad_output).sum()), rows)
    gradient = masked_mean_gradient(mask, grad_output)
    assert_allclose(gradient, nudged, atol=1e-6)
    assert not gradient[~mask].any()


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_text_of_padding_only_is_nan_and_sends_no_gradient_back(dtype):
    mask = zero_mask([[0, 0], [0, 1]])
    means = masked_mean(np.ones((2, 2, 1), dtype), mask)
    assert_array_equal(means, np.array([[np.nan], [1]], dtype))
    gradient = masked_mean_gradient(mask, np.ones((2, 1), dtype))
    assert_array_equal(gradient, [[[0], [0]], [[0], [1]]])
    assert gradient.dtype == means.dtype == dtype
