"""What decides a training run, and what it leaves behind."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike

from core.examples import Examples
from core.heads import HeadStep
from core.records import FloatArray, IntArray, Record
from core.tasks import Task
from core.update import Optimizer

LARGEST_RECORDING = 10_000_000  # numbers in a history's snapshots


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """All that decides a training run: the same Run gives the same history, to the bit, on the same machine."""

    task: Task
    num_embeddings: int
    embedding_dim: int
    optimizer: Optimizer
    steps: int
    seed: int = 0
    start_scale: float = 0.1  # standard deviation of the start values, of table and head
    batch_size: int | None = None  # None: every step sees all examples
    record_every: int = 1
    dtype: DTypeLike = np.float32
    table: FloatArray | None = None  # (V, D), start values from elsewhere; None: drawn
    frozen: bool = False  # the table stays as it is, and only the head trains


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class History(Record):
    """What a run left behind. A run that was interrupted or diverged has fewer losses than `run.steps`."""

    run: Run
    losses: FloatArray  # (T,), each before its step's update, of the examples that the step sees. nan: not measured
    next_loss: float  # what one step more would report: the loss of the last table
    recorded: IntArray  # (F,), after how many steps each snapshot was taken; the first is 0
    snapshots: FloatArray  # (F, V, D)
    divergence: str  # at which step training stopped by itself and why; "" if it did not


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Explanation(Record):
    """One step of a run, with everything it computed."""

    step: int
    examples: Examples
    before: FloatArray  # (V, D)
    head: HeadStep
    delta: FloatArray  # (V, D), what the optimizer adds to the table
    after: FloatArray  # (V, D)


def recording_interval(steps: int, num_embeddings: int, embedding_dim: int, limit: int = LARGEST_RECORDING) -> int:
    """The smallest interval between snapshots that keeps a history below `limit` numbers."""
    return max(1, -(-steps * num_embeddings * embedding_dim // limit))
