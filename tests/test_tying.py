"""One table for the way in and the way out."""

import numpy as np
from hypothesis import given
from numpy.testing import assert_allclose, assert_array_equal

from core.gradient import finite_differences, scatter_add
from core.table import lookup
from core.tying import tied_gradient, tied_logits, tied_logits_gradients
from tests.layers import layers


def test_a_score_is_the_product_of_a_hidden_vector_and_a_row():
    weight = np.array([[1.0, 0], [0, 2], [3, 3]], np.float32)
    logits = tied_logits(np.array([[1, 1], [0, 1]], np.float32), weight)
    assert_array_equal(logits, [[1, 2, 6], [0, 2, 3]])
    assert logits.dtype == np.float32


@given(layers(np.float64))
def test_both_uses_add_their_gradient(layer):
    weight, ids = layer[0] / 100, layer[1].ravel()
    grad_logits = np.cos(np.arange(len(ids) * len(weight), dtype=float)).reshape(len(ids), len(weight))

    def loss(weight):  # the rows themselves are scored
        return float((tied_logits(lookup(weight, ids), weight) * grad_logits).sum())

    rows = lookup(weight, ids)
    grad_rows = tied_logits_gradients(rows, weight, grad_logits).hidden
    gradient = tied_gradient(ids, grad_rows, rows, grad_logits)
    assert_allclose(gradient, finite_differences(loss, weight), atol=1e-6)
    scored = tied_logits_gradients(rows, weight, grad_logits).weight
    assert_array_equal(gradient, scatter_add(ids, grad_rows, len(weight)) + scored)
