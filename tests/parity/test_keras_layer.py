"""Keras's Embedding, mask, pooling and Dense, on its torch backend."""

import os

os.environ.setdefault("KERAS_BACKEND", "torch")

import keras
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from core.gradient import dense_gradients, scatter_add
from core.masks import masked_mean, masked_mean_gradient, zero_mask
from core.table import dense, lookup, matmul_lookup
from tests.parity.agreement import agrees, random_layers

pytestmark = pytest.mark.skipif(keras.backend.backend() != "torch", reason="the gradients are read from torch tensors")


def same(option, ours, theirs):
    agrees(option, "Keras", ours, theirs.detach().numpy())


def embedding(weight, mask_zero=False):
    layer = keras.layers.Embedding(*weight.shape, mask_zero=mask_zero, dtype=str(weight.dtype))
    layer.build((None,))
    layer.set_weights([weight])
    return layer


def their_dense(kernel, bias=None):
    layer = keras.layers.Dense(kernel.shape[1], use_bias=bias is not None, dtype=str(kernel.dtype))
    layer.build((None, len(kernel)))
    layer.set_weights([kernel] if bias is None else [kernel, bias])
    return layer


@given(random_layers())
def test_lookup_and_scatter_add(layer):
    weight, upstream, ids = layer
    keras_layer = embedding(weight)
    output = keras_layer(ids)
    output.backward(torch.tensor(upstream))
    same("look-up", lookup(weight, ids), output)
    same("gradient: scatter-add", scatter_add(ids, upstream, len(weight)), keras_layer.embeddings.value.grad)


@given(random_layers())
def test_mask_zero_marks_the_words_and_changes_no_number(layer):
    weight, _, ids = layer
    keras_layer = embedding(weight, mask_zero=True)
    np.testing.assert_array_equal(zero_mask(ids), keras_layer.compute_mask(ids))
    same("mask_zero: look-up", lookup(weight, ids), keras_layer(ids))


@given(random_layers().filter(lambda layer: layer[2].ndim == 2), st.integers(0, 1000))
def test_the_mean_over_the_words_of_a_text(layer, seed):
    weight, _, ids = layer
    upstream = np.random.default_rng(seed).normal(size=(len(ids), weight.shape[1])).astype(weight.dtype)
    keras_layer = embedding(weight, mask_zero=True)
    pool = keras.layers.GlobalAveragePooling1D(dtype=str(weight.dtype))
    output = pool(keras_layer(ids), mask=keras_layer.compute_mask(ids))
    output.backward(torch.tensor(upstream))
    mask = zero_mask(ids)
    same("masked mean, nan where all is padding", masked_mean(lookup(weight, ids), mask), output)
    gradient = scatter_add(ids, masked_mean_gradient(mask, upstream), len(weight))
    same("masked mean: gradient of the table", gradient, keras_layer.embeddings.value.grad)


@given(random_layers(), st.integers(0, 1000))
def test_dense_with_bias_in_float32_whatever_the_policy(layer, seed):
    kernel, upstream, ids = (part.astype(np.float32) if part.dtype == np.float64 else part for part in layer)
    rng = np.random.default_rng(seed)
    inputs = rng.normal(size=(*ids.shape, len(kernel))).astype(np.float32)
    bias = rng.normal(size=kernel.shape[1]).astype(np.float32)
    keras_layer, given_inputs = their_dense(kernel, bias), torch.tensor(inputs, requires_grad=True)
    output = keras_layer(given_inputs)
    output.backward(torch.tensor(upstream))
    gradients = dense_gradients(inputs, kernel, upstream)
    same("Dense with bias: output", dense(inputs, kernel, bias), output)
    same("Dense with bias: gradient of inputs", gradients.inputs, given_inputs.grad)
    same("Dense with bias: gradient of kernel", gradients.kernel, keras_layer.kernel.value.grad)
    same("Dense with bias: gradient of bias", gradients.bias, keras_layer.bias.value.grad)


@given(random_layers())
def test_an_embedding_table_fits_into_a_dense_kernel_as_it_is(layer):
    weight, _, ids = layer
    one_hot = keras.ops.one_hot(ids, len(weight), dtype=str(weight.dtype))
    same("one-hot product as Dense", matmul_lookup(weight, ids).astype(np.float32), their_dense(weight)(one_hot))


def test_this_keras_multiplies_a_dense_layer_in_float32_under_a_float64_policy():
    kernel, inputs = np.random.default_rng(0).normal(size=(50, 8)), np.random.default_rng(1).normal(size=(4, 50))
    output = their_dense(kernel, bias=np.zeros(8))(inputs).detach().numpy()
    assert output.dtype == np.float64  # from adding the bias; the digits are gone by then
    assert 1e-12 < np.abs(output - dense(inputs, kernel)).max() < 1e-5  # if this fails, it was mended: compare float64
    assert their_dense(kernel)(inputs).dtype == torch.float32


def test_without_the_mask_row_0_trains_like_any_other():
    layer = embedding(np.ones((3, 2)), mask_zero=True)
    layer(np.array([[0, 0, 2]])).sum().backward()
    assert layer.embeddings.value.grad.tolist() == [[2, 2], [0, 0], [1, 1]]


@pytest.mark.parametrize("layer", [keras.layers.Flatten, keras.layers.GlobalMaxPooling1D])
def test_layers_that_drop_the_mask(layer):
    assert not layer().supports_masking


def test_what_keras_reads_for_ids_that_we_refuse():
    layer = embedding(np.arange(6.0).reshape(3, 2))
    assert layer(np.array([-1])).tolist() == [[4, 5]]  # the last row
    assert layer(np.array([-3])).tolist() == [[0, 1]]
    assert layer(np.array([1.9])).tolist() == [[2, 3]]  # row 1, silently
    for bad in (3, -4):
        with pytest.raises(IndexError, match="index out of range"):
            layer(np.array([bad]))
    for bad in (-1, 3):
        with pytest.raises(IndexError, match=rf"indices must lie in \[0, 3\), got {bad}"):
            lookup(np.ones((3, 2)), [bad])
    with pytest.raises(TypeError, match="indices must be integers, got float64"):
        lookup(np.ones((3, 2)), [1.9])


def test_a_new_table_is_uniform_and_narrow_and_a_new_kernel_glorots():
    keras.utils.set_random_seed(0)
    table, kernel = keras.layers.Embedding(400, 100), keras.layers.Dense(100)
    table.build((None,))
    kernel.build((None, 400))
    rows = table.embeddings.value.detach()
    assert float(rows.abs().max()) == pytest.approx(0.05, rel=1e-3)
    assert float(rows.std()) == pytest.approx(0.0289, rel=1e-2)
    assert float(kernel.kernel.value.detach().abs().max()) == pytest.approx(np.sqrt(6 / 500), rel=1e-3)
    assert not kernel.bias.value.any()
