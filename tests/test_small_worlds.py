"""The small worlds of the optional lab: their data are what they say, and their measures know rings from tangles."""

from itertools import permutations
from math import factorial

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from core import analogies, digits, family, months, remainders
from core.rings import (
    around,
    chance_of_constant_step,
    constant_step,
    expected_neighbours,
    neighbours_around,
    plane,
)

RNG = np.random.default_rng(3)


def ring(order):
    """Ids 0 .. V - 1 on a circle (V, 2), id order[n] at place n."""
    angles = 2 * np.pi * np.argsort(order) / len(order) + 0.3
    return np.column_stack([np.cos(angles), np.sin(angles)]) * [3, 1] + [5, -2]


@pytest.mark.parametrize("count", [5, 7, 9, 12])
def test_a_ring_in_order_is_found_wherever_it_starts_and_however_it_turns(count):
    ids = np.arange(count)
    for order in (ids, np.roll(ids, 2), ids[::-1]):
        assert neighbours_around(ring(order)) == count
        assert constant_step(ring(order)) == 1


def test_a_constant_step_is_a_multiplication_of_the_ids():
    for step in (2, 4):
        order = np.argsort(np.arange(9) * step % 9)
        places = ring(order)
        assert constant_step(places) == step
        assert neighbours_around(places) == 0
        assert constant_step(places[order]) == 1  # each id renamed by its place


def test_chances_are_those_of_all_orders_there_are():
    orders = [ring(np.array([0, *rest])) for rest in permutations(range(1, 5))]
    assert len(orders) == factorial(4)
    assert np.mean([constant_step(places) > 0 for places in orders]) == pytest.approx(chance_of_constant_step(5))
    assert np.mean([neighbours_around(places) for places in orders]) == pytest.approx(expected_neighbours(5))


def test_a_line_is_read_from_end_to_end():
    line = plane(np.array([[3.0], [1.0], [2.0]]))
    assert_array_equal(line, [[3, 0], [1, 0], [2, 0]])
    assert_array_equal(around(line), [1, 2, 0])


def test_two_columns_are_shown_as_they_are_and_more_on_their_widest_plane():
    weight = RNG.normal(size=(6, 2))
    assert_allclose(plane(weight), weight, rtol=1e-6)
    turned = np.linalg.qr(RNG.normal(size=(4, 4)))[0][:2]
    assert constant_step(plane(ring(np.arange(6)) @ turned)) == 1


def test_without_lags_one_number_a_month_is_all_there_is():
    for lags, rank in ((True, 2), (False, 1)):
        seasons = months.seasons(lags=lags)
        assert np.linalg.matrix_rank(seasons - seasons.mean(axis=0), tol=1e-9) == rank


def test_the_readings_scatter_as_they_say():
    readings = months.readings(np.random.default_rng(0))
    assert readings.shape == (months.YEARS * 12, len(months.PLACES))
    assert (readings - np.tile(months.seasons(), (months.YEARS, 1))).std() == pytest.approx(months.NOISE, abs=0.05)
    targets = months.temperatures(readings).examples.targets
    assert_allclose([targets.mean(), targets.std()], [0, 1], atol=1e-12)


def test_the_table_of_remainders_is_read_twice_for_each_sum():
    task = remainders.remainders(5)
    assert len(task.examples) == 25
    table = RNG.normal(size=(5, 2))
    step = task.head.step({"weight": table, **task.head.start(RNG, 2, 1.0)}, task.examples)
    assert_allclose(step.pooled[7], table[1] + table[2])  # 7 = 1 * 5 + 2
    assert task.examples.targets[7] == 3
    assert_allclose(step.pooled[24], 2 * table[4])


def test_analogies_hold_where_an_animal_is_its_kind_plus_its_age():
    kinds, age = RNG.normal(size=(6, 3)), RNG.normal(size=(2, 3))
    perfect = np.vstack([kinds + age[0], kinds + age[1]])
    assert len(analogies.questions()) == 60
    for leave_out in (False, True):
        assert analogies.share_right(perfect, leave_out=leave_out) == 1
    dog, puppy, kitten, cat = analogies.questions()[0]
    assert [analogies.ANIMALS[word] for word in (dog, puppy, kitten, cat)] == ["dog", "puppy", "kitten", "cat"]


