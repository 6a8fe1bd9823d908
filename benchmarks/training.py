"""Training at the size of a lesson: steps per second, what recording costs, and a whole answer with its picture."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from timeit import Timer, timeit

import numpy as np

from benchmarks.clock import seconds
from benchmarks.tables import Bar, Row, Table, milliseconds, ratio, short
from benchmarks.text import BY_PAIRS, COUNTED, HEADS, text_of
from core.optimizers import OPTIMIZERS
from core.projection import project
from core.records import FloatArray
from core.runs import Run
from core.tasks import Task
from core.training import Training, train

SIZES = ((20, 2), (200, 16))
RATES = {"SGD": 0.5, "Adam": 0.05}
SPEED_STEPS, LONG = 200, 2000
SMALL, BATCH = 8, 64
ROUNDS, PORTION = 9, 50


def long_run(head: str, batch_size: int | None = None, rate: float = RATES["Adam"]) -> Run:
    """2000 steps at V 200, D 16 with Adam, every one recorded."""
    rows, columns = SIZES[-1]
    return Run(
        task=HEADS[head](text_of(rows)), num_embeddings=rows, embedding_dim=columns,
        optimizer=OPTIMIZERS["Adam"](rate), steps=LONG, batch_size=batch_size,
    )  # fmt: skip


def tables() -> Iterator[Table]:
    cases = [
        (head, rows, columns, batch) for head in HEADS for rows, columns in SIZES for batch in _batches(head, rows)
    ]
    yield Table(
        "Steps of training per second",
        ("head", "V, D", "examples a step", "SGD, steps/s", "Adam, steps/s", "time of Adam / SGD"),
        [_speed(*case) for case in cases],
        "The counted skip-gram's full batch has one example per word; the others' is cut to 8 examples.",
    )
    counted, by_pairs = _long(long_run(COUNTED)), _long(long_run(BY_PAIRS, BATCH))
    yield Table(
        "Recording every step against only the ends, 2000 steps of Adam, V 200, D 16",
        ("", "ends only, ms", "every step, ms", "every step / ends only"),
        [_recording(COUNTED, counted, Bar(1.10)), _recording("skip-gram by 64 pairs", by_pairs, None)],
    )
    yield Table(
        "End to end: 2000 recorded steps and their joint projection on 2 axes, V 200, D 16",
        ("", "all, ms", "all / training alone"),
        [_end_to_end(COUNTED, counted), _end_to_end("skip-gram by 64 pairs", by_pairs)],
        "Training alone records only its ends. Against PyTorch's: benchmarks/frameworks.py.",
    )


def _batches(head: str, rows: int) -> tuple[int, ...]:
    """Examples a step: a small full batch, then a part of many. 20 words give the counts no more than 20."""
    if head != COUNTED:
        return SMALL, BATCH
    return (rows, BATCH) if rows > BATCH else (rows,)


def _speed(head: str, rows: int, columns: int, batch: int) -> Row:
    task = HEADS[head](text_of(rows))
    if batch == SMALL:
        task = Task(task.head, task.examples.batch(np.arange(SMALL)))
    run = Run(
        task=task, num_embeddings=rows, embedding_dim=columns, optimizer=OPTIMIZERS["SGD"](RATES["SGD"]),
        steps=SPEED_STEPS, batch_size=batch, record_every=SPEED_STEPS,
    )  # fmt: skip
    runs = {name: replace(run, optimizer=OPTIMIZERS[name](rate)) for name, rate in RATES.items()}
    taken = seconds({name: Timer(partial(train, run)) for name, run in runs.items()}, rounds=5)
    speeds = [short(SPEED_STEPS / float(np.median(taken[name]))) for name in RATES]
    return Row((head, f"{rows}, {columns}", str(batch), *speeds, str(ratio(taken["Adam"], taken["SGD"]))))


def _long(run: Run) -> dict[str, FloatArray]:
    """Seconds (rounds,) of training with only the ends recorded, with every step, and of that with its projection."""
    rounds = [_round(run) for _ in range(ROUNDS)]
    return {name: np.array([taken[name] for taken in rounds]) for name in rounds[0]}


def _round(run: Run) -> dict[str, float]:
    """The two runs advance in turns, a portion at a time: over a second each, a busy machine would favour one."""
    runs = {"ends": Training(replace(run, record_every=run.steps)), "every": Training(run)}
    taken = dict.fromkeys(runs, 0.0)
    for place in range(0, run.steps, PORTION):
        for name in list(runs)[:: -1 if place // PORTION % 2 else 1]:
            taken[name] += timeit(partial(runs[name].advance, PORTION), number=1)
    snapshots = runs["every"].history.snapshots
    return {**taken, "all": taken["every"] + timeit(partial(project, snapshots, 2), number=1)}


def _recording(what: str, taken: dict[str, FloatArray], bar: Bar | None) -> Row:
    found = ratio(taken["every"], taken["ends"])
    return Row((what, milliseconds(taken["ends"]), milliseconds(taken["every"]), str(found)), found.median, bar)


def _end_to_end(what: str, taken: dict[str, FloatArray]) -> Row:
    return Row((what, milliseconds(taken["all"]), str(ratio(taken["all"], taken["ends"]))))
