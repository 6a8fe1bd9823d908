"""Axes for a whole run."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.decomposition import PCA

from core.projection import flips, jitter, per_frame_bases, project
from core.records import FloatArray


@st.composite
def runs(draw: st.DrawFn) -> FloatArray:
    """A table (V, D) that wanders for F frames, at some distance from the origin."""
    frames, rows, columns = draw(st.integers(2, 6)), draw(st.integers(4, 9)), draw(st.integers(3, 6))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    steps = rng.normal(size=(frames, rows, columns)) * np.arange(1, columns + 1)
    return (np.cumsum(steps, axis=0) + rng.normal(size=columns)).astype(draw(st.sampled_from(["f4", "f8"])))


def a_run(frames: int = 8, rows: int = 40, columns: int = 6) -> FloatArray:
    rng = np.random.default_rng(0)
    return np.cumsum(rng.normal(size=(frames, rows, columns)) * np.arange(columns, 0, -1), axis=0)


def centred(frames: FloatArray) -> FloatArray:
    return np.asarray(frames - frames.mean(axis=1, keepdims=True))


@given(runs())
def test_coordinates_are_the_centred_frames_on_an_orthonormal_basis(run: FloatArray) -> None:
    seen = project(run, 2)
    assert np.allclose(seen.basis.T @ seen.basis, np.eye(2), atol=1e-5)
    assert np.allclose(seen.coordinates, centred(run) @ seen.basis, rtol=1e-3, atol=1e-3)
    assert seen.coordinates.dtype == np.float32
    assert (seen.basis[np.abs(seen.basis).argmax(axis=0), [0, 1]] > 0).all()


@settings(deadline=None)  # scikit-learn's first call looks for thread pools
@given(runs())
def test_the_axes_are_those_of_scikit_learn_on_all_centred_frames(run: FloatArray) -> None:
    seen, stacked = project(run.astype("f8"), 2), centred(run.astype("f8"))
    oracle = PCA(2, svd_solver="full").fit(stacked.reshape(-1, run.shape[2]))
    assert np.allclose(seen.explained, oracle.explained_variance_ratio_)
    theirs = stacked @ oracle.components_.T
    assert np.allclose(seen.shown, theirs.var(axis=1).sum(axis=1) / stacked.var(axis=1).sum(axis=1))


@given(runs())
def test_the_share_on_the_page_is_a_share_and_its_weighted_mean_is_the_whole_run_s(run: FloatArray) -> None:
    seen, spread = project(run, 2), centred(run).var(axis=1).sum(axis=1)
    assert (seen.shown >= 0).all()
    assert (seen.shown <= 1).all()
    assert np.isclose(np.average(seen.shown, weights=spread), seen.explained.sum(), rtol=1e-3)


@given(runs())
def test_limits_hold_all_frames_and_touch_them(run: FloatArray) -> None:
    seen = project(run, 2)
    assert np.array_equal(seen.limits[:, 0], seen.coordinates.min(axis=(0, 1)))
    assert np.array_equal(seen.limits[:, 1], seen.coordinates.max(axis=(0, 1)))


def test_one_frame_is_ordinary_pca() -> None:
    run = a_run(frames=1)
    theirs = PCA(2).fit_transform(run[0])
    assert np.allclose(np.abs(project(run, 2).coordinates[0]), np.abs(theirs), atol=1e-4)


def test_axes_fitted_on_some_rows_show_all_rows() -> None:
    run = a_run()
    some, alone = project(run, 2, rows=range(10)), project(run[:, :10], 2)
    assert np.allclose(some.basis, alone.basis)
    assert np.allclose(some.explained, alone.explained)
    assert np.allclose(some.coordinates[:, :10], alone.coordinates, atol=1e-4)
    assert some.coordinates.shape == (8, 40, 2)
    assert np.allclose(project(run, 2, rows=range(40)).coordinates, project(run, 2).coordinates)


@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_a_table_with_as_many_columns_as_the_page_is_shown_as_it_is(dtype: str) -> None:
    run = a_run(columns=2).astype(dtype)
    seen = project(run, 2)
    assert np.array_equal(seen.coordinates, run.astype("f4"))
    assert np.array_equal(seen.basis, np.eye(2))
    assert np.allclose(seen.shown, 1)
    assert np.isclose(seen.explained.sum(), 1)


def test_frames_without_any_spread_lose_nothing() -> None:
    seen = project(np.ones((3, 4, 5)), 2)
    assert seen.shown.tolist() == [1, 1, 1]
    assert seen.explained.tolist() == [0, 0]
    assert jitter(np.ones((3, 4, 5)), per_frame_bases(np.ones((3, 4, 5)), 2)) == 0


def test_a_picture_cannot_be_written_into() -> None:
    with pytest.raises(ValueError, match="read-only"):
        project(a_run(), 2).coordinates[0, 0, 0] = 1


@given(runs())
def test_one_basis_for_the_whole_run_has_no_jitter(run: FloatArray) -> None:
    basis = project(run, 2).basis
    assert jitter(run, basis) == 0
    assert jitter(run, np.stack([basis] * len(run))) == 0
    assert flips(np.stack([basis] * len(run))) == 0


def test_axes_of_their_own_in_every_frame_jitter_and_flip() -> None:
    run = a_run(frames=60)
    bases = per_frame_bases(run, 2)
    assert jitter(run, bases) > 0.01
    assert np.allclose(bases.swapaxes(1, 2) @ bases, np.eye(2))
    for frame, basis in zip(run, bases, strict=True):
        assert np.allclose(np.abs(np.sum(basis * PCA(2).fit(frame).components_.T, axis=0)), 1)


def test_turning_both_axes_round_moves_every_point_by_twice_its_radius() -> None:
    run, basis = a_run(frames=2), np.eye(6)[:, :2]
    assert np.isclose(jitter(run, np.stack([basis, -basis])), 2)
    assert flips(np.stack([basis, -basis])) == 2


@given(runs())
def test_a_displacement_is_the_movement_of_the_table_plus_that_of_the_axes(run: FloatArray) -> None:
    bases, frames = per_frame_bases(run, 2), centred(run)
    pictures = frames @ bases
    axes = pictures[1:] - pictures[:-1] - np.diff(frames, axis=0) @ bases[1:]
    ratio = np.sqrt((axes**2).sum(axis=2).mean(axis=1) / (pictures[:-1] ** 2).sum(axis=2).mean(axis=1))
    assert np.isclose(jitter(run, bases), ratio.mean(), rtol=1e-3)


def test_a_run_that_diverged_says_where() -> None:
    run = a_run()
    run[5:, 3, 1] = np.nan
    with pytest.raises(ValueError, match=r"^snapshots must be finite, but frame 5 is not$"):
        project(run, 2)


@pytest.mark.parametrize(
    ("action", "message"),
    [
        (lambda: project(a_run(columns=2), 3), r"dimensions must lie in \[1, D = 2\], got 3"),
        (lambda: project(a_run(), 0), r"dimensions must lie in \[1, D = 6\], got 0"),
        (
            lambda: project(np.ones((4, 2)), 2),
            r"snapshots must have the shape \(F, V, D\), none of them 0, got \(4, 2\)",
        ),
        (lambda: project(a_run(), 2, rows=[]), "rows must hold at least one row, got none"),
    ],
)
def test_errors_give_the_rule_and_what_came(action: object, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        action()  # type: ignore[operator]


def test_axes_cannot_be_fitted_on_rows_that_are_not_there() -> None:
    with pytest.raises(IndexError, match=r"indices must lie in \[0, 40\), got 40"):
        project(a_run(), 2, rows=[0, 40])
