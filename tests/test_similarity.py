"""Near in three senses, and what a turn and a stretch leave alone."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kstest
from sklearn.metrics.pairwise import cosine_similarity, euclidean_distances

from core.records import FloatArray
from core.similarity import (
    LIKENESS,
    agreement,
    changed_and_undone,
    cosines,
    distances,
    dots,
    nearest_by,
    pair_distances,
    random_cosines,
    rotation,
    stretch,
)
from core.tasks import cbow

SEEDS = st.integers(0, 2**32 - 1)


def a_table(seed: int, rows: int = 7, columns: int = 6) -> FloatArray:
    return np.random.default_rng(seed).normal(size=(rows, columns))


@given(SEEDS)
def test_the_measures_are_those_of_scikit_learn(seed: int) -> None:
    table = a_table(seed)
    assert np.allclose(cosines(table), cosine_similarity(table))
    assert np.allclose(distances(table), euclidean_distances(table), atol=1e-6)
    pairs = [distances(table)[pair] for pair in combinations(range(len(table)), 2)]
    assert np.allclose(pair_distances(table), pairs)


def test_a_row_of_zeros_has_no_direction() -> None:
    assert (cosines(np.array([[0.0, 0], [1, 2]]))[0] == 0).all()


@given(SEEDS, st.floats(-720, 720))
def test_a_turn_keeps_every_measure_and_its_inverse_is_its_transpose(seed: int, degrees: float) -> None:
    table, turn = a_table(seed), rotation(6, degrees)
    assert np.allclose(turn @ turn.T, np.eye(6))
    for measure in (distances, cosines, dots):
        assert np.allclose(measure(table @ turn), measure(table), atol=1e-9)


def test_a_quarter_turn_takes_each_column_to_its_neighbour_and_leaves_an_odd_one() -> None:
    assert np.allclose(np.arange(5.0) @ rotation(5, 90), [-1, 0, -3, 2, 4])
    assert np.allclose(rotation(4, 90) @ rotation(4, 270), np.eye(4))


@given(SEEDS, st.floats(0.2, 5), st.integers(0, 5))
def test_a_stretch_multiplies_one_column(seed: int, factor: float, column: int) -> None:
    table = a_table(seed)
    stretched = table @ stretch(6, column, factor)
    assert np.allclose(stretched[:, column], factor * table[:, column])
    assert np.allclose(np.delete(stretched, column, 1), np.delete(table, column, 1))


def test_a_column_cannot_be_wiped_out() -> None:
    with pytest.raises(ValueError, match="must not be 0"):
        stretch(3, 0, 0)


@given(SEEDS, st.floats(0, 360), st.floats(0.2, 5))
def test_a_change_that_the_next_layer_undoes_keeps_every_score(seed: int, degrees: float, factor: float) -> None:
    rng = np.random.default_rng(seed)
    task = cbow(rng.integers(0, 7, 12), np.arange(0, 13, 3), rng.integers(0, 7, 4), 7)
    before = {"weight": a_table(seed), "kernel": a_table(seed + 1, 6, 7), "bias": rng.normal(size=7)}
    after = changed_and_undone(before, rotation(6, degrees) @ stretch(6, 0, factor))
    one, other = task.head.step(before, task.examples), task.head.step(after, task.examples)
    assert np.allclose(one.logits, other.logits, atol=1e-9)
    assert one.loss == pytest.approx(other.loss, abs=1e-12)


@pytest.mark.parametrize("measure", LIKENESS)
@given(seed=SEEDS)
def test_the_nearest_is_another_row_and_none_is_nearer(measure: str, seed: int) -> None:
    table = a_table(seed)
    found, likeness = nearest_by(measure, table), LIKENESS[measure](table)
    assert (found != np.arange(len(table))).all()
    for row, near in enumerate(found):
        assert likeness[row, near] == np.delete(likeness[row], row).max()


def test_the_measures_disagree_where_lengths_differ() -> None:
    table = np.array([[1.0, 0], [0.9, 0.5], [9, 1]])
    assert [nearest_by(measure, table)[0] for measure in LIKENESS] == [1, 2, 2]


@pytest.mark.parametrize("columns", [2, 8, 64])
def test_random_cosines_have_mean_0_and_deviation_1_over_root_d(columns: int) -> None:
    """(cosine + 1) / 2 of random directions follows a beta distribution with both parameters (D - 1) / 2."""
    drawn = random_cosines(np.random.default_rng(0), 20_000, columns)
    assert drawn.std() == pytest.approx(columns**-0.5, rel=0.02)
    half = (columns - 1) / 2
    assert kstest((drawn + 1) / 2, "beta", (half, half)).pvalue > 0.01


def test_agreement_is_1_for_the_same_numbers_at_another_scale_and_minus_1_mirrored() -> None:
    table = a_table(0)
    assert agreement(table, 3 * table + 1) == pytest.approx(1)
    assert agreement(table, -table) == pytest.approx(-1)
