"""Start values of a table and of a Dense layer, as the frameworks draw them (seen in PyTorch 2.13 and Keras 3.15)."""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import numpy as np

from core.records import FloatArray

TableStart: TypeAlias = Callable[[np.random.Generator, int, int], FloatArray]  # rng, V, D -> (V, D), row after row


class Start(NamedTuple):
    """How one framework draws an embedding table, and the kernel (V, D) and bias (D,) of a Dense layer."""

    table: TableStart
    kernel: TableStart
    bias: TableStart


def standard_normal(rng: np.random.Generator, num_embeddings: int, embedding_dim: int) -> FloatArray:
    """Normal with mean 0 and standard deviation 1: torch.nn.Embedding."""
    return rng.normal(0, 1, (num_embeddings, embedding_dim))


def narrow_uniform(rng: np.random.Generator, num_embeddings: int, embedding_dim: int) -> FloatArray:
    """Uniform between -0.05 and 0.05, standard deviation 0.0289: keras.layers.Embedding."""
    return rng.uniform(-0.05, 0.05, (num_embeddings, embedding_dim))


def zeros(rng: np.random.Generator, num_embeddings: int, embedding_dim: int) -> FloatArray:
    """All rows 0. Alone it trains, but in a product with another table of zeros every gradient is 0, for ever."""
    return np.zeros((num_embeddings, embedding_dim))


def given(rows: FloatArray) -> TableStart:
    """Start from rows (V, D) trained elsewhere: PyTorch's `Embedding.from_pretrained`, which also freezes them.

    What it gives raises ValueError for a table of another shape.
    """

    def start(rng: np.random.Generator, num_embeddings: int, embedding_dim: int) -> FloatArray:
        if rows.shape != (num_embeddings, embedding_dim):
            raise ValueError(f"given rows must have shape {(num_embeddings, embedding_dim)}, got {rows.shape}")
        return rows.copy()

    return start


def glorot_uniform(rng: np.random.Generator, num_inputs: int, units: int) -> FloatArray:
    """Uniform within sqrt(6 / (inputs + units)) of 0 (Glorot and Bengio 2010): the kernel of keras.layers.Dense."""
    limit = np.sqrt(6 / (num_inputs + units))
    return rng.uniform(-limit, limit, (num_inputs, units))


def inverse_root_uniform(rng: np.random.Generator, num_inputs: int, units: int) -> FloatArray:
    """Uniform within 1 / sqrt(inputs) of 0: torch.nn.Linear, whose weight is this kernel's transpose."""
    limit = 1 / np.sqrt(num_inputs)
    return rng.uniform(-limit, limit, (num_inputs, units))


STARTS = {
    "PyTorch": Start(
        standard_normal, inverse_root_uniform, lambda rng, inputs, units: inverse_root_uniform(rng, inputs, units)[0]
    ),
    "Keras": Start(narrow_uniform, glorot_uniform, lambda rng, inputs, units: np.zeros(units)),
}
