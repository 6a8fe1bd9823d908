"""The runs of lesson 5: three rows, a stream of ids, and every optimizer on it."""

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from core import keras_optimizers as keras
from core import optimizers as torch
from core.records import FloatArray
from core.streams import Causes, Path, Stepper, causes, densely, drift, path, sparsely, unless_none
from core.update import Optimizer

TABLE = np.array([[0.66, -0.3], [0.2, 0.1], [-0.5, 0.4]])
GRADIENT = (1.0, -0.5)  # of the row that is read, the same at every step
VERSIONS = {"PyTorch": "PyTorch 2.13.0", "Keras": "Keras 3.15.1"}

WORDS = ("tasty", "fresh", "crispy", "juicy", "zesty")
COUNTS = (200, 50, 10, 2, 0)
STARTS = np.random.default_rng(1).normal(0, 0.05, (len(WORDS), 2))
HEAD = np.array([2.0, 1.0])


class Settings(NamedTuple):
    """What the learner has set."""

    stream: tuple[int, ...] = (0, 1, 1, 1, 1)
    framework: str = "PyTorch"
    rate: float = 0.1
    decay: float = 0.1
    row: int = 0
    view: str = ""
    optimizer: str = "Adam"
    counts: tuple[int, ...] = COUNTS


class Mover(NamedTuple):
    """One optimizer: its name, how it is made from learning rate and weight decay, the kind of its steps, a remark."""

    name: str
    make: Callable[[float, float], Optimizer]
    step: Stepper = densely
    remark: str = ""


APART = "decay apart"
MOVERS = {
    "PyTorch": (
        Mover("SGD", lambda rate, decay: torch.sgd(rate)),
        Mover("SGD, momentum 0.9", lambda rate, decay: torch.momentum(rate)),
        Mover("Adagrad", lambda rate, decay: torch.adagrad(rate)),
        Mover("RMSprop", lambda rate, decay: torch.rmsprop(rate)),
        Mover("Adam", lambda rate, decay: torch.adam(rate)),
        Mover("Adam with L2", lambda rate, decay: torch.adam(rate, weight_decay=decay), remark="Adam, weight_decay="),
        Mover("AdamW", lambda rate, decay: torch.adamw(rate, weight_decay=decay), remark=APART),
        Mover("SparseAdam", lambda rate, decay: torch.sparse_adam(rate), sparsely, "only rows that were read"),
    ),
    "Keras": (
        Mover("SGD", lambda rate, decay: keras.sgd(rate)),
        Mover("SGD, momentum 0.9", lambda rate, decay: keras.momentum(rate)),
        Mover("Adagrad", lambda rate, decay: keras.adagrad(rate)),
        Mover("RMSprop", lambda rate, decay: keras.rmsprop(rate)),
        Mover("Adam", lambda rate, decay: keras.adam(rate)),
        Mover("AdamW", lambda rate, decay: keras.adamw(rate, weight_decay=decay), remark=APART),
    ),
}
UNUSED = (0, None, None, None, None)  # a stream whose later steps do not use the table at all
WITHOUT_GRADIENT = (
    Mover("SGD, momentum 0.9", lambda rate, decay: torch.momentum(rate), unless_none, "gradient None"),
    Mover("SGD, momentum 0.9", lambda rate, decay: torch.momentum(rate), densely, "gradient zeros"),
    Mover("Adam", lambda rate, decay: torch.adam(rate), unless_none, "gradient None"),
    Mover("Adam", lambda rate, decay: torch.adam(rate), densely, "gradient zeros"),
    Mover("AdamW", lambda rate, decay: torch.adamw(rate, weight_decay=decay), unless_none, "gradient None"),
    Mover("AdamW", lambda rate, decay: torch.adamw(rate, weight_decay=decay), densely, "gradient zeros"),
    Mover("SparseAdam", lambda rate, decay: torch.sparse_adam(rate), sparsely, "gradient of no row"),
)


class Run(NamedTuple):
    """One optimizer on the stream: where the rows went, and why."""

    name: str
    remark: str
    path: Path
    causes: Causes


def run(mover: Mover, stream: tuple[int | None, ...], rate: float, decay: float, table: FloatArray = TABLE) -> Run:
    """The path of the table under one optimizer, and the causes of its moves."""
    decayed, undecayed = (
        path(mover.make(rate, share), table, stream, GRADIENT[: table.shape[1]], mover.step) for share in (decay, 0.0)
    )
    return Run(mover.name, mover.remark, decayed, causes(decayed, undecayed))


@lru_cache(maxsize=256)
def runs(stream: tuple[int, ...], framework: str, rate: float, decay: float) -> tuple[Run, ...]:
    """Every optimizer of a framework on the same stream."""
    return tuple(run(mover, stream, rate, decay) for mover in MOVERS[framework])


def runs_of(settings: Settings) -> tuple[Run, ...]:
    """The runs of these settings."""
    return runs(*settings[:4])


def sgd_and_adam(settings: Settings) -> tuple[Run, ...]:
    """The two of which the prediction speaks."""
    return tuple(run for run in runs_of(settings) if run.name in {"SGD", "Adam"})


def chosen(settings: Settings) -> Run:
    """The run of the chosen optimizer, or of the first if this framework has no such one."""
    found = runs_of(settings)
    return next((run for run in found if run.name == settings.optimizer), found[0])


@lru_cache(maxsize=64)
def unused(rate: float, decay: float) -> tuple[Run, ...]:
    """The table read in step 1 and not used afterwards: its gradient None, or zeros."""
    return tuple(run(mover, UNUSED, rate, decay) for mover in WITHOUT_GRADIENT)


@lru_cache(maxsize=256)
def drifted(counts: tuple[int, ...], rate: float) -> FloatArray:
    """Where the five words end, each read so many times: (5, 2)."""
    return drift(STARTS, counts, HEAD, rate)


def distances(counts: tuple[int, ...], rate: float) -> FloatArray:
    """How far each of the five words has moved: (5,)."""
    moved: FloatArray = np.linalg.norm(drifted(counts, rate) - STARTS, axis=1)
    return moved
