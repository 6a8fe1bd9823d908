"""Pools are a sparse matrix of shares: its product with the table reads rows, its transpose adds into them."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

import core.row_sums
from core.pools import means, pool_rows, ragged, singles, spread_rows, sums, unpadded

V, D = 5, 3
DOCUMENTS = st.lists(st.lists(st.integers(0, V - 1), max_size=4), min_size=1, max_size=5)
MADE = st.sampled_from([sums, means])


def pools_of(documents, made=means):
    return made(*ragged([np.array(ids, np.intp) for ids in documents]), V)


@given(DOCUMENTS, MADE, st.sampled_from([np.float32, np.float64]), st.booleans())
def test_the_loops_do_what_the_products_with_the_matrix_do(documents, made, dtype, public):
    pools = pools_of(documents, made).astype(dtype)
    rng = np.random.default_rng(0)
    weight = rng.normal(size=(V, D)).astype(dtype)
    gradient = rng.normal(size=(len(pools), D)).astype(dtype)
    into = np.full((V, D), np.nan, dtype)
    with pytest.MonkeyPatch.context() as patch:
        if public:  # as where scipy has no such loops
            patch.setattr(core.row_sums, "csr_matvecs", None)
            patch.setattr(core.row_sums, "csc_matvecs", None)
        output = pool_rows(pools, weight)
        spread_rows(pools, gradient, into)
    matrix = pools.matrix.toarray()
    assert output.dtype == dtype
    assert_allclose(output, matrix @ weight, rtol=1e-5, atol=1e-6)
    assert_allclose(into, matrix.T @ gradient, rtol=1e-5, atol=1e-6)


def test_arrays_that_do_not_lie_flat_or_mix_dtypes_are_served_too():
    pools = pools_of([[1, 1, 4], [], [0]])
    wide, gradient = np.zeros((V, 2 * D)), np.ones((3, D), np.float32)
    spread_rows(pools, gradient, wide[:, ::2])
    assert_allclose(wide[:, ::2], pools.matrix.toarray().T @ gradient)
    assert_allclose(pool_rows(pools, wide.astype(np.float32)[:, ::2]), pools.matrix.toarray() @ wide[:, ::2], rtol=1e-6)


@given(DOCUMENTS, st.data())
def test_parts_and_choices_are_the_rows_of_the_matrix(documents, data):
    pools = pools_of(documents)
    matrix, places = pools.matrix.toarray(), st.integers(0, len(pools) - 1)
    start, stop = sorted((data.draw(places), data.draw(places)))
    chosen = np.array(data.draw(st.lists(places, max_size=4)), np.intp)
    assert_array_equal(pools.part(start, stop).matrix.toarray(), matrix[start:stop])
    assert_array_equal(pools.take(chosen).matrix.toarray(), matrix[chosen])
    assert_array_equal(np.bincount(pools.pool, minlength=len(pools)), [len(document) for document in documents])


@given(st.lists(st.lists(st.integers(0, 2), min_size=3, max_size=3), min_size=1, max_size=4))
def test_windows_lose_their_padding_and_nothing_else(rows):
    indices, offsets = unpadded(np.array(rows), 0)
    assert [indices[a:b].tolist() for a, b in pairwise(offsets)] == [[word for word in row if word] for row in rows]
    assert_array_equal(unpadded(np.array(rows), None)[0], np.ravel(rows))


def test_bad_pools_are_refused():
    with pytest.raises(IndexError, match=r"\[0, 5\), got 5"):
        singles([5], V)
    with pytest.raises(TypeError, match="integers"):
        singles([0.5], V)
    for offsets in ([0, 3], [1, 2], [0, 2, 1, 2]):
        with pytest.raises(ValueError, match="offsets must rise from 0 to the number of indices, 2"):
            sums([0, 1], np.array(offsets), V)
    with pytest.raises(ValueError, match="the table must have 5 rows, got 4"):
        pool_rows(singles([0], V), np.zeros((4, D)))
    with pytest.raises(ValueError, match="1 pools of 5 rows"):
        spread_rows(singles([0], V), np.zeros((2, D)), np.zeros((V, D)))
