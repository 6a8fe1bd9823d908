"""A table that is read one row at a time: which row moves at each step of an optimizer, and why."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.losses import sigmoid
from core.records import FloatArray, Record
from core.row_steps import add_rows
from core.sparse import SparseGradient, sparse_gradient
from core.update import Optimizer, State

Stepper: TypeAlias = Callable[[Optimizer, SparseGradient, State, FloatArray], tuple[FloatArray, State]]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Path(Record):
    """A table over T steps of a stream."""

    read: NDArray[np.bool_]  # (T, V), the row that each step read; nothing in a step without an id
    tables: FloatArray  # (T + 1, V, D)

    @property
    def moves(self) -> FloatArray:
        """What each step added to each row: (T, V, D)."""
        return np.diff(self.tables, axis=0)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Causes(Record):
    """Why each row moved at each step, each (T, V); where none is true the row stood still."""

    read: NDArray[np.bool_]  # its id was there, so it had a gradient
    memory: NDArray[np.bool_]  # its gradient was 0, but the optimizer remembers earlier ones
    decay: NDArray[np.bool_]  # weight decay took its share


def densely(
    optimizer: Optimizer, gradient: SparseGradient, state: State, weight: FloatArray
) -> tuple[FloatArray, State]:
    """A step with the gradient of the whole table: 0 for every row that was not read."""
    delta, state = optimizer.update(gradient.dense(), state, weight)
    return weight + delta, state


def sparsely(
    optimizer: Optimizer, gradient: SparseGradient, state: State, weight: FloatArray
) -> tuple[FloatArray, State]:
    """A step with the gradient of the rows that were read, as torch.nn.Embedding(sparse=True) hands it over."""
    return add_rows(optimizer.update_rows(gradient, state, weight), state, weight)


def unless_none(
    optimizer: Optimizer, gradient: SparseGradient, state: State, weight: FloatArray
) -> tuple[FloatArray, State]:
    """As `densely`; a table that was not used has no gradient, None, and is passed by: PyTorch's optimizers."""
    return densely(optimizer, gradient, state, weight) if gradient.indices.size else (weight, state)


def path(
    optimizer: Optimizer,
    weight: FloatArray,
    stream: Iterable[int | None],
    gradient: Sequence[float],
    step: Stepper = densely,
) -> Path:
    """The table (V, D) after each id of the stream, whose row gets `gradient` (D,); None: a step that reads nothing.

    Raises IndexError for an id that has no row.
    """
    state, tables, read = optimizer.init(weight), [weight], []
    for index in stream:
        ids = [] if index is None else [index]
        rows = np.full((len(ids), weight.shape[1]), gradient, weight.dtype)
        change = sparse_gradient(np.array(ids, np.intp), rows, len(weight))
        weight, state = step(optimizer, change, state, weight)
        tables.append(weight)
        read.append(np.isin(np.arange(len(weight)), ids))
    return Path(read=np.array(read), tables=np.array(tables))


def causes(decayed: Path, undecayed: Path) -> Causes:
    """Why the rows of the first path moved; the second is the same stream with weight decay left out."""
    without, moves = undecayed.moves, decayed.moves
    moved = (without != 0).any(axis=2)
    return Causes(read=decayed.read, memory=moved & ~decayed.read, decay=(moves != without).any(axis=2))


def drift(weight: FloatArray, counts: Sequence[int], head: FloatArray, learning_rate: float) -> FloatArray:
    """The table (V, D) after row v was read counts[v] times alone, by plain SGD, in sentences that should score high.

    The loss is log(1 + exp(-row @ head)), the head (D,) is fixed: a row that scores high already has little to learn.
    """
    weight = weight.copy()
    for turn in range(max(counts, default=0)):
        rows = np.flatnonzero(np.array(counts) > turn)
        error = sigmoid(weight[rows] @ head) - 1  # (n,)
        weight[rows] -= learning_rate * error[:, None] * head
    return weight
