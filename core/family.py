"""Two families of the same shape, and every fact about them as person + relation -> person (after Hinton 1986).

Nothing says that there are two families, or three generations. Relations hold within a family only.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np

from core.agreement import along, principal_places
from core.hidden import HiddenHead
from core.losses import soft_target_loss
from core.records import FloatArray
from core.tasks import Task, equal_examples, side_by_side

NORTH = ("Olaf", "Ingrid", "Sven", "Astrid", "Lars", "Freya", "Sigrid", "Nils", "Helga", "Erik", "Leif", "Runa")
SOUTH = ("Aldo", "Bianca", "Carlo", "Dora", "Enzo", "Flavia", "Gina", "Ivo", "Lia", "Mario", "Nino", "Paola")
PEOPLE = NORTH + SOUTH
FAMILIES = ("north",) * len(NORTH) + ("south",) * len(SOUTH)
MEN = {0, 2, 4, 7, 9, 10}
COUPLES = ((0, 1), (2, 3), (4, 5), (7, 6), (9, 8))
CHILDREN = {(0, 1): (4, 6), (2, 3): (7, 8), (7, 6): (10, 11)}
GENERATIONS = (1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3) * 2
UNITS = 12
AXES = 2  # the principal ones that are looked at
SPOUSE = {one: other for a, b in COUPLES for one, other in ((a, b), (b, a))}
PARENTS = {child: couple for couple, children in CHILDREN.items() for child in children}

Related = Callable[[int], set[int]]


class Fact(NamedTuple):
    """Whom a question names; several answers may be right."""

    person: int
    relation: int
    answers: tuple[int, ...]


def _parents(person: int) -> set[int]:
    return set(PARENTS.get(person, ()))


def _children(person: int) -> set[int]:
    return {child for child, parents in PARENTS.items() if person in parents}


def _spouse(person: int) -> set[int]:
    return {SPOUSE[person]} if person in SPOUSE else set()


def _siblings(person: int) -> set[int]:
    return _of_all(_children, _parents(person)) - {person}


def _uncles_and_aunts(person: int) -> set[int]:
    siblings = _of_all(_siblings, _parents(person))
    return siblings | _of_all(_spouse, siblings)


def _nephews_and_nieces(person: int) -> set[int]:
    return _of_all(_children, _siblings(person) | _of_all(_siblings, _spouse(person)))


def _of_all(related: Related, people: Iterable[int]) -> set[int]:
    return {found for person in people for found in related(person)}


BOTH: dict[tuple[str, str], Related] = {
    ("father", "mother"): _parents,
    ("son", "daughter"): _children,
    ("husband", "wife"): _spouse,
    ("brother", "sister"): _siblings,
    ("uncle", "aunt"): _uncles_and_aunts,
    ("nephew", "niece"): _nephews_and_nieces,
}
RELATIONS = tuple(name for names in BOTH for name in names)


def facts() -> list[Fact]:
    """All 104, the same in both families."""
    return [
        Fact(start + person, relation, tuple(start + answer for answer in sorted(answers)))
        for start in (0, len(NORTH))
        for person in range(len(NORTH))
        for relation in range(len(RELATIONS))
        if (answers := _answers(person, relation))
    ]


def _answers(person: int, relation: int) -> set[int]:
    both, female = list(BOTH.values())[relation // 2], relation % 2
    return {answer for answer in both(person) if (answer not in MEN) == female}


def family_tree() -> Task:
    """The person's row and the relation's side by side -> 12 units, tanh -> 24 people, several answers sharing.

    The table has the 24 people's rows first, then the 12 relations'.
    """
    known = facts()
    targets = np.zeros((len(known), len(PEOPLE)))
    for fact, target in zip(known, targets, strict=True):
        target[list(fact.answers)] = 1 / len(fact.answers)
    read = np.array([(fact.person, fact.relation) for fact in known])
    examples = equal_examples(side_by_side(read, (len(PEOPLE), len(RELATIONS))), targets, slots=2)
    return Task(HiddenHead(len(PEOPLE), soft_target_loss, slots=2, units=UNITS), examples)


def share_right(scores: FloatArray) -> float:
    """The share of facts whose highest score (104, 24) is one of the right answers."""
    return float(np.mean([best in fact.answers for best, fact in zip(scores.argmax(axis=1), facts(), strict=True)]))


def correlations(people: FloatArray, numbers: Iterable[float]) -> FloatArray:
    """How well each of the first principal axes of people (V, D) orders them by these numbers, from 0 to 1: (2,)."""
    return along(principal_places(people, AXES), np.fromiter(numbers, float))


def chance_correlation(people: FloatArray, numbers: Iterable[float], rng: np.random.Generator) -> float:
    """The larger of the `correlations` on average over 100 deals of the same numbers to the people at random."""
    places, dealt = principal_places(people, AXES), np.fromiter(numbers, float)
    return float(np.mean([along(places, rng.permutation(dealt)).max() for _ in range(100)]))
