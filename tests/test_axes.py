"""Axes of every kind, judged by the same numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from core.axes import column_bases, largest_jump, last_frame_bases, pictured, ranks, word_pair_bases
from core.projection import flips, per_frame_bases, project
from core.records import FloatArray

SEEDS = st.integers(0, 2**32 - 1)
PAIRS = (0, 1), (2, 3)


def a_run(seed: int, frames: int = 5, rows: int = 9, columns: int = 6) -> FloatArray:
    rng = np.random.default_rng(seed)
    return np.cumsum(rng.normal(size=(frames, rows, columns)), axis=0) + rng.normal(size=columns)


def every_kind(run: FloatArray) -> list[FloatArray]:
    return [
        per_frame_bases(run, 2),
        last_frame_bases(run, 2),
        column_bases(run, (4, 1)),
        word_pair_bases(run, *PAIRS),
    ]


@given(SEEDS)
def test_axes_of_every_kind_are_orthonormal_in_each_frame(seed: int) -> None:
    run = a_run(seed)
    for bases in every_kind(run):
        assert bases.shape == (5, 6, 2)
        assert np.allclose(bases.swapaxes(1, 2) @ bases, np.eye(2), atol=1e-9)


@given(SEEDS)
def test_no_axes_show_more_of_a_frame_than_its_own_principal_ones(seed: int) -> None:
    run = a_run(seed)
    best, *others = (pictured(run, bases).shown for bases in every_kind(run))
    assert (best <= 1).all()
    assert all((best >= shown - 1e-9).all() for shown in others)


@given(SEEDS)
def test_a_picture_on_held_axes_is_that_of_project(seed: int) -> None:
    run = a_run(seed)
    theirs = project(run, 2)
    seen = pictured(run, np.broadcast_to(theirs.basis, (len(run), 6, 2)))
    assert np.allclose(seen.coordinates, theirs.coordinates, atol=1e-4)
    assert np.allclose(seen.shown, theirs.shown)


def test_all_columns_show_everything_and_so_does_a_table_without_spread() -> None:
    run = a_run(0, columns=2)
    assert np.allclose(pictured(run, column_bases(run, (0, 1))).shown, 1)
    assert pictured(np.ones((1, 3, 4)), column_bases(np.ones((1, 3, 4)), (0, 1))).shown == 1


def test_held_axes_never_flip() -> None:
    run = a_run(1)
    assert flips(last_frame_bases(run, 2)) == flips(column_bases(run, (0, 5))) == 0


@given(SEEDS)
def test_the_words_give_the_directions_their_signs(seed: int) -> None:
    run = a_run(seed)
    first, second = PAIRS
    seen = pictured(run, word_pair_bases(run, first, second)).coordinates
    assert (seen[:, 1, 0] + seen[:, 3, 0] > seen[:, 0, 0] + seen[:, 2, 0]).all()  # from each pair's first to its second
    swapped = word_pair_bases(run, first[::-1], second[::-1])
    assert np.allclose(swapped[..., 0], -word_pair_bases(run, first, second)[..., 0])
    assert np.allclose(swapped[..., 1], word_pair_bases(run, first, second)[..., 1])


@given(SEEDS)
def test_the_words_axes_turn_with_the_table(seed: int) -> None:
    run, turn = a_run(seed, columns=3), Rotation.random(rng=np.random.default_rng(seed)).as_matrix()
    one, other = pictured(run, word_pair_bases(run, *PAIRS)), pictured(run @ turn, word_pair_bases(run @ turn, *PAIRS))
    assert np.allclose(one.coordinates, other.coordinates)


def test_a_jump_is_measured_in_radii_of_the_last_cloud() -> None:
    cloud = np.array([[2.0, 0], [-2, 0]])
    assert largest_jump(np.array([cloud, -cloud, -cloud])) == pytest.approx(2)  # a mirrored picture: two radii
    assert largest_jump(np.array([cloud])) == largest_jump(np.zeros((2, 3, 2))) == 0


@given(SEEDS)
def test_the_rank_is_the_share_of_pairs_in_the_right_order(seed: int) -> None:
    rng = np.random.default_rng(seed)
    scores, upper = rng.integers(0, 5, 12), np.arange(12) % 3 == 0
    above = np.sign(np.subtract.outer(scores[upper], scores[~upper]))
    assert ranks(scores, upper) == pytest.approx((1 + above.mean()) / 2)


@pytest.mark.parametrize("columns", [(0, 0), (0, 6), (-1, 2)])
def test_columns_that_are_not_two_of_the_table_are_refused(columns: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match=r"\[0, 6\)"):
        column_bases(a_run(0), columns)


def test_pairs_that_share_a_word_are_refused() -> None:
    with pytest.raises(ValueError, match="four different rows"):
        word_pair_bases(a_run(0), (0, 1), (1, 2))
