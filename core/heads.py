"""Heads: what stands behind the table and turns its rows into a loss. The table is the same for all of them.

    ids -> table -> pool the rows -> linear layer -> loss

A classifier reads all words of a text and scores its label. CBOW reads the neighbours of a word and scores the word.
Skip-gram reads a word and scores its neighbours. A next-word model reads the last words side by side and scores the
next one. A regression reads the rows of categories and says a number. They differ in their examples, in how the rows
are pooled and in the loss. Negative sampling, which has a second table, is in core/negatives.py.
"""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from core.examples import Examples
from core.gradient import scatter_add
from core.losses import Loss, softmax_loss
from core.passes import LinearPass, Pass, SoftmaxPass, once
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

    def gradient(self, parameters: Parameters, examples: Examples, into: Parameters) -> float:
        """The same gradients, written into the arrays of `into`, and the loss: the form to train with."""
        ...


@runtime_checkable
class PreparedHead(Head, Protocol):
    """A head with a pass of its own, for training fast."""

    def prepare(self, parameters: Parameters, into: Parameters, number: int) -> Pass:
        """`gradient` for `number` examples at a time, of these parameters, into these arrays."""
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

    def prepare(self, parameters: Parameters, into: Parameters, number: int) -> Pass:
        made = SoftmaxPass if self.loss is softmax_loss else LinearPass
        return made(self.loss, self.slots, parameters, into, number)

    def gradient(self, parameters: Parameters, examples: Examples, into: Parameters) -> float:
        return once(self.prepare(parameters, into, len(examples)), examples)
