"""Windows, pairs and counts: who stands beside whom."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.neighbours import cooccurrence, pairs, windows

documents_ids = st.lists(st.lists(st.integers(0, 5), max_size=8), max_size=8)
radii = st.integers(1, 4)


def counted_by_hand(each: list[list[int]], radius: int) -> Counter[tuple[int, int]]:
    return Counter(
        (ids[i], ids[j])
        for ids in each
        for i in range(len(ids))
        for j in range(len(ids))
        if i != j and abs(i - j) <= radius
    )


@given(documents_ids, radii)
def test_pairs_are_those_counted_by_hand(each: list[list[int]], radius: int) -> None:
    centers, contexts = pairs(each, radius)
    assert Counter(zip(centers.tolist(), contexts.tolist(), strict=True)) == counted_by_hand(each, radius)


@given(documents_ids, radii)
def test_cooccurrence_counts_the_pairs_and_is_symmetric(each: list[list[int]], radius: int) -> None:
    counts, expected = cooccurrence(each, radius, 6), np.zeros((6, 6))
    np.add.at(expected, pairs(each, radius), 1)
    assert counts.dtype == np.float64
    assert np.array_equal(counts, expected)
    assert np.array_equal(counts, counts.T)


@given(documents_ids, radii)
def test_windows_hold_the_words_around_each_center(each: list[list[int]], radius: int) -> None:
    near = windows(each, radius)
    expected = [
        (ids[at], ids[max(0, at - radius) : at] + ids[at + 1 : at + radius + 1])
        for ids in each
        for at in range(len(ids))
        if len(ids) > 1
    ]
    contexts = [part.tolist() for part in np.split(near.indices, near.offsets[1:-1])] if len(near.centers) else []
    assert list(zip(near.centers.tolist(), contexts, strict=True)) == expected
    assert near.offsets[0] == 0
    assert near.offsets[-1] == len(near.indices)


@pytest.mark.parametrize("each", [[], [[]], [[3]], [[1], [], [2]]])
def test_words_without_neighbours_have_no_pairs(each: list[list[int]]) -> None:
    assert windows(each, 2).offsets.tolist() == [0]
    assert [part.size for part in pairs(each, 2)] == [0, 0]
    assert not cooccurrence(each, 2, 4).any()


def test_windows_say_which_rule_was_broken() -> None:
    with pytest.raises(ValueError, match="radius must be at least 1, got 0"):
        windows([[1, 2]], 0)
    with pytest.raises(IndexError, match=r"indices must lie in \[0, 2\), got 2"):
        cooccurrence([[1, 2]], 1, 2)
