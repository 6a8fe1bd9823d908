"""Pooled look-up: the rows of a bag come out as one, their sum, mean or maximum. PyTorch 2.13's `nn.EmbeddingBag`.

A bag is a text: its words go in, one vector comes out. A bag without rows gives 0; padding is not in any bag.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from core.bags import Bags
from core.gradient import scatter_add
from core.records import FloatArray, IntArray
from core.table import take_rows


def embedding_bag(
    weight: FloatArray, bags: Bags, mode: str = "mean", per_sample_weights: FloatArray | None = None
) -> FloatArray:
    """The rows of weight (V, D) of each bag as one: (B, D). Modes: sum, mean, max; PyTorch's default is mean.

    per_sample_weights, shaped like the indices, multiply the rows of a sum. In another mode NotImplementedError, as in
    PyTorch 2.13.
    """
    if mode not in POOLS:
        raise ValueError(f"mode must be one of {', '.join(POOLS)}, got {mode}")
    if per_sample_weights is None:
        return POOLS[mode].forward(weight, bags)
    if mode != "sum":
        raise NotImplementedError(f"per_sample_weights need mode sum, got {mode}")
    return weighted_sum(weight, bags, per_sample_weights)


def sum_of_rows(weight: FloatArray, bags: Bags) -> FloatArray:
    """The sum of each bag's rows: (B, D)."""
    return scatter_add(bags.bag, take_rows(weight, bags.indices), bags.num_bags)


def sum_gradient(weight: FloatArray, bags: Bags, grad_output: FloatArray) -> FloatArray:
    """Each row of a bag gets the bag's gradient, grad_output (B, D): (V, D)."""
    return scatter_add(bags.indices, take_rows(grad_output, bags.bag), len(weight))


def weighted_sum(weight: FloatArray, bags: Bags, per_sample_weights: FloatArray) -> FloatArray:
    """The sum of each bag's rows, each times the number of its own: (B, D)."""
    rows = take_rows(weight, bags.indices)
    return scatter_add(bags.bag, _column(per_sample_weights, bags, weight) * rows, bags.num_bags)


def weighted_gradient(
    weight: FloatArray, bags: Bags, per_sample_weights: FloatArray, grad_output: FloatArray
) -> FloatArray:
    """Each row of a bag gets the bag's gradient times its number: (V, D)."""
    grad_rows = _column(per_sample_weights, bags, weight) * take_rows(grad_output, bags.bag)
    return scatter_add(bags.indices, grad_rows, len(weight))


def sample_weights_gradient(
    weight: FloatArray, bags: Bags, per_sample_weights: FloatArray, grad_output: FloatArray
) -> FloatArray:
    """The numbers' own gradient, each row times its bag's gradient, 0 for padding: shaped like per_sample_weights."""
    products = take_rows(weight, bags.indices) * take_rows(grad_output, bags.bag)  # (M, D)
    gradient = np.zeros(per_sample_weights.size, per_sample_weights.dtype)
    gradient[bags.position] = products.sum(axis=1)
    return gradient.reshape(bags.shape)


def mean_of_rows(weight: FloatArray, bags: Bags) -> FloatArray:
    """The mean of each bag's rows: (B, D)."""
    return sum_of_rows(weight, bags) / _divisors(bags, weight)


def mean_gradient(weight: FloatArray, bags: Bags, grad_output: FloatArray) -> FloatArray:
    """Each row of a bag gets an equal part of the bag's gradient: (V, D)."""
    return sum_gradient(weight, bags, grad_output / _divisors(bags, grad_output))


def max_of_rows(weight: FloatArray, bags: Bags) -> FloatArray:
    """The largest number of each bag, column by column: (B, D)."""
    largest = np.full((bags.num_bags, weight.shape[1]), -np.inf, weight.dtype)
    np.maximum.at(largest, bags.bag, take_rows(weight, bags.indices))
    largest[bags.sizes == 0] = 0
    return largest


def max_gradient(weight: FloatArray, bags: Bags, grad_output: FloatArray) -> FloatArray:
    """Only what came out gets its bag's gradient; among equals the first in the bag: (V, D)."""
    winners = max_winners(weight, bags)  # (B, D)
    bag, column = np.nonzero(winners >= 0)
    gradient = np.zeros(weight.shape, grad_output.dtype)
    np.add.at(gradient, (bags.indices[winners[bag, column]], column), grad_output[bag, column])
    return gradient


def max_winners(weight: FloatArray, bags: Bags) -> IntArray:
    """Which of the M rows gives each number of max_of_rows, the first among equals: (B, D), -1 in an empty bag."""
    won = take_rows(weight, bags.indices) == take_rows(max_of_rows(weight, bags), bags.bag)  # (M, D)
    winners = np.full((bags.num_bags, weight.shape[1]), len(won))
    np.minimum.at(winners, bags.bag, np.where(won, np.arange(len(won))[:, None], len(won)))
    return np.where(winners < len(won), winners, -1)


class Pool(NamedTuple):
    """What makes one row of a bag's rows, and how the gradient goes back into them."""

    forward: Callable[[FloatArray, Bags], FloatArray]
    gradient: Callable[[FloatArray, Bags, FloatArray], FloatArray]


POOLS = {
    "sum": Pool(sum_of_rows, sum_gradient),
    "mean": Pool(mean_of_rows, mean_gradient),
    "max": Pool(max_of_rows, max_gradient),
}


def _column(per_sample_weights: FloatArray, bags: Bags, like: FloatArray) -> FloatArray:
    if per_sample_weights.shape != bags.shape:
        raise ValueError(
            f"per_sample_weights must have the indices' shape {bags.shape}, got {per_sample_weights.shape}"
        )
    column: FloatArray = per_sample_weights.ravel()[bags.position, None].astype(like.dtype)  # (M, 1)
    return column


def _divisors(bags: Bags, like: FloatArray) -> FloatArray:
    divisors: FloatArray = np.maximum(bags.sizes, 1)[:, None].astype(like.dtype)  # (B, 1); 0 / 1 for an empty bag
    return divisors
