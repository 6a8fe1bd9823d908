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


def log_softmax(logits: FloatArray) -> FloatArray:
    """log of softmax over the last axis, without ever forming exp of a large number."""
    shifted: FloatArray = logits - logits.max(axis=-1, keepdims=True)  # the largest becomes 0, its exp 1
    shifted -= np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return shifted


def softmax(logits: FloatArray) -> FloatArray:
    """Shares of exp(logits) (..., C) that sum to 1 over the last axis, in the dtype of logits."""
    shares: FloatArray = np.exp(log_softmax(logits))
    return shares


def sigmoid(logits: FloatArray) -> FloatArray:
    """1 / (1 + exp(-logits)), without overflow."""
    shares: FloatArray = expit(logits)
    return shares


def softmax_loss(logits: FloatArray, labels: IntArray) -> Scored:
    """Softmax and cross-entropy, -log of the share of the right label: labels (N,) in 0 .. C-1."""
    log_shares = log_softmax(logits)
    right = np.arange(len(labels)), labels
    shares = np.exp(log_shares)
    errors = shares.copy()
    errors[right] -= 1
    return Scored(shares, -log_shares[right], errors)


def soft_target_loss(logits: FloatArray, targets: FloatArray) -> Scored:
    """Softmax and cross-entropy against a distribution over the labels: targets (N, C), rows summing to 1."""
    log_shares = log_softmax(logits)
    shares = np.exp(log_shares)
    return Scored(shares, -(targets * log_shares).sum(axis=1), shares - targets)


def sigmoid_loss(logits: FloatArray, labels: IntArray) -> Scored:
    """Sigmoid and binary cross-entropy: logits (N, 1), labels (N,) of 0 and 1.

    max(z, 0) - z y + log(1 + exp(-|z|)), the form of PyTorch's binary_cross_entropy_with_logits (2.13).
    """
    score = logits[:, 0]
    shares = sigmoid(logits)
    losses = np.maximum(score, 0) - score * labels + np.log1p(np.exp(-np.abs(score)))
    return Scored(shares, losses, shares - labels[:, None].astype(logits.dtype))
