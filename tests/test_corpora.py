"""The corpora that come with the course."""

from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest

from core.corpora import ANIMALS, CORPORA, FILLERS, FOOD_AND_FILM, PEOPLE, Corpus
from core.fidelity import nearest, silhouette
from core.neighbours import cooccurrence
from core.text import Vocabulary, tokenize

each = pytest.mark.parametrize("load", CORPORA.values(), ids=CORPORA)


def table_of_contexts(corpus: Corpus) -> tuple[Vocabulary, np.ndarray]:
    """What skip-gram factorises, less its row and column biases: double-centred log counts (V, V)."""
    words = [tokenize(document).words for document in corpus.documents]
    vocabulary = Vocabulary.of((word for some in words for word in some), pad=False, unk=False)
    logs = np.log(cooccurrence([vocabulary.encode(some) for some in words], 5, len(vocabulary)) + 1)
    return vocabulary, logs - logs.mean(axis=0) - logs.mean(axis=1, keepdims=True) + logs.mean()


@each
def test_a_corpus_is_small_and_complete(load: Callable[[], Corpus]) -> None:
    corpus = load()
    assert CORPORA[corpus.name] is load
    assert load() is corpus
    assert 200 <= len(corpus.documents) <= 400
    assert all(len(labels) == len(corpus.documents) for labels in corpus.labels.values())
    assert {word for document in corpus.documents for word in tokenize(document).words} == set(corpus.groups)
    assert 20 <= len(corpus.groups) <= 40
    assert len(set(corpus.groups.values())) <= 6


@each
def test_every_label_is_equally_frequent(load: Callable[[], Corpus]) -> None:
    for labels in load().labels.values():
        assert len(set(Counter(labels).values())) == 1


@each
def test_a_corpus_is_made_from_a_fixed_seed(load: Callable[[], Corpus]) -> None:
    assert load.__wrapped__() == load()  # type: ignore[attr-defined]


def test_a_toy_review_is_three_words_of_its_group_and_a_filler_but_for_one_in_ten() -> None:
    corpus = CORPORA["Toy reviews"]()
    kinds = zip(corpus.labels["Food or film"], corpus.labels["Good or bad"], strict=True)
    odd = 0
    for kind, document in zip(kinds, corpus.documents, strict=True):
        words = document.split()
        inside = sum(word in FOOD_AND_FILM[kind].split() for word in words)
        assert len(words) == 4
        assert sum(word in FILLERS.split() for word in words) == 1
        assert inside >= 2
        odd += inside == 2
    assert 20 <= odd <= 40  # 40 were drawn, and one in four of the random words fits by accident


def test_the_step_from_he_to_she_is_parallel_over_all_ranks() -> None:
    vocabulary, table = table_of_contexts(CORPORA["Royal houses"]())
    steps = np.array([table[vocabulary.ids[she]] - table[vocabulary.ids[he]] for he, she, _ in PEOPLE.values()])
    cosines = steps @ steps.T / np.outer(np.linalg.norm(steps, axis=1), np.linalg.norm(steps, axis=1))
    assert cosines.min() > 0.7


def test_animals_lie_by_their_place_and_within_it_by_their_food() -> None:
    vocabulary, table = table_of_contexts(CORPORA["Water, air and land"]())
    kinds = {name: kind for kind, names in ANIMALS.items() for name in names.split()}
    animals = table[[vocabulary.ids[name] for name in kinds]]
    measured = silhouette(animals, [place for place, _ in kinds.values()], np.random.default_rng(0))
    assert measured.score > 0.4 > measured.chance
    neighbours, names = nearest(animals, 1)[0][:, 0], list(kinds)
    assert all(kinds[names[near]] == kinds[name] for name, near in zip(names, neighbours, strict=True))
