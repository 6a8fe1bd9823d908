"""Training: a history of the table, and every step of it open to inspection.

The loop keeps all parameters in one flat vector, of which table and head are views, so that an optimizer's step is a
few operations on one array. Nothing is recorded in the loop that `explain` can give back by replaying.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import isfinite, sqrt
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import DTypeLike
from threadpoolctl import ThreadpoolController

from core.examples import Examples
from core.heads import HeadStep, Parameters, Task, portioned_gradient
from core.initializers import given
from core.records import FloatArray, IntArray, Record
from core.update import Optimizer

LARGEST_RECORDING = 10_000_000  # numbers in a history's snapshots
LONGEST = 1e8  # of all parameters as one vector; beyond it a run has diverged


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
    losses: FloatArray  # (T,), each before its step's update, of the examples that the step sees
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


class Training:
    """A run in progress. `advance` it in portions to show progress or to stop early; `history` is there at any time.

    Both wait for each other: a web page that is stopped may still be training in one thread when another reads it.
    """

    def __init__(self, run: Run) -> None:
        self.run = run
        self._lock = Lock()
        self.losses: list[float] = []
        self.divergence = ""
        self._examples = run.task.examples.astype(run.dtype)
        self._rng = np.random.default_rng(run.seed)
        self._start_parameters()
        self._epoch, self._seen = self._examples, len(self._examples)  # an epoch's order, and how far it has come
        self._batch = self._draw_batch()
        self._recorded = [0]
        recordings = run.steps // run.record_every + 2
        self._snapshots = np.empty((recordings, run.num_embeddings, run.embedding_dim), run.dtype)
        self._snapshots[0] = self.parameters["weight"]

    def _start_parameters(self) -> None:
        run = self.run
        drawn = self._rng.normal(0, run.start_scale, (run.num_embeddings, run.embedding_dim))
        table = drawn if run.table is None else given(run.table)(self._rng, *drawn.shape)
        start = {"weight": table, **run.task.head.start(self._rng, run.embedding_dim, run.start_scale)}
        self._flat = np.concatenate([array.ravel() for array in start.values()]).astype(run.dtype)
        self._flat_gradient = np.zeros_like(self._flat)
        self.parameters = _views(self._flat, start)
        self._gradients = _views(self._flat_gradient, start)
        self._state: Any = run.optimizer.init(self._flat)

    @property
    def done(self) -> bool:
        return bool(self.divergence) or len(self.losses) >= self.run.steps

    def advance(self, steps: int) -> None:
        """Train up to `steps` more steps; ends earlier when the run is done or diverges."""
        with self._lock, _threads().limit(limits=1), np.errstate(over="ignore", invalid="ignore"):
            for _ in range(min(steps, self.run.steps - len(self.losses))):
                if self.divergence:
                    return
                self._step()

    @property
    def history(self) -> History:
        with self._lock:
            return History(
                run=self.run,
                losses=np.array(self.losses),
                next_loss=self._next_loss(),
                recorded=np.array(self._recorded),
                snapshots=self._snapshots[: len(self._recorded)],
                divergence=self.divergence,
            )

    def explain_next(self) -> Explanation:
        """The step that would come next, in the head's readable form; nothing is trained by it."""
        head_step = self.run.task.head.step(self.parameters, self._batch)
        flat = np.concatenate([head_step.gradients[name].ravel() for name in self.parameters])
        delta = _views(self.run.optimizer.update(flat, self._state, self._flat)[0], self.parameters)["weight"]
        if self.run.frozen:
            delta = np.zeros_like(delta)
        before = self.parameters["weight"].copy()
        return Explanation(
            step=len(self.losses),
            examples=self._batch,
            before=before,
            head=head_step,
            delta=delta,
            after=before + delta,
        )

    def _next_loss(self) -> float:
        unused = _views(np.empty_like(self._flat), self.parameters)
        with np.errstate(over="ignore", invalid="ignore"):
            return portioned_gradient(self.run.task.head, self.parameters, self._batch, unused)

    def _draw_batch(self) -> Examples:
        number, size = len(self._examples), self.run.batch_size
        if size is None or size >= number:
            return self._examples.redrawn(self._rng)
        if self._seen >= number:
            self._epoch = self._examples.batch(self._rng.permutation(number)).redrawn(self._rng)
            self._seen = 0
        self._seen += size
        return self._epoch.part(self._seen - size, self._seen)

    def _step(self) -> None:
        loss = portioned_gradient(self.run.task.head, self.parameters, self._batch, self._gradients)
        self._batch = self._draw_batch()
        delta, self._state = self.run.optimizer.update(self._flat_gradient, self._state, self._flat)
        if self.run.frozen:
            delta[: self.parameters["weight"].size] = 0
        self._flat += delta
        self.losses.append(loss)
        step = len(self.losses)
        length = sqrt(self._flat @ self._flat)
        if not (isfinite(loss) and length < LONGEST):
            self.losses.pop()
            why = (
                f"the parameters grow without bound, to a length of {length:.3g}"
                if isfinite(loss)
                else f"the loss is {loss}"
            )
            self.divergence = f"step {step} of {self.run.steps}: {why}"
        elif step % self.run.record_every == 0 or step == self.run.steps:
            self._snapshots[len(self._recorded)] = self.parameters["weight"]
            self._recorded.append(step)


def train(run: Run) -> History:
    """The whole run at once."""
    training = Training(run)
    training.advance(run.steps)
    return training.history


def explain(history: History, step: int) -> Explanation:
    """The step that leads from `step` updates to step + 1, replayed from the start of the run in its readable form.

    `before` is the table after `step` updates, `after` the one that follows, as in the history where it recorded them.
    """
    if not 0 <= step < len(history.losses):
        raise ValueError(f"step must lie in [0, {len(history.losses)}), got {step}")
    training = Training(history.run)
    training.advance(step)
    return training.explain_next()


def recording_interval(steps: int, num_embeddings: int, embedding_dim: int, limit: int = LARGEST_RECORDING) -> int:
    """The smallest interval between snapshots that keeps a history below `limit` numbers."""
    return max(1, -(-steps * num_embeddings * embedding_dim // limit))


def _views(flat: FloatArray, like: Mapping[str, FloatArray]) -> Parameters:
    ends = np.cumsum([array.size for array in like.values()])
    parts = np.split(flat, ends[:-1])
    return {name: part.reshape(array.shape) for part, (name, array) in zip(parts, like.items(), strict=True)}


@cache
def _threads() -> ThreadpoolController:
    return ThreadpoolController()  # at this size a second BLAS thread only ever waits
