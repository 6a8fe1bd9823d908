"""Heads: what stands behind the table and turns its rows into a loss. The table is the same for all of them.

    ids -> table -> mean of the rows -> linear layer -> loss

A classifier reads all words of a text and scores its label. CBOW reads the neighbours of a word and scores the word.
Skip-gram reads a word and scores its neighbours. They differ in their examples and in the number of outputs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import DTypeLike, NDArray
from scipy.sparse import csr_array

from core.gradient import scatter_add
from core.losses import Loss, sigmoid_loss, soft_target_loss, softmax_loss
from core.records import FloatArray, IntArray, Record
from core.table import check_indices, lookup

Parameters = Mapping[str, FloatArray]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Examples(Record):
    """N training examples: the rows that each one reads, and what it should say."""

    bags: Any  # csr_array (N, V): the share of every row read, so that bags @ weight pools
    targets: NDArray[Any]  # (N,) labels, or (N, C) distributions over the labels
    importance: FloatArray  # (N,), summing to 1: the loss is importance @ losses

    def __len__(self) -> int:
        return len(self.targets)

    def batch(self, chosen: IntArray) -> "Examples":
        """Some of the examples (B,), their importance scaled to sum to 1 again."""
        importance = self.importance[chosen]
        return Examples(bags=self.bags[chosen], targets=self.targets[chosen], importance=importance / importance.sum())

    def astype(self, dtype: DTypeLike) -> "Examples":
        targets = self.targets if self.targets.ndim == 1 else self.targets.astype(dtype)
        return replace(self, bags=self.bags.astype(dtype), targets=targets, importance=self.importance.astype(dtype))


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class HeadStep(Record):
    """Forward and backward through table and head, in the order of the computation. M rows are read by N examples."""

    indices: IntArray  # (M,)
    example: IntArray  # (M,), which example reads each row
    shares: FloatArray  # (M,), the weight of each row in its pool: 1 / length for a mean
    rows: FloatArray  # (M, D), looked up
    pooled: FloatArray  # (N, D)
    logits: FloatArray  # (N, C)
    probabilities: FloatArray  # (N, C)
    losses: FloatArray  # (N,)
    loss: float
    grad_logits: FloatArray  # (N, C)
    grad_kernel: FloatArray  # (D, C)
    grad_bias: FloatArray  # (C,)
    grad_pooled: FloatArray  # (N, D)
    grad_rows: FloatArray  # (M, D)
    grad_weight: FloatArray  # (V, D)

    @property
    def gradients(self) -> Parameters:
        return {"weight": self.grad_weight, "kernel": self.grad_kernel, "bias": self.grad_bias}


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
    """Mean of the rows -> linear layer, kernel (D, C) and bias (C,) -> loss."""

    num_outputs: int
    loss: Loss

    def start(self, rng: np.random.Generator, embedding_dim: int, scale: float) -> Parameters:
        kernel = rng.normal(0, scale, (embedding_dim, self.num_outputs))
        return {"kernel": kernel, "bias": np.zeros(self.num_outputs)}

    def step(self, parameters: Parameters, examples: Examples) -> HeadStep:
        weight, kernel, bias = parameters["weight"], parameters["kernel"], parameters["bias"]
        indices, shares = examples.bags.indices, examples.bags.data
        example = np.repeat(np.arange(len(examples)), np.diff(examples.bags.indptr))  # (M,)
        rows = lookup(weight, indices)  # (M, D)
        pooled = scatter_add(example, shares[:, None] * rows, len(examples))  # (N, D)
        logits = pooled @ kernel + bias  # (N, C)
        probabilities, losses, errors = self.loss(logits, examples.targets)
        grad_logits = examples.importance[:, None] * errors
        grad_pooled = grad_logits @ kernel.T  # (N, D)
        grad_rows = shares[:, None] * grad_pooled[example]  # (M, D)
        return HeadStep(
            indices=indices,
            example=example,
            shares=shares,
            rows=rows,
            pooled=pooled,
            logits=logits,
            probabilities=probabilities,
            losses=losses,
            loss=float(examples.importance @ losses),
            grad_logits=grad_logits,
            grad_kernel=pooled.T @ grad_logits,
            grad_bias=grad_logits.sum(axis=0),
            grad_pooled=grad_pooled,
            grad_rows=grad_rows,
            grad_weight=scatter_add(indices, grad_rows, len(weight)),
        )

    def gradient(self, parameters: Parameters, examples: Examples, into: Parameters) -> float:
        kernel = parameters["kernel"]
        pooled = examples.bags @ parameters["weight"]  # a sparse product reads only the rows in the bags
        logits = pooled @ kernel
        logits += parameters["bias"]
        _, losses, errors = self.loss(logits, examples.targets)
        errors *= examples.importance[:, None]
        np.matmul(pooled.T, errors, out=into["kernel"])
        errors.sum(axis=0, out=into["bias"])
        into["weight"][:] = examples.bags.T @ (errors @ kernel.T)  # and its transpose adds into those rows
        return float(examples.importance @ losses)


class Task(NamedTuple):
    """A head and the examples that it learns from."""

    head: Head
    examples: Examples


def bags(documents: Sequence[IntArray], num_embeddings: int, *, mean: bool = True) -> csr_array[Any, Any]:
    """One row per document (ids, may be empty): the share of each id in the document's mean, or 1 for a sum. (N, V)."""
    lengths = np.array([len(document) for document in documents], dtype=np.intp)
    ids = np.concatenate([np.empty(0, np.intp), *documents])
    return _bags(ids.astype(np.intp), np.r_[0, np.cumsum(lengths)], num_embeddings, mean=mean)


