"""Training: a history of the table, and every step of it open to inspection.

The loop keeps all parameters in one flat vector, of which table and head are views, so that an optimizer's step is a
few operations on one array. Nothing is recorded in the loop that `explain` can give back by replaying, and what a step
needs is made before the first one: core/batch_gradient.py for the gradient, core/in_place.py for the optimizer.
"""

from functools import cache
from math import isfinite, sqrt
from threading import Lock

import numpy as np
from threadpoolctl import ThreadpoolController

from core.batch_gradient import BatchGradient
from core.batches import Batches
from core.in_place import steps_of
from core.initializers import given
from core.records import views
from core.runs import Explanation, History, Run

LONGEST = 1e8  # of all parameters as one vector; beyond it a run has diverged


class Training:
    """A run in progress. `advance` it in portions to show progress or to stop early; `history` is there at any time.

    Both wait for each other: a web page that is stopped may still be training in one thread when another reads it.
    """

    def __init__(self, run: Run) -> None:
        self.run = run
        self._lock = Lock()
        self.losses: list[float] = []
        self.divergence = ""
        rng = np.random.default_rng(run.seed)
        self._start_parameters(rng)
        self._batches = Batches(run.task.examples.astype(run.dtype), run.batch_size, rng)
        self._gradient = BatchGradient(run.task.head, self._flat, self.parameters, self._batches.size)
        self._gradient.begin(self._batches.epoch)
        self._steps = steps_of(run.optimizer, self._flat)
        self._recorded = [0]
        recordings = run.steps // run.record_every + 2
        self._snapshots = np.empty((recordings, run.num_embeddings, run.embedding_dim), run.dtype)
        self._snapshots[0] = self.parameters["weight"]

    def _start_parameters(self, rng: np.random.Generator) -> None:
        run = self.run
        drawn = rng.normal(0, run.start_scale, (run.num_embeddings, run.embedding_dim))
        table = drawn if run.table is None else given(run.table)(rng, *drawn.shape)
        start = {"weight": table, **run.task.head.start(rng, run.embedding_dim, run.start_scale)}
        self._flat = np.concatenate([array.ravel() for array in start.values()]).astype(run.dtype)
        self.parameters = views(self._flat, start)

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
                next_loss=self._gradient.loss(self._batches.start, self._batches.stop),
                recorded=np.array(self._recorded),
                snapshots=self._snapshots[: len(self._recorded)],
                divergence=self.divergence,
            )

    def explain_next(self) -> Explanation:
        """The step that would come next, in the head's readable form; nothing is trained by it."""
        batch = self._batches.epoch.part(self._batches.start, self._batches.stop)
        head_step = self.run.task.head.step(self.parameters, batch)
        flat = np.concatenate([head_step.gradients[name].ravel() for name in self.parameters])
        delta = views(self.run.optimizer.update(flat, self._steps.state, self._flat)[0], self.parameters)["weight"]
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

    def _step(self) -> None:
        done, run = len(self.losses), self.run
        measured = done % run.record_every == 0
        loss = self._gradient.write(self._batches.start, self._batches.stop, measured)
        if self._batches.advance():
            self._gradient.begin(self._batches.epoch)
        delta = self._steps.step(self._gradient.flat)
        if run.frozen:
            delta[: self.parameters["weight"].size] = 0
        self._flat += delta
        if trouble := self._trouble(loss if measured else 0.0):
            self.divergence = f"step {done + 1} of {run.steps}: {trouble}"
            return
        self.losses.append(loss)
        if (done + 1) % run.record_every == 0 or done + 1 == run.steps:
            self._record(done + 1)

    def _trouble(self, loss: float) -> str:
        """Why a run cannot go on; "" if it can."""
        squared = float(np.dot(self._flat, self._flat))
        if not isfinite(loss):
            return f"the loss is {loss}"
        if not squared < LONGEST**2:
            return f"the parameters grow without bound, to a length of {sqrt(squared):.3g}"
        return ""

    def _record(self, step: int) -> None:
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


@cache
def _threads() -> ThreadpoolController:
    return ThreadpoolController()  # at this size a second BLAS thread only ever waits
