"""Training: a history of the table, and every step of it open to inspection.

The loop keeps all parameters in one flat vector, of which table and head are views, so that an optimizer's step is a
few operations on one array. Nothing is recorded in the loop that `explain` can give back by replaying, and what a step
needs is made before the first one: core/passes.py for the gradient, core/in_place.py for the optimizer.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from math import isfinite, nan, sqrt
from threading import Lock

import numpy as np
from numpy.typing import DTypeLike
from threadpoolctl import ThreadpoolController

from core.examples import Examples
from core.heads import Head, HeadStep, PreparedHead
from core.in_place import steps_of
from core.initializers import given
from core.passes import Pass, PlainPass
from core.records import FloatArray, IntArray, Parameters, Record
from core.tasks import Task
from core.update import Optimizer

LARGEST_RECORDING = 10_000_000  # numbers in a history's snapshots
SCORES_AT_ONCE = 200_000  # more do not stay in the cache
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
        self._size = min(run.batch_size or len(self._examples), len(self._examples))
        self._gradient = Gradient(run.task.head, self._flat, self.parameters, self._size)
        self._steps = steps_of(run.optimizer, self._flat)
        self._next_epoch()
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
        self.parameters = _views(self._flat, start)

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
        with self._lock, np.errstate(over="ignore", invalid="ignore"):
            return History(
                run=self.run,
                losses=np.array(self.losses),
                next_loss=self._gradient.loss(self._start, self._stop),
                recorded=np.array(self._recorded),
                snapshots=self._snapshots[: len(self._recorded)],
                divergence=self.divergence,
            )

    def explain_next(self) -> Explanation:
        """The step that would come next, in the head's readable form; nothing is trained by it."""
        batch = self._epoch.part(self._start, self._stop)
        head_step = self.run.task.head.step(self.parameters, batch)
        flat = np.concatenate([head_step.gradients[name].ravel() for name in self.parameters])
        delta = _views(self.run.optimizer.update(flat, self._steps.state, self._flat)[0], self.parameters)["weight"]
        if self.run.frozen:
            delta = np.zeros_like(delta)
        before = self.parameters["weight"].copy()
        return Explanation(
            step=len(self.losses),
            examples=batch,
            before=before,
            head=head_step,
            delta=delta,
            after=before + delta,
        )

    def _next_epoch(self) -> None:
        """All examples: as they are if a step sees them all, else in a new order, to be cut into mini-batches."""
        epoch, number = self._examples, len(self._examples)
        if self._size < number:
            epoch = epoch.batch(self._rng.permutation(number), self._size)
        self._epoch = epoch.redrawn(self._rng)
        self._gradient.begin(self._epoch)
        self._start, self._stop = 0, self._size

    def _next_batch(self) -> None:
        number = len(self._epoch)
        if self._stop < number:
            self._start, self._stop = self._stop, min(self._stop + self._size, number)
        elif self._size < number or self._epoch.noise is not None:
            self._next_epoch()  # and otherwise all examples come again, as they are

    def _step(self) -> None:
        done, run = len(self.losses), self.run
        measured = done % run.record_every == 0
        loss = self._gradient.write(self._start, self._stop, measured)
        self._next_batch()
        delta = self._steps.step(self._gradient.flat)
        if run.frozen:
            delta[: self.parameters["weight"].size] = 0
        self._flat += delta
        squared = float(np.dot(self._flat, self._flat))
        if measured and not isfinite(loss):
            self.divergence = f"step {done + 1} of {run.steps}: the loss is {loss}"
        elif not squared < LONGEST**2:
            length = f"to a length of {sqrt(squared):.3g}"
            self.divergence = f"step {done + 1} of {run.steps}: the parameters grow without bound, {length}"
        else:
            self.losses.append(loss)
            if (done + 1) % run.record_every == 0 or done + 1 == run.steps:
                self._record(done + 1)

    def _record(self, step: int) -> None:
        self._snapshots[len(self._recorded)] = self.parameters["weight"]
        self._recorded.append(step)


class Gradient:
    """Loss and gradient of examples in a row, as one flat vector. Many come in portions, which stay in the cache."""

    def __init__(self, head: Head, flat: FloatArray, parameters: Parameters, most: int) -> None:
        numbers = max(SCORES_AT_ONCE, 4 * flat.size)  # adding portions up must stay the lesser part
        self._rows = min(most, max(1, numbers // head.num_outputs))
        self.flat = np.zeros_like(flat)
        self._portion = np.zeros_like(flat) if self._rows < most else self.flat
        self._head, self._parameters, self._into = head, parameters, _views(self._portion, parameters)
        self._passes: dict[int, Pass] = {}  # by their number of examples

    def begin(self, examples: Examples) -> None:
        """Read these examples from now on."""
        self._examples = examples
        for one in self._passes.values():
            one.begin(examples)

    def write(self, start: int, stop: int, measured: bool) -> float:
        """Overwrite `flat` with the gradient of examples start .. stop - 1; their loss, or nan if not `measured`."""
        loss = 0.0 if measured else nan
        if self._portion is not self.flat:
            self.flat.fill(0)
        for portion in self._scored(start, stop):
            loss += portion.loss() if measured else 0.0
            portion.backward()
            if self._portion is not self.flat:
                self.flat += self._portion
        return loss

    def loss(self, start: int, stop: int) -> float:
        """Only the loss."""
        return sum(portion.loss() for portion in self._scored(start, stop))

    def _scored(self, start: int, stop: int) -> Iterator[Pass]:
        for first in range(start, stop, self._rows):
            portion = self._pass(min(self._rows, stop - first))
            portion.forward(first)
            yield portion

    def _pass(self, number: int) -> Pass:
        if number not in self._passes:
            self._passes[number] = _pass_of(self._head, self._parameters, self._into, number)
            self._passes[number].begin(self._examples)
        return self._passes[number]


def _pass_of(head: Head, parameters: Parameters, into: Parameters, number: int) -> Pass:
    if isinstance(head, PreparedHead):
        return head.prepare(parameters, into, number)
    return PlainPass(lambda examples: head.gradient(parameters, examples, into), number)


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
