"""Bags are cut by offsets or by the lines of a rectangle, without their padding."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as nps
from numpy.testing import assert_array_equal

from core.bags import bags_of


def read(bags):
    pools = bags.pools
    return [pools.indices[a:b].tolist() for a, b in pairwise(pools.offsets)]


@given(st.lists(st.lists(st.integers(0, 4), max_size=4), max_size=4), st.none() | st.integers(0, 4))
def test_offsets_cut_a_list_into_bags(texts, padding_idx):
    ids = [word for text in texts for word in text]
    offsets = np.cumsum([0, *map(len, texts)])[:-1]
    bags = bags_of(ids, 5, offsets, padding_idx)
    assert read(bags) == [[word for word in text if word != padding_idx] for text in texts]
    assert_array_equal(np.array(ids, int)[bags.kept], bags.pools.indices)


@given(
    nps.arrays(np.int64, nps.array_shapes(min_dims=2, max_dims=2, min_side=0, max_side=4), elements=st.integers(0, 4))
)
def test_lines_are_bags(ids):
    assert read(bags_of(ids, 5)) == ids.tolist()
    assert read(bags_of(ids, 5, padding_idx=-5)) == [[word for word in line if word != 0] for line in ids.tolist()]


@pytest.mark.parametrize("offsets", [[1, 2], [-1, 0], [0, 4], [0, 2, 1], []])
def test_offsets_rise_from_zero_to_the_end(offsets):
    with pytest.raises(ValueError, match=r"offsets must rise from 0 to at most 3, got \["):
        bags_of([0, 1, 2], 3, offsets)


@pytest.mark.parametrize(("ids", "offsets"), [([0], None), ([[0]], [0]), (0, None), ([[[0]]], None)])
def test_either_a_list_with_offsets_or_lines_without(ids, offsets):
    with pytest.raises(ValueError, match=r"\(N,\) with offsets or \(B, L\) without"):
        bags_of(ids, 1, offsets)


def test_ids_and_offsets_are_whole_numbers_that_the_table_owns():
    with pytest.raises(IndexError, match=r"\[0, 2\), got 2"):
        bags_of([[2]], 2)
    with pytest.raises(TypeError, match="indices must be integers, got float64"):
        bags_of([[0.5]], 2)
    with pytest.raises(TypeError, match="offsets must be integers, got float64"):
        bags_of([0, 1], 2, [0, 1.5])
    with pytest.raises(ValueError, match=r"padding_idx must lie in \[-2, 2\), got 2"):
        bags_of([[0]], 2, padding_idx=2)
