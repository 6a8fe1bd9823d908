"""A step on the rows that were read: what an optimizer makes of a sparse gradient of a table (V, D).

The rule is short: coalesce, then the dense update, on those rows of the table and of the optimizer's memory.
"""

from typing import NoReturn

import numpy as np

from core.records import FloatArray, IntArray
from core.sparse import SparseGradient
from core.update import RowStep, State, Update, UpdateRows


def on_rows(update: Update) -> UpdateRows:
    """The update, seeing only the rows that were read: costs n D whatever V is."""

    def update_rows(gradient: SparseGradient, state: State, parameters: FloatArray) -> RowStep:
        rows, values = summed(gradient, len(parameters))
        memory = tuple(array.take(rows, 0) for array in state.memory)
        return RowStep(rows, *update(values, State(state.steps, memory), parameters.take(rows, 0)))

    return update_rows


def everywhere(update: Update) -> UpdateRows:
    """The update of an optimizer that moves rows which were not read too: they have the gradient 0."""

    def update_rows(gradient: SparseGradient, state: State, parameters: FloatArray) -> RowStep:
        rows, values = summed(gradient, len(parameters))
        full = np.zeros_like(parameters)
        full[rows] = values
        return RowStep(np.arange(len(parameters)), *update(full, state, parameters))

    return update_rows


def no_sparse(name: str) -> UpdateRows:
    """RuntimeError for what takes no sparse gradient, as in PyTorch 2.13.0: Adam, AdamW, RMSprop, any weight decay."""

    def update_rows(gradient: SparseGradient, state: State, parameters: FloatArray) -> NoReturn:
        raise RuntimeError(f"{name} takes no sparse gradient: make it dense, or use sparse_adam, adagrad or sgd")

    return update_rows


def add_rows(step: RowStep, state: State, parameters: FloatArray) -> tuple[FloatArray, State]:
    """Parameters and state after the step, as new arrays."""
    parameters, memory = parameters.copy(), tuple(array.copy() for array in state.memory)
    return parameters, write_rows(step, State(state.steps, memory), parameters)


def write_rows(step: RowStep, state: State, parameters: FloatArray) -> State:
    """The same in place, for a trainer: overwrites these rows of parameters and memory, so that V does not matter."""
    parameters[step.rows] += step.delta  # each row comes once, so no addition is lost
    for array, changed in zip(state.memory, step.state.memory, strict=True):
        array[step.rows] = changed
    return State(step.state.steps, state.memory)


def summed(gradient: SparseGradient, num_embeddings: int) -> tuple[IntArray, FloatArray]:
    """Rows (n,), each once, and their values (n, D). Raises ValueError for the gradient of another table."""
    if gradient.num_embeddings != num_embeddings:
        raise ValueError(f"the gradient must have the table's {num_embeddings} rows, got {gradient.num_embeddings}")
    if not np.all(gradient.indices[1:] > gradient.indices[:-1]):
        gradient = gradient.coalesced()
    return gradient.indices, gradient.values
