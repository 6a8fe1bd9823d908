"""Texts split by their words: labels on one half, tests on the other."""

import numpy as np

from core.splits import accuracy, drawn_texts, every_text, halves
from core.tasks import classifier


def test_halves_share_no_word_and_lose_none() -> None:
    assert halves([[0, 1, 2, 3, 4], [7, 6]]) == ([[0, 1], [7]], [[2, 3, 4], [6]])


def test_drawn_texts_take_three_words_of_their_group_and_a_filler() -> None:
    groups, labels = [[0, 1], [2, 3]], [1, 0]
    texts, said = drawn_texts(groups, labels, [8, 9], 7, np.random.default_rng(0))
    assert said.tolist() == [1, 0, 1, 0, 1, 0, 1]
    for text, label in zip(texts, said, strict=True):
        assert set(text[:3].tolist()) <= set(groups[labels.index(label)])
        assert text[3] in (8, 9)


def test_every_text_is_there_once() -> None:
    texts, labels = every_text([[0, 1], [4, 5], [8, 9], [12, 13]], [1, 0, 1, 0], [16, 17, 18, 19])
    assert len(texts) == len({tuple(text.tolist()) for text in texts}) == len(labels) == 128
    assert labels.mean() == 0.5


def test_accuracy_counts_the_highest_scores() -> None:
    task = classifier((np.array([0]), np.array([1])), np.array([0, 0]), 2, 2)
    tables = {"weight": np.array([[2.0, 1.0], [1.0, 3.0]]), "kernel": np.eye(2), "bias": np.zeros(2)}
    assert accuracy(task, tables) == 0.5
