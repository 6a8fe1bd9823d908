"""The losses are stable, and their errors are their gradients."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import special
from sklearn.metrics import log_loss

from core.gradient import finite_differences
from core.losses import sigmoid, sigmoid_loss, soft_target_loss, softmax_loss

RNG = np.random.default_rng(3)
LOGITS = RNG.normal(0, 3, (5, 4))
LABELS = np.array([0, 3, 2, 1, 3])
SHARES = RNG.dirichlet(np.ones(4), 5)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_softmax_and_sigmoid_are_scipys(dtype):
    logits = LOGITS.astype(dtype)
    tolerance = 20 * np.finfo(dtype).eps
    shares, losses, _ = softmax_loss(logits, LABELS)
    assert shares.dtype == losses.dtype == sigmoid(logits).dtype == dtype
    assert_allclose(shares, special.softmax(logits, axis=1), rtol=tolerance)
    assert_allclose(losses, -special.log_softmax(logits, axis=1)[range(5), LABELS], rtol=tolerance, atol=tolerance)
    assert_allclose(sigmoid(logits), special.expit(logits), rtol=tolerance)


def test_the_mean_losses_are_scikit_learns():
    scored = softmax_loss(LOGITS, LABELS)
    assert_allclose(scored.losses.mean(), log_loss(LABELS, scored.probabilities, labels=range(4)))
    binary = sigmoid_loss(LOGITS[:, :1], LABELS % 2)
    assert_allclose(binary.losses.mean(), log_loss(LABELS % 2, binary.probabilities[:, 0]))


@pytest.mark.parametrize(
    ("loss", "logits", "targets"),
    [
        (softmax_loss, LOGITS, LABELS),
        (soft_target_loss, LOGITS, SHARES),
        (sigmoid_loss, LOGITS[:, :1], LABELS % 2),
    ],
)
def test_the_errors_are_the_gradient_of_the_losses(loss, logits, targets):
    nudged = finite_differences(lambda point: float(loss(point, targets).losses.sum()), logits)
    assert_allclose(loss(logits, targets).errors, nudged, atol=1e-8)


def test_a_certain_target_distribution_is_a_label():
    certain = np.eye(4)[LABELS]
    for soft, hard in zip(soft_target_loss(LOGITS, certain), softmax_loss(LOGITS, LABELS), strict=True):
        assert_allclose(soft, hard, atol=1e-15)


@pytest.mark.parametrize("size", [1e3, 1e30])
def test_scores_far_beyond_the_range_of_exp_work(size):
    logits = np.array([[size, -size]])
    assert_allclose(softmax_loss(logits, np.array([1])).losses, [2 * size])
    assert_allclose(softmax_loss(logits, np.array([0])).losses, [0])
    assert_allclose(sigmoid_loss(-logits[:, :1], np.array([1])).losses, [size])
    assert_allclose(sigmoid_loss(logits[:, :1], np.array([1])).losses, [0])