def classifier(documents: Sequence[IntArray], labels: IntArray, num_embeddings: int, num_labels: int) -> Task:
    """Mean of all rows of a text -> its label, by softmax over num_labels outputs."""
    return _task(bags(documents, num_embeddings), labels, LinearHead(num_labels, softmax_loss))


def binary_classifier(documents: Sequence[IntArray], labels: IntArray, num_embeddings: int) -> Task:
    """Mean of all rows of a text -> its label 0 or 1, by one output and the sigmoid."""
    return _task(bags(documents, num_embeddings), labels, LinearHead(1, sigmoid_loss))


def cbow(indices: IntArray, offsets: IntArray, centers: IntArray, num_embeddings: int) -> Task:
    """Mean of a word's neighbours -> the word. The neighbours of center n are indices[offsets[n]:offsets[n + 1]]."""
    return _task(_bags(indices, offsets, num_embeddings), centers, LinearHead(num_embeddings, softmax_loss))


def skip_gram(centers: IntArray, contexts: IntArray, num_embeddings: int) -> Task:
    """One word -> one of its neighbours, an example per pair."""
    one_each = np.arange(len(centers) + 1)
    return _task(_bags(centers, one_each, num_embeddings), contexts, LinearHead(num_embeddings, softmax_loss))


def skip_gram_counts(counts: FloatArray) -> Task:
    """Skip-gram over a whole text at once, from how often each word (row) has each neighbour (column): counts (V, V).

    The same loss and gradient as `skip_gram` over all pairs, at a cost that does not grow with the text.
    """
    totals = counts.sum(axis=1)
    centers = np.flatnonzero(totals)
    examples = Examples(
        bags=_bags(centers, np.arange(len(centers) + 1), len(counts)),
        targets=counts[centers] / totals[centers, None],
        importance=totals[centers] / totals.sum(),
    )
    return Task(LinearHead(len(counts), soft_target_loss), examples)


def _task(rows: csr_array[Any, Any], targets: IntArray, head: LinearHead) -> Task:
    targets = check_indices(targets, max(head.num_outputs, 2))
    if rows.shape[0] != len(targets) or not len(targets):
        raise ValueError(f"a task needs one target per example and at least one, got {rows.shape[0]}, {len(targets)}")
    return Task(head, Examples(bags=rows, targets=targets, importance=np.full(len(targets), 1 / len(targets))))


def _bags(ids: IntArray, offsets: IntArray, num_embeddings: int, *, mean: bool = True) -> csr_array[Any, Any]:
    lengths = np.diff(offsets)
    shares = np.repeat(1 / np.maximum(lengths, 1), lengths) if mean else np.ones(len(ids))
    checked = check_indices(ids, num_embeddings)  # the sparse products do not check, they would corrupt memory
    return csr_array((shares, checked, offsets), shape=(len(lengths), num_embeddings))
