"""Negative sampling: a head with a second table, that scores a few words only.

    ids -> table -> pool the rows -> dot products with 1 + K rows of the second table -> sigmoid

The first of them is the word's true context, the others are its negatives: words drawn at random, to be scored low
(Mikolov et al. 2013). A negative that equals the context is kept, not drawn again: then the chance of a negative does
not depend on the pair, and `skip_gram_expected` is the exact mean over all draws. (word2vec's own program skips it.)
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.examples import Examples, draw
from core.gradient import scatter_add
from core.heads import HeadStep
from core.losses import Scored, expected_sampling_loss, negative_sampling_loss
from core.passes import ExpectedPass, NegativesPass, Pass, once
from core.pools import singles
from core.records import FloatArray, IntArray, Parameters
from core.table import check_indices, lookup
from core.tasks import Task, counted


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

    def gradient(self, parameters: Parameters, examples: Examples, into: Parameters) -> float:
        return once(self.prepare(parameters, into, len(examples)), examples)


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

    def gradient(self, parameters: Parameters, examples: Examples, into: Parameters) -> float:
        return once(self.prepare(parameters, into, len(examples)), examples)

    def _loss(self, logits: FloatArray, targets: FloatArray) -> Scored:
        return expected_sampling_loss(logits, targets, self.expected.astype(logits.dtype))


def unigram_noise(counts: IntArray, power: float = 0.75) -> FloatArray:
    """Each word's chance to be drawn as a negative, from its count (V,): counts ** 0.75, scaled to sum to 1.

    Between "as often as it occurs" (1) and "all alike" (0); 0.75 is word2vec's. A word that never occurs is not drawn.
    """
    powers = np.where(np.asarray(counts) > 0, np.asarray(counts, np.float64) ** power, 0)
    if not powers.sum() > 0:
        raise ValueError("noise needs at least one word that occurs, got none")
    return np.asarray(powers / powers.sum())


def skip_gram_negatives(centers: IntArray, contexts: IntArray, negatives: IntArray, num_embeddings: int) -> Task:
    """One word -> its context (N,) against given negatives (N, K)."""
    if not len(centers) == len(contexts) == len(negatives) or not len(centers):
        raise ValueError(
            f"a task needs a context and negatives for each center and at least one, "
            f"got {len(centers)}, {len(contexts)}, {len(negatives)}"
        )
    scored = check_indices(np.column_stack([contexts, negatives]), num_embeddings)  # (N, 1 + K)
    examples = Examples(
        bags=singles(centers, num_embeddings), targets=scored, importance=np.full(len(centers), 1 / len(centers))
    )
    return Task(NegativeSampling(num_embeddings, negatives.shape[1]), examples)


def skip_gram_drawn(
    centers: IntArray, contexts: IntArray, noise: FloatArray, negatives: int, rng: np.random.Generator
) -> Task:
    """One word -> its context against K negatives by the chances `noise` (V,), drawn afresh each time it is seen."""
    chances = np.cumsum(noise) / np.sum(noise)
    chances[np.flatnonzero(noise)[-1] :] = 1  # what rounding left over belongs to the last word that can be drawn
    first = draw(chances, (len(centers), negatives), rng)
    given = skip_gram_negatives(centers, contexts, first, len(noise))
    examples = given.examples
    return Task(
        given.head,
        Examples(bags=examples.bags, targets=examples.targets, importance=examples.importance, noise=chances),
    )


def skip_gram_expected(counts: FloatArray, noise: FloatArray, negatives: int) -> Task:
    """Negative sampling over a whole text at once, from how often each word (row) has each neighbour (column): (V, V).

    The mean of the loss and gradient of `skip_gram_drawn` over all draws, at a cost that does not grow with the text
    (Levy and Goldberg 2014, equation 4).
    """
    return Task(ExpectedNegatives(noise, negatives), counted(counts))


def _step(
    parameters: Parameters,
    examples: Examples,
    scored: NDArray[np.intp],
    loss: Callable[[FloatArray, NDArray[Any]], Scored],
) -> NegativesStep:
    weight, context_weight = parameters["weight"], parameters["context_weight"]
    indices, shares, pool = examples.bags.indices, examples.bags.shares, examples.bags.pool
    rows = lookup(weight, indices)  # (M, D)
    pooled = scatter_add(pool, shares[:, None] * rows, len(examples))  # (N, D)
    scored_rows = lookup(context_weight, scored)  # (N, J, D)
    logits = (scored_rows * pooled[:, None]).sum(axis=2)  # (N, J)
    probabilities, losses, errors = loss(logits, examples.targets)
    grad_logits = examples.importance[:, None] * errors
    grad_scored_rows = grad_logits[:, :, None] * pooled[:, None]  # (N, J, D)
    grad_pooled = (grad_logits[:, :, None] * scored_rows).sum(axis=1)  # (N, D)
    grad_rows = shares[:, None] * grad_pooled[pool]  # (M, D)
    return NegativesStep(
        indices=indices,
        example=pool,
        shares=shares,
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
        grad_weight=scatter_add(indices, grad_rows, len(weight)),
    )
