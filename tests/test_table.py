"""A look-up is a product with one-hot rows, and a Dense layer without bias."""

import numpy as np
import pytest
from hypothesis import given
from numpy.testing import assert_array_equal

from core.table import (
    dense,
    dense_parameters,
    lookup,
    lookup_cost,
    matmul_cost,
    matmul_lookup,
    one_hot,
    product_sums,
    take_rows,
)
from tests.layers import layers


@given(layers())
def test_a_lookup_is_a_product_with_one_hot_rows(layer):
    weight, ids = layer
    output = lookup(weight, ids)
    assert_array_equal(output, matmul_lookup(weight, ids))
    assert output.shape == (*ids.shape, weight.shape[1])
    assert output.dtype == matmul_lookup(weight, ids).dtype == weight.dtype


@given(layers())
def test_a_lookup_reads_what_plain_indexing_reads(layer):
    weight, ids = layer
    assert_array_equal(lookup(weight, ids), weight[ids])
    assert_array_equal(take_rows(weight, ids), np.take(weight, ids, axis=0))


@given(layers())
def test_the_running_sums_of_the_product_end_at_the_lookup(layer):
    weight, ids = layer
    sums = product_sums(weight, ids)
    assert sums.dtype == weight.dtype
    assert_array_equal(sums[-1], lookup(weight, ids))
    for v, so_far in enumerate(sums):
        read = ids <= v  # the row has been reached: it is there, and stays
        assert_array_equal(so_far[read], lookup(weight, ids)[read])
        assert not so_far[~read].any()


@given(layers())
def test_an_embedding_is_a_dense_layer_on_one_hot_input_without_bias(layer):
    weight, ids = layer
    bias = np.arange(weight.shape[1], dtype=weight.dtype)
    inputs = one_hot(ids, len(weight), weight.dtype)
    assert_array_equal(dense(inputs, weight), lookup(weight, ids))
    assert_array_equal(dense(inputs, weight, bias), lookup(weight + bias, ids))  # a bias is added to every row


@given(layers())
def test_one_hot_rows_hold_a_single_one(layer):
    weight, ids = layer
    rows = one_hot(ids, len(weight))
    assert_array_equal(rows.sum(axis=-1), np.ones(ids.shape))
    assert_array_equal(rows.argmax(axis=-1), ids)


@pytest.mark.parametrize("route", [lookup, matmul_lookup, product_sums])
@pytest.mark.parametrize(
    ("ids", "error", "message"),
    [
        ([0, -1], IndexError, r"indices must lie in \[0, 4\), got -1"),
        ([[0, 4]], IndexError, r"indices must lie in \[0, 4\), got 4"),
        ([1.9], TypeError, "indices must be integers, got float64"),
        ([True], TypeError, "indices must be integers, got bool"),
        ("one", TypeError, "indices must be integers, got <U3"),
    ],
)
def test_bad_ids_name_the_rule_and_what_came(route, ids, error, message):
    with pytest.raises(error, match=message):
        route(np.zeros((4, 2)), ids)


def test_no_ids_give_no_rows():
    assert lookup(np.zeros((4, 2), np.float32), []).shape == (0, 2)


def test_a_row_that_is_not_finite_stays_out_of_a_lookup_that_does_not_read_it():
    weight = np.array([[1.0], [np.inf]])
    assert_array_equal(lookup(weight, [0]), [[1.0]])
    with np.errstate(invalid="ignore"):
        assert np.isnan(matmul_lookup(weight, [0])).all()  # 0 x inf


def test_costs_are_those_of_the_smallest_example():
    assert lookup_cost(3, 6, 3).multiplications == 0
    assert matmul_cost(3, 6, 3).multiplications == 54
    assert lookup_cost(1, 6, 4).bytes_read == 8 + 16
    assert matmul_cost(1, 6, 4).bytes_read == 24 + 96
    assert lookup_cost(1, 1000, 64).parameters == matmul_cost(1, 1000, 64).parameters == 64_000
    assert dense_parameters(1000, 64) == 64_064
    assert dense_parameters(1000, 64, bias=False) == 64_000
