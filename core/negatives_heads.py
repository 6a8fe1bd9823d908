"""Negative sampling: heads with a second table, that score a few words only.

    ids -> table -> pool the rows -> dot products with 1 + K rows of the second table -> sigmoid

The first of them is the word's true context, the others are its negatives: words drawn at random, to be scored low
(Mikolov et al. 2013). The tasks are in core/negatives.py.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.examples import Examples
from core.gradient import scatter_add
from core.heads import HeadStep, rows_and_pools, table_gradients
from core.losses import Scored, expected_sampling_loss, negative_sampling_loss
from core.passes import Pass
from core.records import FloatArray, IntArray, Parameters
from core.sigmoid_passes import ExpectedPass, NegativesPass
from core.table import lookup


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class NegativesStep(HeadStep):
    """A step with a second table: example n scores J of its rows. `grad_head` holds its gradient, context_weight."""

    scored: IntArray  # (N, J), which rows of the second table
    scored_rows: FloatArray  # (N, J, D)
    grad_scored_rows: FloatArray  # (N, J, D)


@dataclass(frozen=True, slots=True)
class NegativeSampling:
    """Dot products of the pooled rows with the context's row and with K negatives' rows, context_weight (V, D)."""

    num_embeddings: int
    negatives: int  # K

    @property
    def num_outputs(self) -> int:
        return 1 + self.negatives

    def start(self, rng: np.random.Generator, embedding_dim: int, scale: float) -> Parameters:
        return {"context_weight": rng.normal(0, scale, (self.num_embeddings, embedding_dim))}

    def step(self, parameters: Parameters, examples: Examples) -> NegativesStep:
        return _step(parameters, examples, examples.targets, negative_sampling_loss)

    def prepare(self, parameters: Parameters, into: Parameters, number: int) -> Pass:
        return NegativesPass(parameters, into, number, self.num_outputs)


@dataclass(frozen=True, slots=True, eq=False)
class ExpectedNegatives:
    """Negative sampling with all its pairs and all draws at once: every word is scored, and counts by its chance.

    The targets are the shares (N, V) of each word among the contexts; `noise` (V,) is each word's chance as a negative.
    """

    noise: FloatArray
    negatives: int  # K

    @property
    def num_outputs(self) -> int:
        return len(self.noise)

    @property
    def expected(self) -> FloatArray:
        """How often each word is a negative of one pair: (V,)."""
        return self.negatives * self.noise

    def start(self, rng: np.random.Generator, embedding_dim: int, scale: float) -> Parameters:
        return {"context_weight": rng.normal(0, scale, (len(self.noise), embedding_dim))}

    def step(self, parameters: Parameters, examples: Examples) -> NegativesStep:
        scored = np.broadcast_to(np.arange(len(self.noise)), (len(examples), len(self.noise)))
        return _step(parameters, examples, scored, self._loss)

    def prepare(self, parameters: Parameters, into: Parameters, number: int) -> Pass:
        return ExpectedPass(self.expected, parameters, into, number)

    def _loss(self, logits: FloatArray, targets: FloatArray) -> Scored:
        return expected_sampling_loss(logits, targets, self.expected.astype(logits.dtype))


def _step(
    parameters: Parameters,
    examples: Examples,
    scored: NDArray[np.intp],
    loss: Callable[[FloatArray, NDArray[Any]], Scored],
) -> NegativesStep:
    context_weight = parameters["context_weight"]
    rows, pooled = rows_and_pools(parameters["weight"], examples.bags)  # (M, D), (N, D)
    scored_rows = lookup(context_weight, scored)  # (N, J, D)
    logits = (scored_rows * pooled[:, None]).sum(axis=2)  # (N, J)
    probabilities, losses, errors = loss(logits, examples.targets)
    grad_logits = examples.importance[:, None] * errors
    grad_scored_rows = grad_logits[:, :, None] * pooled[:, None]  # (N, J, D)
    grad_pooled = (grad_logits[:, :, None] * scored_rows).sum(axis=1)  # (N, D)
    grad_rows, grad_weight = table_gradients(examples.bags, grad_pooled)  # (M, D), (V, D)
    return NegativesStep(
        indices=examples.bags.indices,
        example=examples.bags.pool,
        shares=examples.bags.shares,
        rows=rows,
        pooled=pooled,
        scored=scored,
        scored_rows=scored_rows,
        logits=logits,
        probabilities=probabilities,
        losses=losses,
        loss=float(examples.importance @ losses),
        grad_logits=grad_logits,
        grad_scored_rows=grad_scored_rows,
        grad_head={"context_weight": scatter_add(scored, grad_scored_rows, len(context_weight))},
        grad_pooled=grad_pooled,
        grad_rows=grad_rows,
        grad_weight=grad_weight,
    )
