"""What tables agree on: identities first, then chance against many random tables."""

import numpy as np
import pytest

from core.agreement import (
    along_first_axis,
    first_axis_share,
    same_group,
    same_group_by_chance,
    shared_by_chance,
    shared_neighbours,
)

POINTS = np.random.default_rng(0).normal(size=(30, 3))
GROUPS = ["a"] * 18 + ["b"] * 9 + ["c"] * 3


def test_a_table_shares_all_neighbours_with_itself_turned_and_stretched() -> None:
    turn = np.linalg.qr(np.random.default_rng(1).normal(size=(3, 3)))[0]
    assert shared_neighbours(POINTS, 2.5 * POINTS @ turn + 1, 5) == 1
    assert along_first_axis(POINTS @ turn, POINTS[:, 0]) == pytest.approx(along_first_axis(POINTS, POINTS[:, 0]))


def test_tables_must_have_as_many_rows() -> None:
    with pytest.raises(ValueError, match="as many rows, got 30 and 29"):
        shared_neighbours(POINTS, POINTS[1:], 5)


def test_chance_is_what_random_tables_give_on_average() -> None:
    rng = np.random.default_rng(2)
    tables = [rng.normal(size=(30, 2)) for _ in range(300)]
    shared = np.mean([shared_neighbours(POINTS, table, 5) for table in tables])
    grouped = np.mean([same_group(table, GROUPS) for table in tables])
    assert shared == pytest.approx(shared_by_chance(30, 5), abs=0.01)
    assert grouped == pytest.approx(same_group_by_chance(GROUPS), abs=0.02)


def test_groups_far_apart_have_their_nearest_inside() -> None:
    places = np.array([ord(group) * 100.0 for group in GROUPS])
    assert same_group(POINTS + places[:, None], GROUPS) == 1


def test_points_on_a_line_have_all_their_spread_along_it() -> None:
    line = np.outer(np.arange(10.0), [1, -2, 3])
    assert first_axis_share(line) == pytest.approx(1)
    assert along_first_axis(line, -np.arange(10.0)) == pytest.approx(1)
    assert first_axis_share(POINTS) < 0.6
