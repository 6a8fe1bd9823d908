"""Pooled look-up: the rows of a bag come out as one, their sum, mean or maximum. PyTorch 2.13's `nn.EmbeddingBag`.

A bag is a text: its words go in, one vector comes out. A bag without rows gives 0; padding is not in any bag.
"""

from dataclasses import replace

import numpy as np

from core.bags import Bags
from core.pools import Pools, averaged, pool_rows, spread_rows
from core.records import FloatArray, IntArray
from core.table import take_rows

MODES = ("sum", "mean", "max")


def embedding_bag(
    weight: FloatArray, bags: Bags, mode: str = "mean", per_sample_weights: FloatArray | None = None
) -> FloatArray:
    """The rows of weight (V, D) of each bag as one: (B, D). Modes: sum, mean, max; PyTorch's default is mean.

    per_sample_weights, shaped like the indices, multiply the rows of a sum. In another mode NotImplementedError, as in
    PyTorch 2.13.
    """
    pools = with_shares(bags, mode, per_sample_weights).astype(weight.dtype)
    return max_of_rows(weight, pools) if mode == "max" else pool_rows(pools, weight)


def embedding_bag_gradient(
    weight: FloatArray,
    bags: Bags,
    grad_output: FloatArray,
    mode: str = "mean",
    per_sample_weights: FloatArray | None = None,
) -> FloatArray:
    """Each row of a bag gets its share of the bag's gradient, grad_output (B, D): (V, D)."""
    pools = with_shares(bags, mode, per_sample_weights).astype(weight.dtype)
    if mode == "max":
        return max_gradient(weight, pools, grad_output)
    grad_weight = np.empty_like(weight)
    spread_rows(pools, grad_output, grad_weight)
    return grad_weight


def with_shares(bags: Bags, mode: str, per_sample_weights: FloatArray | None = None) -> Pools:
    """What a mode is: a sum has the shares 1, a mean 1 / length, and per-sample weights are shares themselves."""
    if mode not in MODES:
        raise ValueError(f"mode must be one of {', '.join(MODES)}, got {mode}")
    if per_sample_weights is None:
        return averaged(bags.pools) if mode == "mean" else bags.pools
    if mode != "sum":
        raise NotImplementedError(f"per_sample_weights need mode sum, got {mode}")
    if per_sample_weights.shape != bags.kept.shape:
        raise ValueError(
            f"per_sample_weights must have the indices' shape {bags.kept.shape}, got {per_sample_weights.shape}"
        )
    return replace(bags.pools, shares=per_sample_weights[bags.kept])


def sample_weights_gradient(weight: FloatArray, bags: Bags, grad_output: FloatArray) -> FloatArray:
    """Of per_sample_weights, and like them: each row times its bag's gradient (B, D), 0 for padding."""
    gradient = np.zeros(bags.kept.shape, weight.dtype)
    gradient[bags.kept] = np.vecdot(take_rows(weight, bags.pools.indices), take_rows(grad_output, bags.pools.pool))
    return gradient


def max_of_rows(weight: FloatArray, pools: Pools) -> FloatArray:
    """The largest number of each bag, column by column: (B, D)."""
    largest = np.full((len(pools), weight.shape[1]), -np.inf, weight.dtype)
    np.maximum.at(largest, pools.pool, take_rows(weight, pools.indices))
    largest[pools.lengths == 0] = 0
    return largest


def max_gradient(weight: FloatArray, pools: Pools, grad_output: FloatArray) -> FloatArray:
    """Only what came out gets its bag's gradient; among equals the first in the bag: (V, D)."""
    winners = max_winners(weight, pools)  # (B, D)
    bag, column = np.nonzero(winners >= 0)
    gradient = np.zeros(weight.shape, grad_output.dtype)
    np.add.at(gradient, (pools.indices[winners[bag, column]], column), grad_output[bag, column])
    return gradient


def max_winners(weight: FloatArray, pools: Pools) -> IntArray:
    """Which of the M rows gives each number of max_of_rows, the first among equals: (B, D), -1 in an empty bag."""
    won = take_rows(weight, pools.indices) == take_rows(max_of_rows(weight, pools), pools.pool)  # (M, D)
    winners = np.full((len(pools), weight.shape[1]), len(won))
    np.minimum.at(winners, pools.pool, np.where(won, np.arange(len(won))[:, None], len(won)))
    return np.where(winners < len(won), winners, -1)
