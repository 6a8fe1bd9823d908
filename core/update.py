"""What an optimizer is: pure functions over explicit state."""

from collections.abc import Callable
from typing import NamedTuple, Protocol

import numpy as np

from core.records import FloatArray, IntArray
from core.sparse import SparseGradient


class State(NamedTuple):
    """What an optimizer remembers: arrays of the parameters' shape, and the steps so far (plain SGD counts none)."""

    steps: int
    memory: tuple[FloatArray, ...]


class RowStep(NamedTuple):
    """What a sparse gradient does to a table (V, D). All other rows, and the memory of them, stay as they are."""

    rows: IntArray  # (n,), ascending
    delta: FloatArray  # (n, D), what to add to these rows
    state: State  # the next one, its memory that of these rows: (n, D)


Update = Callable[[FloatArray, State, FloatArray], tuple[FloatArray, State]]
UpdateRows = Callable[[SparseGradient, State, FloatArray], RowStep]


class Steps(Protocol):
    """The steps of one training run, in place: core/in_place.py has some."""

    @property
    def state(self) -> State:
        """What the pure form would remember."""
        ...

    def step(self, gradient: FloatArray) -> FloatArray:
        """What to add to the parameters. It may be written over the gradient."""
        ...


class Optimizer(NamedTuple):
    """`init(parameters)` is the state before the first step.

    `update(gradient, state, parameters)` gives what to add to the parameters, and the next state; all shapes are alike.
    `update_rows` does so for a sparse gradient of a table, as a RowStep of the rows that move: see core/row_steps.py.
    Each raises RuntimeError for the kind of gradient that the framework's optimizer refuses.
    `in_place(parameters)`, if there is one, makes the same steps for a trainer: see core/in_place.py.
    """

    init: Callable[[FloatArray], State]
    update: Update
    update_rows: UpdateRows
    in_place: Callable[[FloatArray], Steps] | None = None


def remembering(arrays: int, start: float = 0.0) -> Callable[[FloatArray], State]:
    """The `init` of an optimizer whose memory is so many arrays, like the parameters and filled with `start`."""
    return lambda parameters: State(0, tuple(np.full_like(parameters, start) for _ in range(arrays)))
