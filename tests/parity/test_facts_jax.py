"""What JAX, and Keras on its JAX backend, do with ids that are refused here, noted as seen for the table of facts."""

import os

os.environ["KERAS_BACKEND"] = "jax"
os.environ.setdefault("JAX_PLATFORMS", "cpu")
os.environ["JAX_ENABLE_X64"] = "1"

from functools import partial

import jax
import jax.numpy as jnp
import keras
import pytest

from core.gradient import scatter_add
from tests.parity.facts import BAD_IDS, TABLE, bad_id_fact, outcome
from tests.parity.report import fact

READERS = {
    "jnp.take(W, ids, axis=0)": lambda weight, ids: jnp.take(weight, ids, axis=0),
    "W[ids]": lambda weight, ids: weight[ids],
    'jnp.take(W, ids, axis=0, mode="clip")': lambda weight, ids: jnp.take(weight, ids, axis=0, mode="clip"),
}


def in_jax(reader, indices):
    return reader(jnp.asarray(TABLE), jnp.asarray(indices))


def in_keras(indices):
    layer = keras.layers.Embedding(*TABLE.shape, dtype="float64")
    layer.build((None,))
    layer.set_weights([TABLE])
    return layer(indices)


@pytest.mark.parametrize("situation", BAD_IDS)
def test_bad_ids(situation):
    for layer, reader in READERS.items():
        bad_id_fact(situation, "JAX", layer, partial(in_jax, reader))
    bad_id_fact(situation, "Keras", "Embedding, JAX backend", in_keras)


@pytest.mark.parametrize("layer", list(READERS)[:2])
def test_the_gradient_of_an_id_that_is_too_large(layer):
    here = outcome(lambda: scatter_add([5], TABLE[:1], len(TABLE)))
    assert here == "raises IndexError"
    gradient = jax.grad(lambda weight: READERS[layer](weight, jnp.array([5])).sum())(jnp.asarray(TABLE))
    does = "goes to no row" if not gradient.any() else f"goes to row {int(gradient[:, 0].argmax())}"
    fact("the gradient for id 5 of a table with rows 0 to 4", "JAX", layer, does, here)
