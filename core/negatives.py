"""Tasks with negatives: a word, its true context, and words drawn at random. Heads: core/negatives_heads.py.

A negative that equals the context is kept, not drawn again: then the chance of a negative does not depend on the pair,
and `skip_gram_expected` is the exact mean over all draws. (word2vec's own program skips it.)
"""

from dataclasses import replace

import numpy as np

from core.examples import draw
from core.negatives_heads import ExpectedNegatives, NegativeSampling
from core.pools import singles
from core.records import FloatArray, IntArray
from core.table import check_indices
from core.tasks import Task, counted, equal_examples


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
    examples = equal_examples(singles(centers, num_embeddings), scored)
    return Task(NegativeSampling(num_embeddings, negatives.shape[1]), examples)


def skip_gram_drawn(
    centers: IntArray, contexts: IntArray, noise: FloatArray, negatives: int, rng: np.random.Generator
) -> Task:
    """One word -> its context against K negatives by the chances `noise` (V,), drawn afresh each time it is seen."""
    chances = np.cumsum(noise) / np.sum(noise)
    chances[np.flatnonzero(noise)[-1] :] = 1  # what rounding left over belongs to the last word that can be drawn
    first = draw(chances, (len(centers), negatives), rng)
    head, examples = skip_gram_negatives(centers, contexts, first, len(noise))
    return Task(head, replace(examples, noise=chances))


def skip_gram_expected(counts: FloatArray, noise: FloatArray, negatives: int) -> Task:
    """Negative sampling over a whole text at once, from how often each word (row) has each neighbour (column): (V, V).

    The mean of the loss and gradient of `skip_gram_drawn` over all draws, at a cost that does not grow with the text
    (Levy and Goldberg 2014, equation 4).
    """
    return Task(ExpectedNegatives(noise, negatives), counted(counts))
