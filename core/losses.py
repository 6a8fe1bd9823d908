"""Losses and their gradients, in the stable forms: scores far beyond the range of exp work.

A loss takes the logits (N, C) and the targets of N examples, and gives the three things that a training step needs.
"""

from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from core.records import FloatArray, IntArray


class Scored(NamedTuple):
    """What a loss says of N examples."""

    probabilities: FloatArray  # (N, C)
    losses: FloatArray  # (N,)
    errors: FloatArray  # (N, C), the gradient of each example's loss with respect to its logits


class Loss(Protocol):
    """Logits (N, C) and targets of N examples to what a training step needs."""

    def __call__(self, logits: FloatArray, targets: NDArray[Any], /) -> Scored: ...


def sigmoid(logits: FloatArray) -> FloatArray:
    """1 / (1 + exp(-logits)), without overflow."""
    shares: FloatArray = expit(logits)
    return shares


def softmax_loss(logits: FloatArray, labels: IntArray) -> Scored:
    """Softmax and cross-entropy, -log of the share of the right label: labels (N,) in 0 .. C-1."""
    shifted, shares, totals = _softmax(logits)
    right = np.arange(0, shares.size, shares.shape[1]) + labels  # places in the flat array: faster than in two axes
    losses = np.log(totals[:, 0]) - shifted.take(right)
    errors = shares.copy()
    errors.ravel()[right] -= 1
    return Scored(shares, losses, errors)


def soft_target_loss(logits: FloatArray, targets: Any) -> Scored:
    """Softmax and cross-entropy against a distribution over the labels: targets (N, C), rows summing to 1.

    The targets may be sparse, a csr_array: several right labels of many.
    """
    shifted, shares, totals = _softmax(logits)
    losses = np.log(totals[:, 0]) - _row_products(targets, shifted)
    return Scored(shares, losses, shares - targets)


def sigmoid_loss(logits: FloatArray, labels: IntArray) -> Scored:
    """Sigmoid and binary cross-entropy: logits (N, 1), labels (N,) of 0 and 1.

    max(z, 0) - z y + log(1 + exp(-|z|)), the form of PyTorch's binary_cross_entropy_with_logits (2.13).
    """
    score = logits[:, 0]
    shares = sigmoid(logits)
    losses = np.maximum(score, 0) - score * labels + np.log1p(np.exp(-np.abs(score)))
    return Scored(shares, losses, shares - labels[:, None].astype(logits.dtype))


def squared_loss(outputs: FloatArray, targets: FloatArray) -> Scored:
    """The mean of (output - target)^2 over an example's outputs: targets (N,) or (N, C). Nothing becomes a probability.

    Its mean over the examples is PyTorch's mse_loss (2.13) and Keras's "mse" (3.15): there is no 1/2 in it.
    """
    off = outputs - targets.reshape(outputs.shape)
    return Scored(outputs, np.square(off).mean(axis=1), off * (2 / outputs.shape[1]))


def negative_sampling_loss(logits: FloatArray, ids: IntArray) -> Scored:
    """A word's true context should score high and its K negatives low: logits and ids (N, 1 + K), the context first.

    -log sigmoid(z_0) - sum of log sigmoid(-z_k) (Mikolov et al. 2013, eq. 4), where -log sigmoid(-z) is softplus(z).
    """
    shares = sigmoid(logits)
    losses = np.add.reduce(softplus(logits), axis=1) - logits[:, 0]
    errors = shares.copy()
    errors[:, 0] -= 1
    return Scored(shares, losses, errors)


def expected_sampling_loss(logits: FloatArray, targets: FloatArray, expected: FloatArray) -> Scored:
    """`negative_sampling_loss` over all words at once, each weighted by how often it comes.

    targets (N, V): the share of each word among the contexts; expected (V,): how often each is a negative of a pair.
    The loss, sum of t softplus(-z) + e softplus(z), is (t + e) softplus(z) - t z: softplus(-z) is softplus(z) - z.
    """
    shares, amounts = sigmoid(logits), targets + expected
    losses = np.vecdot(amounts, softplus(logits)) - np.vecdot(targets, logits)
    return Scored(shares, losses, amounts * shares - targets)


def softplus(logits: FloatArray) -> FloatArray:
    """log(1 + exp(z)), which is -log sigmoid(-z), without overflow."""
    bent: FloatArray = np.log1p(np.exp(-np.abs(logits)))
    bent += np.maximum(logits, 0)
    return bent


def _softmax(logits: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Logits less the largest of their row (..., C), their softmax, and the sums (..., 1) that it was divided by."""
    shifted = logits - np.maximum.reduce(logits, axis=-1, keepdims=True)  # the largest becomes 0, its exp 1
    shares = np.exp(shifted)
    totals = np.add.reduce(shares, axis=-1, keepdims=True)
    shares /= totals
    return shifted, shares, totals


def _row_products(targets: Any, numbers: FloatArray) -> FloatArray:
    """sum over c of targets[n, c] * numbers[n, c]: (N,)."""
    if isinstance(targets, np.ndarray):
        return np.asarray(np.vecdot(targets, numbers))
    return np.asarray((targets * numbers).sum(axis=1))
