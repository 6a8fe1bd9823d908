"""Heads: what stands behind the table and turns its rows into a loss. The table is the same for all of them.

    ids -> table -> pool the rows -> linear layer -> loss

A classifier reads all words of a text and scores its label. CBOW reads the neighbours of a word and scores the word.
Skip-gram reads a word and scores its neighbours. A next-word model reads the last words side by side and scores the
next one. A regression reads the rows of categories and says a number. They differ in their examples, in how the rows
are pooled and in the loss. Negative sampling, which has a second table, is in core/negatives.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import ArrayLike

from core.examples import Examples as Examples
from core.gradient import scatter_add
from core.losses import Loss, sigmoid_loss, soft_target_loss, softmax_loss, squared_loss
from core.pools import Pools, means, pool_rows, ragged, singles, spread_rows, sums, unpadded
from core.records import FloatArray, IntArray, Record
from core.table import check_indices, lookup

Parameters = Mapping[str, FloatArray]

SCORES_AT_ONCE = 200_000


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class HeadStep(Record):
    """Forward and backward through table and head, in the order of the computation. M rows are read by N examples.

    With one pool an example, S is 1. With more, an example's pools stand side by side.
    """

    indices: IntArray  # (M,)
    example: IntArray  # (M,), which example reads each row
    shares: FloatArray  # (M,), the weight of each row in its pool: 1 / length for a mean
    rows: FloatArray  # (M, D), looked up
    pooled: FloatArray  # (N, S * D)
    logits: FloatArray  # (N, C)
    probabilities: FloatArray  # (N, C); of a regression its outputs
    losses: FloatArray  # (N,)
    loss: float
    grad_logits: FloatArray  # (N, C)
    grad_pooled: FloatArray  # (N, S * D)
    grad_rows: FloatArray  # (M, D)
    grad_weight: FloatArray  # (V, D)
    grad_head: Parameters  # of the head's own parameters: kernel (S * D, C) and bias (C,), or context_weight (V, D)

    @property
    def gradients(self) -> Parameters:
        """Of all parameters, under their names."""
        return {"weight": self.grad_weight, **self.grad_head}


class Head(Protocol):
    """What the trainer asks of a head. `parameters` holds the table under "weight", and the head's own arrays."""

    @property
    def num_outputs(self) -> int:
        """C, how many scores it gives for an example."""
        ...

    def start(self, rng: np.random.Generator, embedding_dim: int, scale: float) -> Parameters:
        """The head's own parameters before the first step."""
        ...

    def step(self, parameters: Parameters, examples: Examples) -> HeadStep:
        """One pass forward and backward with everything it computes: the form to read."""
        ...

    def gradient(self, parameters: Parameters, examples: Examples, into: Parameters) -> float:
        """The same gradients, written into the arrays of `into`, and the loss: the form to train with."""
        ...


