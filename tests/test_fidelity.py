"""How far to trust a picture."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.manifold import trustworthiness
from sklearn.metrics import silhouette_score
from sklearn.neighbors import NearestNeighbors

from core.fidelity import nearest, neighbours_kept, silhouette, trust
from core.projection import project
from core.records import FloatArray
from tests.test_projection import a_run, runs


@settings(deadline=None)  # scikit-learn's first call looks for thread pools
@given(runs())
def test_nearest_rows_are_sorted_and_never_the_row_itself(run: FloatArray) -> None:
    ids, distances = nearest(run[0], 3)
    assert (ids != np.arange(len(ids))[:, None]).all()
    assert (np.diff(distances, axis=1) >= 0).all()
    assert np.allclose(distances, np.linalg.norm(run[0][:, None] - run[0][ids], axis=2), rtol=1e-3)


def test_duplicates_are_neighbours_at_distance_nought_but_a_row_is_not_its_own() -> None:
    ids, distances = nearest(np.zeros((6, 2)), 2)
    assert (ids != np.arange(6)[:, None]).all()
    assert not distances.any()
    assert (neighbours_kept(np.zeros((2, 6, 3)), np.zeros((2, 6, 2))) == 6).all()


@settings(deadline=None)  # scikit-learn's first call looks for thread pools
@given(runs())
def test_neighbours_kept_are_those_scikit_learn_finds_in_both_spaces(run: FloatArray) -> None:
    picture = project(run, 2).coordinates
    expected = [
        sum(np.equal(*(NearestNeighbors(n_neighbors=1).fit(points).kneighbors()[1][:, 0] for points in both)))
        for both in zip(run, picture, strict=True)
    ]
    assert neighbours_kept(run, picture).tolist() == expected


def test_a_picture_of_everything_keeps_all_neighbours_however_many_frames() -> None:
    run = a_run(frames=20, rows=300)
    assert neighbours_kept(run, run).tolist() == [300] * 20
    assert trust(run[0], run[0]) == 1


def test_trust_is_scikit_learn_s_trustworthiness() -> None:
    run = a_run()
    picture = project(run, 2).coordinates[0]
    assert trust(run[0], picture, 4) == trustworthiness(run[0], picture, n_neighbors=4)


def test_groups_that_separate_score_far_above_chance() -> None:
    rng = np.random.default_rng(0)
    points, groups = np.repeat(np.eye(4), 5, axis=0) + rng.normal(0, 0.1, (20, 4)), list("aaaaabbbbbcccccddddd")
    measured = silhouette(points, groups, rng)
    assert np.isclose(measured.score, silhouette_score(points, groups))
    assert measured.score > 0.7
    assert measured.chance < 0.1
    assert measured.shuffled.shape == (20,)


@given(count=st.integers(3, 12), different=st.integers(2, 4), places=st.integers(1, 9), seed=st.integers(0, 99))
def test_every_silhouette_is_scikit_learn_s(count: int, different: int, places: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    points = rng.integers(0, places, (count, 2)).astype(np.float64)  # few places: points coincide, and so do groups
    groups = [f"group {place % min(different, count - 1)}" for place in range(count)]
    measured = silhouette(points, groups, np.random.default_rng(seed), 3)
    dealer = np.random.default_rng(seed)
    dealt = [groups, *(dealer.permutation(groups).tolist() for _ in range(3))]
    expected = [silhouette_score(points, each) for each in dealt]
    np.testing.assert_allclose([measured.score, *measured.shuffled], expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("action", "message"),
    [
        (lambda: nearest(np.eye(3), 3), r"count must lie in \[1, 3\), got 3"),
        (lambda: nearest(np.eye(3), 0), r"count must lie in \[1, 3\), got 0"),
        (lambda: trust(np.eye(6), np.eye(6), 3), r"count must be at least 1 and below V / 2 = 3.0, got 3"),
        (
            lambda: silhouette(np.eye(3), ["a"] * 3, np.random.default_rng(0)),
            "groups must be at least 2 and fewer than the 3 points, got 1",
        ),
    ],
)
def test_errors_give_the_rule_and_what_came(action: object, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        action()  # type: ignore[operator]
