"""JAX: the same look-up and gradient, and what it does with ids that we refuse. Run with KERAS_BACKEND=jax."""

import os

os.environ["KERAS_BACKEND"] = "jax"
os.environ.setdefault("JAX_PLATFORMS", "cpu")
os.environ["JAX_ENABLE_X64"] = "1"

import jax
import jax.numpy as jnp
import keras
import numpy as np
import pytest
from hypothesis import given, settings

from core.gradient import scatter_add
from core.table import lookup, one_hot
from tests.parity.agreement import agrees, random_layers

WEIGHT = jnp.arange(1.0, 11).reshape(5, 2)  # rows start with 1, 3, 5, 7, 9
LAST, FIRST, NAN = [9, 10], [1, 2], [np.nan, np.nan]
NO_ROW = [0, 0, 0, 0, 0]

READ_BY_TAKE = {4: LAST, 5: NAN, 100: NAN, -1: LAST, -5: FIRST, -6: NAN}
READ_BY_INDEXING = {4: LAST, 5: LAST, 100: LAST, -1: LAST, -5: FIRST, -6: FIRST}
READ_BY_CLIP = {4: LAST, 5: LAST, 100: LAST, -1: FIRST, -5: FIRST, -6: FIRST}


def take(weight, index, **mode):
    return jnp.take(weight, jnp.array([index]), axis=0, **mode)


def by_index(weight, index):
    return weight[jnp.array([index])]


def row_gradients(read, index):
    return jax.grad(lambda weight: read(weight, index).sum())(WEIGHT)[:, 0].tolist()


@settings(max_examples=30)  # each new shape is compiled
@given(random_layers(max_dims=1))
def test_lookup_and_scatter_add(layer):
    weight, upstream, ids = layer
    output, back = jax.vjp(lambda table: jnp.take(table, ids, axis=0), jnp.asarray(weight))
    agrees("look-up", "JAX", lookup(weight, ids), output)
    agrees("gradient: scatter-add", "JAX", scatter_add(ids, upstream, len(weight)), back(jnp.asarray(upstream))[0])
    rows = jax.nn.one_hot(ids, len(weight), dtype=weight.dtype)
    agrees("one-hot rows", "JAX", one_hot(ids, len(weight), weight.dtype), rows)


@pytest.mark.parametrize(("index", "row"), READ_BY_TAKE.items())
def test_take_reads_nan_beyond_the_table_and_counts_from_the_end_below_zero(index, row):
    np.testing.assert_array_equal(take(WEIGHT, index)[0], row)


@pytest.mark.parametrize(("index", "row"), READ_BY_INDEXING.items())
def test_indexing_reads_the_nearest_row(index, row):
    np.testing.assert_array_equal(by_index(WEIGHT, index)[0], row)


@pytest.mark.parametrize(("index", "row"), READ_BY_CLIP.items())
def test_take_with_clip_reads_the_nearest_row_and_knows_no_counting_from_the_end(index, row):
    np.testing.assert_array_equal(take(WEIGHT, index, mode="clip")[0], row)


@pytest.mark.parametrize("read", [take, by_index])
@pytest.mark.parametrize("index", [5, 100, -6])
def test_no_gradient_goes_to_any_row_for_an_id_beyond_the_table(read, index):
    assert row_gradients(read, index) == NO_ROW


@pytest.mark.parametrize("read", [take, by_index])
def test_the_gradient_of_id_minus_one_goes_to_the_last_row(read):
    assert row_gradients(read, -1) == [0, 0, 0, 0, 1]


@pytest.mark.parametrize("index", [5, -1])
def test_the_one_hot_row_of_an_id_that_the_table_does_not_own_is_zero(index):
    assert jax.nn.one_hot(jnp.array([index]), 5).tolist() == [NO_ROW]


def test_ids_that_are_no_integers_are_refused():
    with pytest.raises(ValueError, match="indices must have an integer type"):
        take(WEIGHT, 1.9)
    with pytest.raises(TypeError, match="integer or boolean type"):
        by_index(WEIGHT, 1.9)


def test_the_keras_embedding_on_jax_reads_nan_and_the_last_row():
    assert keras.backend.backend() == "jax"
    layer = keras.layers.Embedding(5, 2, dtype="float64")
    layer.build((None,))
    layer.set_weights([np.asarray(WEIGHT)])
    np.testing.assert_array_equal(layer(np.array([5, -1, 1])), [NAN, LAST, [3, 4]])


@pytest.mark.parametrize("index", [5, 100, -1, -6])
def test_all_of_these_are_refused_here(index):
    with pytest.raises(IndexError, match=rf"indices must lie in \[0, 5\), got {index}"):
        lookup(np.asarray(WEIGHT), [index])