def test_guessing_has_the_chance_that_is_printed():
    guesses = RNG.integers(0, len(analogies.ANIMALS), (1000, 60))
    wanted = [asked.wanted for asked in analogies.questions()]
    assert np.mean(guesses == wanted) == pytest.approx(analogies.chance(), abs=0.01)
    assert analogies.chance(leave_out=True) == pytest.approx(1 / 9)


def test_leaving_the_given_words_out_never_answers_with_one():
    rows = RNG.normal(size=(12, 2))
    for asked, answer in zip(analogies.questions(), analogies.answers(rows, leave_out=True), strict=True):
        assert answer not in asked[:3]


def test_an_animal_stands_beside_words_of_its_kind_and_its_age_only():
    targets = analogies.grammar(1, 3).examples.targets
    assert targets.shape == (12, 12 + 6 + 6)
    puppy = targets[6]
    assert_allclose(puppy[puppy > 0], 1 / 4)
    assert_array_equal(np.flatnonzero(puppy), [12, 21, 22, 23])


def test_an_image_is_a_bag_of_pixels_with_their_brightness_as_shares():
    known, new = digits.images()
    assert (len(known.digits), len(new.digits)) == (1200, 597)
    task = digits.digit_classes(known)
    table = RNG.normal(size=(64, 3))
    step = task.head.step({"weight": table, **task.head.start(RNG, 3, 1.0)}, task.examples)
    assert_allclose(step.pooled, known.pixels @ table)


def test_the_tree_holds_the_104_facts_of_hinton():
    known = family.facts()
    assert len(known) == 104
    assert sum(len(fact.answers) for fact in known) == 112
    leif, aunt = family.PEOPLE.index("Leif"), family.RELATIONS.index("aunt")
    (found,) = (fact for fact in known if (fact.person, fact.relation) == (leif, aunt))
    assert {family.PEOPLE[answer] for answer in found.answers} == {"Freya", "Helga"}


def test_both_families_have_the_same_shape_and_every_answer_stays_in_its_own():
    known = family.facts()
    north, south = known[:52], known[52:]
    for one, other in zip(north, south, strict=True):
        assert (one.person + 12, one.relation) == (other.person, other.relation)
        assert tuple(answer + 12 for answer in one.answers) == other.answers
        assert max(one.answers) < 12 <= min(other.answers)


def test_relations_come_back():
    """Whoever is somebody's son or daughter has that person as father or mother; a husband has a wife."""
    told = {
        (fact.person, family.RELATIONS[fact.relation], answer) for fact in family.facts() for answer in fact.answers
    }
    back = {"father": ("son", "daughter"), "husband": ("wife",), "uncle": ("nephew", "niece")}
    for person, relation, answer in told:
        for returned in back.get(relation, ()):
            assert any((answer, name, person) in told for name in back[relation]), (person, relation, returned)


def test_an_axis_that_is_the_answer_correlates_fully_and_a_random_one_by_chance():
    people = RNG.normal(0, 0.1, (24, 4))
    north = [float(name == "north") for name in family.FAMILIES]
    people[:, 2] += 5 * np.array(north)
    assert_allclose(family.correlations(people, north)[0], 1, atol=0.01)
    assert family.correlations(people, family.GENERATIONS).max() < 0.7
    assert family.chance_correlation(people, north, np.random.default_rng(0)) == pytest.approx(0.24, abs=0.06)


def test_the_best_of_the_scores_is_compared_with_every_right_answer():
    known = family.facts()
    scores = np.zeros((104, 24))
    for row, fact in zip(scores, known, strict=True):
        row[fact.answers[-1]] = 1
    assert family.share_right(scores) == 1
    assert family.share_right(np.roll(scores, 12, axis=1)) == 0
