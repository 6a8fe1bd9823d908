"""Tasks: a head and the examples that it learns from. Those with negatives are in core/negatives.py."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from core.examples import Examples
from core.heads import Head, LinearHead
from core.losses import sigmoid_loss, soft_target_loss, softmax_loss, squared_loss
from core.pools import Pools, means, ragged, singles, sums, unpadded
from core.records import FloatArray, IntArray
from core.table import check_indices


class Task(NamedTuple):
    """A head and the examples that it learns from."""

    head: Head
    examples: Examples


def bags(documents: Sequence[IntArray], num_embeddings: int, *, mean: bool = True) -> Pools:
    """One pool per document (ids, may be empty): the share of each id in the document's mean, or 1 for a sum."""
    return (means if mean else sums)(*ragged(documents), num_embeddings)


def equal_examples(rows: Pools, targets: Any, slots: int = 1) -> Examples:
    """Examples that count alike: the pools that they read, `slots` each, and what they should say, targets (N, ...)."""
    examples = len(rows) // max(slots, 1)
    if not len(targets) or len(rows) != len(targets) * slots:
        raise ValueError(f"a task needs one target per example and at least one, got {examples}, {len(targets)}")
    return Examples(bags=rows, targets=targets, importance=np.full(len(targets), 1 / len(targets)))


def classifier(documents: Sequence[IntArray], labels: IntArray, num_embeddings: int, num_labels: int) -> Task:
    """Mean of all rows of a text -> its label, by softmax over num_labels outputs."""
    return _task(bags(documents, num_embeddings), labels, LinearHead(num_labels, softmax_loss))


def binary_classifier(documents: Sequence[IntArray], labels: IntArray, num_embeddings: int) -> Task:
    """Mean of all rows of a text -> its label 0 or 1, by one output and the sigmoid."""
    return _task(bags(documents, num_embeddings), labels, LinearHead(1, sigmoid_loss))


def cbow(indices: IntArray, offsets: IntArray, centers: IntArray, num_embeddings: int) -> Task:
    """Mean of a word's neighbours -> the word. The neighbours of center n are indices[offsets[n]:offsets[n + 1]].

    Windows with padding (N, T) come as `unpadded(windows, padding_idx)`.
    """
    return _task(means(indices, offsets, num_embeddings), centers, LinearHead(num_embeddings, softmax_loss))


def next_word(windows: IntArray, following: IntArray, num_embeddings: int, padding_idx: int | None = None) -> Task:
    """The last S words side by side -> the word that follows: windows (N, S), following (N,).

    A padded place stands for zero and gives no gradient to any row. (Bengio et al. 2003, without the hidden layer.)
    """
    places, slots = windows.reshape(-1, 1), windows.shape[1]  # a pool of one row, or none, for each place
    rows = sums(*unpadded(places, padding_idx), num_embeddings)
    return _task(rows, following, LinearHead(num_embeddings, softmax_loss, slots))


def skip_gram(centers: IntArray, contexts: IntArray, num_embeddings: int) -> Task:
    """One word -> one of its neighbours, an example per pair."""
    return _task(singles(centers, num_embeddings), contexts, LinearHead(num_embeddings, softmax_loss))


def skip_gram_contexts(centers: IntArray, indices: IntArray, offsets: IntArray, num_embeddings: int) -> Task:
    """One word -> all its neighbours at once, which are indices[offsets[n]:offsets[n + 1]] for center n.

    The losses of a center's contexts are added up and the total is divided by the number of all pairs, so that every
    pair weighs the same: loss and gradient of `skip_gram` over all pairs. (The mean within each center would make a
    neighbour at the edge of a text count more than one in its middle.) A center without contexts is left out.
    """
    near = means(indices, offsets, num_embeddings)
    sizes = np.diff(near.offsets)
    kept = np.flatnonzero(sizes)
    if len(sizes) != len(centers) or not len(kept):
        raise ValueError(f"a task needs contexts for each center and at least one, got {len(sizes)} for {len(centers)}")
    examples = Examples(
        bags=singles(centers[kept], num_embeddings),
        targets=near.take(kept).matrix,  # the share of each neighbour: importance makes a sum of the mean
        importance=sizes[kept] / sizes.sum(),
    )
    return Task(LinearHead(num_embeddings, soft_target_loss), examples)


def skip_gram_counts(counts: FloatArray) -> Task:
    """Skip-gram over a whole text at once, from how often each word (row) has each neighbour (column): counts (V, V).

    The same loss and gradient as `skip_gram` over all pairs, at a cost that does not grow with the text.
    """
    return Task(LinearHead(len(counts), soft_target_loss), counted(counts))


def counted(counts: FloatArray) -> Examples:
    """An example for each center that occurs: its neighbours' shares (N, V), and its own share of all pairs."""
    totals = counts.sum(axis=1)
    centers = np.flatnonzero(totals)
    return Examples(
        bags=singles(centers, len(counts)),
        targets=counts[centers] / totals[centers, None],
        importance=totals[centers] / totals.sum(),
    )


def side_by_side(categories: IntArray, sizes: Sequence[int]) -> Pools:
    """Rows of S category columns (N, S), one pool each: their rows are concatenated. Column s has ids 0 .. sizes[s]-1.

    All columns share one table: the rows of column s come after those of the columns before it.
    """
    return singles(_in_one_table(categories, sizes).ravel(), sum(sizes))


def added_up(categories: IntArray, sizes: Sequence[int]) -> Pools:
    """The same with one pool for each of the N: its rows are added."""
    return sums(*unpadded(_in_one_table(categories, sizes), None), sum(sizes))


def regression(rows: Pools, targets: FloatArray) -> Task:
    """Rows of categories -> linear layer -> numbers (N,) or (N, C), by the squared error; see `squared_loss`."""
    numbers = np.asarray(targets, np.float64).reshape(len(targets), -1)
    slots = len(rows) // max(len(numbers), 1)
    return Task(LinearHead(numbers.shape[1], squared_loss, slots), equal_examples(rows, numbers, slots))


def _task(rows: Pools, targets: ArrayLike, head: LinearHead) -> Task:
    return Task(head, equal_examples(rows, check_indices(targets, max(head.num_outputs, 2)), head.slots))


def _in_one_table(categories: IntArray, sizes: Sequence[int]) -> IntArray:
    for column, size in zip(categories.T, sizes, strict=True):
        check_indices(column, size)
    starts: IntArray = np.cumsum([0, *sizes[:-1]])
    return np.asarray(categories + starts)