@dataclass(frozen=True, slots=True)
class LinearHead:
    """The pools of an example, side by side -> linear layer, kernel (S * D, C) and bias (C,) -> loss."""

    num_outputs: int
    loss: Loss
    slots: int = 1  # S, pools an example

    def start(self, rng: np.random.Generator, embedding_dim: int, scale: float) -> Parameters:
        kernel = rng.normal(0, scale, (self.slots * embedding_dim, self.num_outputs))
        return {"kernel": kernel, "bias": np.zeros(self.num_outputs)}

    def step(self, parameters: Parameters, examples: Examples) -> HeadStep:
        weight, kernel, bias = parameters["weight"], parameters["kernel"], parameters["bias"]
        indices, shares, pool = examples.bags.indices, examples.bags.shares, examples.bags.pool
        rows = lookup(weight, indices)  # (M, D)
        pools = scatter_add(pool, shares[:, None] * rows, len(examples.bags))  # (N * S, D)
        pooled = pools.reshape(len(examples), -1)  # (N, S * D)
        logits = pooled @ kernel + bias  # (N, C)
        probabilities, losses, errors = self.loss(logits, examples.targets)
        grad_logits = examples.importance[:, None] * errors
        grad_pooled = grad_logits @ kernel.T  # (N, S * D)
        grad_rows = shares[:, None] * grad_pooled.reshape(pools.shape)[pool]  # (M, D)
        return HeadStep(
            indices=indices,
            example=pool // self.slots,
            shares=shares,
            rows=rows,
            pooled=pooled,
            logits=logits,
            probabilities=probabilities,
            losses=losses,
            loss=float(examples.importance @ losses),
            grad_logits=grad_logits,
            grad_head={"kernel": pooled.T @ grad_logits, "bias": grad_logits.sum(axis=0)},
            grad_pooled=grad_pooled,
            grad_rows=grad_rows,
            grad_weight=scatter_add(indices, grad_rows, len(weight)),
        )

    def gradient(self, parameters: Parameters, examples: Examples, into: Parameters) -> float:
        weight, kernel = parameters["weight"], parameters["kernel"]
        pools = pool_rows(examples.bags, weight)
        pooled = pools.reshape(len(examples), len(kernel))
        logits = _product(pooled, kernel)
        logits += parameters["bias"]
        _, losses, errors = self.loss(logits, examples.targets)
        importance = examples.importance[:, None]  # goes to the narrow arrays (N, D): errors (N, C) may be wide
        np.matmul((importance * pooled).T, errors, out=into["kernel"])
        np.matmul(examples.importance, errors, out=into["bias"])
        grad_pooled = errors @ kernel.T
        grad_pooled *= importance
        spread_rows(examples.bags, grad_pooled.reshape(pools.shape), into["weight"])
        return float(examples.importance @ losses)


class Task(NamedTuple):
    """A head and the examples that it learns from."""

    head: Head
    examples: Examples


def portioned_gradient(head: Head, parameters: Parameters, examples: Examples, into: Parameters) -> float:
    """`head.gradient`, where the scores (N, C) are many from portions of the examples: they then stay in the cache."""
    numbers = max(SCORES_AT_ONCE, 4 * sum(array.size for array in into.values()))  # adding up must stay the lesser part
    rows = max(1, numbers // head.num_outputs)
    if len(examples) <= rows:
        return head.gradient(parameters, examples, into)
    loss, portion = 0.0, {name: np.empty_like(array) for name, array in into.items()}
    for array in into.values():
        array.fill(0)
    for start in range(0, len(examples), rows):
        share = examples.importance[start : start + rows].sum()
        loss += float(share) * head.gradient(parameters, examples.part(start, start + rows), portion)
        for name, array in into.items():
            array += share * portion[name]
    return loss


def bags(documents: Sequence[IntArray], num_embeddings: int, *, mean: bool = True) -> Pools:
    """One pool per document (ids, may be empty): the share of each id in the document's mean, or 1 for a sum."""
    return (means if mean else sums)(*ragged(documents), num_embeddings)


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
    return Task(LinearHead(numbers.shape[1], squared_loss, slots), _equal(rows, numbers, slots))


def _task(rows: Pools, targets: ArrayLike, head: LinearHead) -> Task:
    return Task(head, _equal(rows, check_indices(targets, max(head.num_outputs, 2)), head.slots))


def _equal(rows: Pools, targets: Any, slots: int) -> Examples:
    examples = len(rows) // max(slots, 1)
    if not len(targets) or len(rows) != len(targets) * slots:
        raise ValueError(f"a task needs one target per example and at least one, got {examples}, {len(targets)}")
    return Examples(bags=rows, targets=targets, importance=np.full(len(targets), 1 / len(targets)))


def _product(pooled: FloatArray, kernel: FloatArray) -> FloatArray:
    """pooled @ kernel. A tall one (N, C) is laid out by columns, since numpy is slow on many short rows."""
    if len(pooled) < 16 * kernel.shape[1]:
        return np.asarray(pooled @ kernel)
    return np.asarray(kernel.T @ pooled.T).T


def _in_one_table(categories: IntArray, sizes: Sequence[int]) -> IntArray:
    for column, size in zip(categories.T, sizes, strict=True):
        check_indices(column, size)
    starts: IntArray = np.cumsum([0, *sizes[:-1]])
    return np.asarray(categories + starts)
