"""A text with known topics, in any vocabulary size: what the benchmarks train on."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from core.neighbours import cooccurrence, pairs, windows
from core.records import IntArray
from core.tasks import Task, binary_classifier, cbow, classifier, skip_gram, skip_gram_counts

TOPICS, WORDS, RADIUS = 5, 8, 2


class Text(NamedTuple):
    """Documents as ids, and the topic of each."""

    documents: list[IntArray]
    topics: IntArray
    num_embeddings: int


def text_of(num_embeddings: int, documents: int = 1000) -> Text:
    """Each document takes eight words of one of five topics; one word in ten is any word."""
    rng = np.random.default_rng(0)
    topics = rng.integers(0, TOPICS, documents)
    size = (documents, WORDS)
    own = topics[:, None] + TOPICS * rng.integers(0, num_embeddings // TOPICS, size)
    ids = np.where(rng.random(size) < 0.1, rng.integers(0, num_embeddings, size), own)
    return Text(list(ids), topics, num_embeddings)


def _cbow(text: Text) -> Task:
    found = windows(text.documents, RADIUS)
    return cbow(found.indices, found.offsets, found.centers, text.num_embeddings)


COUNTED = "skip-gram, counted"
BY_PAIRS = "skip-gram, by pairs"
HEADS: dict[str, Callable[[Text], Task]] = {
    "classifier": lambda text: classifier(text.documents, text.topics, text.num_embeddings, TOPICS),
    "binary classifier": lambda text: binary_classifier(text.documents, text.topics % 2, text.num_embeddings),
    "CBOW": _cbow,
    BY_PAIRS: lambda text: skip_gram(*pairs(text.documents, RADIUS), text.num_embeddings),
    COUNTED: lambda text: skip_gram_counts(cooccurrence(text.documents, RADIUS, text.num_embeddings)),
}
