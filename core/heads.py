"""Heads: what stands behind the table and turns its rows into a loss. The table is the same for all of them.

    ids -> table -> pool the rows -> linear layer -> loss

A classifier reads all words of a text and scores its label. CBOW reads the neighbours of a word and scores the word.
Skip-gram reads a word and scores its neighbours. A next-word model reads the last words side by side and scores the
next one. A regression reads the rows of categories and says a number. They differ in their examples, in how the rows
are pooled and in the loss. Negative sampling, which has a second table, is in core/negatives_heads.py.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from core.examples import Examples
from core.gradient import scatter_add
from core.losses import Loss, softmax_loss
from core.passes import LinearPass, Pass, SoftmaxPass
from core.pools import Pools
from core.records import FloatArray, IntArray, Parameters, Record
from core.table import lookup


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

    def prepare(self, parameters: Parameters, into: Parameters, number: int) -> Pass:
        """The same for `number` examples at a time, their gradients written into arrays: the form to train with."""
        ...


def rows_and_pools(weight: FloatArray, bags: Pools) -> tuple[FloatArray, FloatArray]:
    """Forward of every head: the rows of weight (V, D) that are read (M, D), and `pool_rows` of them (P, D)."""
    rows = lookup(weight, bags.indices)
    return rows, scatter_add(bags.pool, bags.shares[:, None] * rows, len(bags))


def table_gradients(bags: Pools, grad_pools: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Backward of every head: of the rows that were read (M, D), and of the table (V, D), which is `spread_rows`."""
    grad_rows = bags.shares[:, None] * grad_pools[bags.pool]
    return grad_rows, scatter_add(bags.indices, grad_rows, bags.num_embeddings)


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
        rows, pools = rows_and_pools(weight, examples.bags)  # (M, D), (N * S, D)
        pooled = pools.reshape(len(examples), -1)  # (N, S * D)
        logits = pooled @ kernel + bias  # (N, C)
        probabilities, losses, errors = self.loss(logits, examples.targets)
        grad_logits = examples.importance[:, None] * errors
        grad_pooled = grad_logits @ kernel.T  # (N, S * D)
        grad_rows, grad_weight = table_gradients(examples.bags, grad_pooled.reshape(pools.shape))
        return HeadStep(
            indices=examples.bags.indices,
            example=examples.bags.pool // self.slots,
            shares=examples.bags.shares,
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
            grad_weight=grad_weight,
        )

    def prepare(self, parameters: Parameters, into: Parameters, number: int) -> Pass:
        made = SoftmaxPass if self.loss is softmax_loss else LinearPass
        return made(self.loss, self.slots, parameters, into, number)
