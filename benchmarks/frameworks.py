"""The core against PyTorch: `python -m benchmarks.frameworks` where PyTorch is installed, as `make parity` does.

Before a row is timed, both sides compute the same from the same start: a step 20 times, anything else once. Where the
results differ the row falls short, however fast it is.
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from time import process_time
from timeit import Timer
from typing import Any, NamedTuple

import numpy as np
import torch
from threadpoolctl import threadpool_limits
from torch.nn import functional

from benchmarks.clock import seconds
from benchmarks.tables import Bar, Row, Table, judge, microseconds, milliseconds, ratio
from core.negatives import skip_gram_expected, skip_gram_negatives, unigram_noise
from core.negatives_heads import ExpectedNegatives, NegativeSampling
from core.optimizers import OPTIMIZERS, sparse_adam
from core.pools import singles, spread_rows
from core.projection import project
from core.records import FloatArray
from core.row_steps import write_rows
from core.runs import Run
from core.sparse import SparseGradient
from core.table import take_rows
from core.tasks import Task, cbow, classifier, skip_gram
from core.training import Training
from core.update import Optimizer, State

TOLERANCE = 2e-3  # of the largest number, in float32
CHECKED = 20  # steps
RATE, EPOCH = 0.05, 20  # batches in an epoch
LONG = 2000
ROUNDS, TRIES = 101, 5
TRAINING = 0.02  # seconds: a portion of it, for what both have in the cache is cold after a change of sides
TORCH: dict[str, Callable[..., Any]] = {
    "SGD": torch.optim.SGD,
    "Momentum": partial(torch.optim.SGD, momentum=0.9),
    "Adagrad": torch.optim.Adagrad,
    "Adam": torch.optim.Adam,
    "Lazy Adam": torch.optim.SparseAdam,
}


class Rivals(NamedTuple):
    """Two ways to the same numbers. A call takes so many steps."""

    name: str
    ours: Callable[[], object]
    theirs: Callable[[], object]
    bar: float
    difference: float
    steps: int = 1


def tables() -> Iterator[Table]:
    rng = np.random.default_rng(0)
    yield _table("Look-up", (_lookup(rng, *case) for case in (
        (200, 16, 64, 5), (10_000, 64, 4096, 1.3), (1_000_000, 128, 4096, 0.85), (100_000, 128, 65_536, 2.5),
    )))  # fmt: skip
    yield _table("Gradient of the table", (_scatter(rng, *case) for case in (
        (200, 16, 64, 1.4), (200, 16, 256, 1.8), (2000, 64, 4096, 4), (20_000, 64, 65_536, 4.5),
    )))  # fmt: skip
    yield _table("Sparse gradient: each row once, its repeats summed", (_coalesce(rng, *case) for case in (
        (200, 16, 256, 1.2), (1_000_000, 64, 4096, 1),
    )))  # fmt: skip
    yield _table("Optimizers, V 200, D 16", (
        _update(rng, *case) for case in (("SGD", 7), ("Momentum", 5.5), ("Adagrad", 4.5), ("Adam", 3.5))
    ))  # fmt: skip
    yield _table("Optimizers on 256 rows, D 64", (
        _row_update(rng, name, bar, rows)
        for name, bar in (("Lazy Adam", 2.2), ("Adagrad", 2), ("SGD", 0.65)) for rows in (20_000, 200_000)
    ))  # fmt: skip
    yield _flat(rng)
    small, large = ((20, 2, 8), (50, 8, 32), (200, 16, 64)), (200, 16, 256)
    yield _table("Negative sampling with 5 negatives: a step of training", (
        _step(rng, "negatives", name, *size, bar)
        for name in ("SGD", "Adam") for size, bar in (*((size, 8) for size in small), (large, 6))
    ))  # fmt: skip
    yield _table("Classifier of 8 ids: a step of training", (
        _step(rng, "classifier", name, *size, bar)
        for name, low in (("SGD", 5.5), ("Adam", 6)) for size, bar in (*((size, low) for size in small), (large, 5))
    ))  # fmt: skip
    widths = (((20, 2, 8), 6.5), ((50, 8, 32), 6.5), ((200, 16, 64), 3.5), (large, 2), ((2000, 64, 256), 1.15))
    yield _table("Softmax over all words: a step of training", (
        _step(rng, head, "Adam", *size, bar) for head in ("skip-gram", "CBOW") for size, bar in widths
    ))  # fmt: skip
    yield _table("Expected negatives of a whole text: a step of training", (
        _step(rng, "expected", "Adam", rows, 16, rows, bar) for rows, bar in ((50, 9), (200, 4.2), (1000, 3.5))
    ))  # fmt: skip
    yield _end_to_end(rng)


def _lookup(rng: np.random.Generator, rows: int, columns: int, batch: int, bar: float) -> Rivals:
    weight, ids = _normal(rng, rows, columns), rng.integers(0, rows, batch)
    ours, theirs = partial(take_rows, weight, ids), partial(functional.embedding, *_shared(ids, weight))
    return Rivals(_sizes(rows, columns, batch), ours, theirs, bar, _difference(ours(), theirs()))


def _scatter(rng: np.random.Generator, rows: int, columns: int, batch: int, bar: float) -> Rivals:
    ids, gradient, into = rng.integers(0, rows, batch), _normal(rng, batch, columns), _normal(rng, rows, columns)
    ours = partial(spread_rows, singles(ids, rows).astype(np.float32), gradient, into)
    theirs = partial(torch.ops.aten.embedding_dense_backward, *_shared(gradient, ids), rows, -1, False)
    ours()
    return Rivals(_sizes(rows, columns, batch), ours, theirs, bar, _difference(into, theirs()))


def _coalesce(rng: np.random.Generator, rows: int, columns: int, batch: int, bar: float) -> Rivals:
    ids, values = rng.integers(0, rows, batch), _normal(rng, batch, columns)
    gradient, tensors = SparseGradient(indices=ids, values=values, num_embeddings=rows), _shared(ids[None], values)

    def theirs() -> Any:
        return torch.sparse_coo_tensor(*tensors, (rows, columns), check_invariants=False).coalesce()

    found, expected = gradient.coalesced(), theirs()
    same = np.array_equal(found.indices, expected.indices()[0])
    difference = _difference(found.values, expected.values()) if same else np.inf
    return Rivals(_sizes(rows, columns, batch), gradient.coalesced, theirs, bar, difference)


def _update(rng: np.random.Generator, name: str, bar: float) -> Rivals:
    weight, gradient = _normal(rng, 200, 16), _normal(rng, 200, 16)
    parameter = torch.nn.Parameter(torch.tensor(weight))
    parameter.grad = torch.tensor(gradient)
    theirs = TORCH[name]([parameter], lr=1e-3)
    optimizer = OPTIMIZERS[name](1e-3)
    state = optimizer.init(weight)

    def ours() -> None:
        nonlocal weight, state
        delta, state = optimizer.update(gradient, state, weight)
        weight += delta

    for _ in range(CHECKED):
        ours()
        theirs.step()
    return Rivals(name, ours, theirs.step, bar, _difference(weight, parameter.detach()))


def _row_update(rng: np.random.Generator, name: str, bar: float, rows: int) -> Rivals:
    weight, ours = _row_steps(rng, name, rows)
    parameter = torch.nn.Parameter(torch.tensor(weight))
    gradient = _row_gradient(rows)
    ids, values = _tensors(gradient.indices[None].copy(), gradient.values.copy())
    parameter.grad = torch.sparse_coo_tensor(ids, values, weight.shape, check_invariants=False).coalesce()
    theirs = TORCH[name]([parameter], lr=1e-3)
    for _ in range(CHECKED):
        ours()
        theirs.step()
    return Rivals(f"{name}, V {rows:,}", ours, theirs.step, bar, _difference(weight, parameter.detach()))


def _row_steps(rng: np.random.Generator, name: str, rows: int) -> tuple[FloatArray, Callable[[], None]]:
    """A table (V, 64) and what changes 256 of its rows in place."""
    weight, gradient = _normal(rng, rows, 64), _row_gradient(rows)
    optimizer: Optimizer = sparse_adam(1e-3) if name == "Lazy Adam" else OPTIMIZERS[name](1e-3)
    state: State = optimizer.init(weight)

    def step() -> None:
        nonlocal state
        state = write_rows(optimizer.update_rows(gradient, state, weight), state, weight)

    return weight, step


def _row_gradient(rows: int) -> SparseGradient:
    rng = np.random.default_rng(1)
    ids = np.sort(rng.choice(rows, 256, replace=False))
    return SparseGradient(indices=ids, values=_normal(rng, 256, 64), num_embeddings=rows)


def _flat(rng: np.random.Generator) -> Table:
    """Ten times the rows must not cost much more, if the same number of them is read."""
    rows = []
    for name in ("Lazy Adam", "Adagrad", "SGD"):
        few, many = (_row_steps(rng, name, number)[1] for number in (20_000, 200_000))
        taken = seconds({"few": _timer(few), "many": _timer(many)}, ROUNDS)
        found = ratio(taken["many"], taken["few"])
        rows.append(Row((name, *map(microseconds, taken.values()), str(found)), found.median, Bar(1.5)))
    columns = ("", "V 20,000, us", "V 200,000, us", "V 200,000 / V 20,000")
    return Table("Optimizers on 256 rows, D 64, by the size of the table", columns, rows)


def _task(rng: np.random.Generator, head: str, rows: int, number: int) -> Task:
    """Random examples: `number` of them, but an example per word where a whole text is counted."""
    ids, targets = rng.integers(0, rows, (number, 8)), rng.integers(0, rows, number)
    if head == "negatives":
        return skip_gram_negatives(ids[:, 0], targets, ids[:, 1:6], rows)
    if head == "classifier":
        return classifier(list(ids), targets % 4, rows, 4)
    if head == "skip-gram":
        return skip_gram(ids[:, 0], targets, rows)
    if head == "CBOW":
        return cbow(ids[:, :4].ravel(), np.arange(0, 4 * number + 1, 4), targets, rows)
    counts = rng.integers(0, 4, (rows, rows)).astype(np.float64)
    return skip_gram_expected(counts, unigram_noise(counts.sum(axis=0)), 5)


def _step(
    rng: np.random.Generator, head: str, optimizer: str, rows: int, columns: int, batch: int, bar: float
) -> Rivals:
    full = head == "expected"  # all pairs at once; the others draw mini-batches
    task = _task(rng, head, rows, batch if full else EPOCH * batch)
    first = Task(task.head, task.examples.batch(np.arange(batch)))
    checked = _trainers(first, optimizer, rows, columns)
    for trainer in checked:
        trainer.advance(CHECKED)
    differences = (
        _difference(array, checked[1].parameters[name].detach()) for name, array in checked[0].parameters.items()
    )
    ours, theirs = _trainers(task, optimizer, rows, columns, None if full else batch)
    steps = 40 if rows < 1000 else 2
    name = f"{head}, {optimizer}, {_sizes(rows, columns, batch)}"
    return Rivals(name, partial(ours.advance, steps), partial(theirs.advance, steps), bar, max(differences), steps)


def _trainers(
    task: Task, optimizer: str, rows: int, columns: int, batch_size: int | None = None
) -> tuple[Training, "TorchTraining"]:
    """Ours and PyTorch's, from the same start."""
    endless = 10**7
    ours = Training(Run(
        task=task, num_embeddings=rows, embedding_dim=columns, optimizer=OPTIMIZERS[optimizer](RATE),
        steps=endless, batch_size=batch_size, record_every=endless,
    ))  # fmt: skip
    return ours, TorchTraining(task, ours.parameters, TORCH[optimizer], batch_size)


class TorchTraining:
    """The step that a reader of PyTorch's tutorials would write: embedding, loss, backward, step."""

    def __init__(
        self, task: Task, start: Mapping[str, FloatArray], optimizer: Callable[..., Any], batch_size: int | None
    ) -> None:
        examples = task.examples.astype(np.float32)
        self.parameters = {name: torch.nn.Parameter(torch.tensor(array)) for name, array in start.items()}
        self._optimizer = optimizer(self.parameters.values(), lr=RATE)
        self._data = _tensors(examples.bags.indices.reshape(len(examples), -1), examples.targets, examples.importance)
        self._batches = self._epochs(len(examples), batch_size)
        self._loss = self._loss_of(task)

    def advance(self, steps: int) -> None:
        for _ in range(steps):
            loss = self._loss(*next(self._batches))
            self._optimizer.zero_grad()
            loss.backward()
            self._optimizer.step()

    def _epochs(self, number: int, batch_size: int | None) -> Iterator[Any]:
        while batch_size is None:
            yield self._data
        while True:
            order = torch.randperm(number)
            epoch = [tensor[order] for tensor in self._data]
            for start in range(0, number, batch_size):
                yield [tensor[start : start + batch_size] for tensor in epoch]

    def _loss_of(self, task: Task) -> Callable[[Any, Any, Any], Any]:
        weight, log_sigmoid = self.parameters["weight"], functional.logsigmoid
        if isinstance(task.head, ExpectedNegatives):
            second = self.parameters["context_weight"]
            expected = torch.tensor((task.head.negatives * task.head.noise).astype(np.float32))

            def all_pairs(ids: Any, targets: Any, importance: Any) -> Any:
                scores = functional.embedding(ids[:, 0], weight) @ second.T
                return -importance @ (targets * log_sigmoid(scores) + expected * log_sigmoid(-scores)).sum(1)

            return all_pairs
        if isinstance(task.head, NegativeSampling):
            second = self.parameters["context_weight"]

            def negatives(ids: Any, targets: Any, importance: Any) -> Any:
                pooled = functional.embedding(ids[:, 0], weight)
                scores = (functional.embedding(targets, second) @ pooled[:, :, None])[:, :, 0]
                return -(log_sigmoid(scores[:, 0]) + log_sigmoid(-scores[:, 1:]).sum(1)).mean()

            return negatives
        kernel, bias = self.parameters["kernel"], self.parameters["bias"]

        def softmax(ids: Any, targets: Any, importance: Any) -> Any:
            rows = functional.embedding(ids, weight)
            pooled = rows[:, 0] if ids.shape[1] == 1 else rows.mean(1)
            return functional.cross_entropy(pooled @ kernel + bias, targets)

        return softmax


def _end_to_end(rng: np.random.Generator) -> Table:
    """All of ours, recording and projection included, against PyTorch's training alone."""
    rows, columns, batch = 200, 16, 64
    task = _task(rng, "negatives", rows, EPOCH * batch)
    run = Run(
        task=task, num_embeddings=rows, embedding_dim=columns, optimizer=OPTIMIZERS["Adam"](RATE), steps=LONG,
        batch_size=batch,
    )  # fmt: skip
    theirs = TorchTraining(task, Training(run).parameters, TORCH["Adam"], batch)

    def ours() -> None:
        training = Training(run)
        training.advance(LONG)
        project(training.history.snapshots, 2)

    taken = seconds({"ours": _timer(ours), "theirs": _timer(partial(theirs.advance, LONG // 10))}, rounds=5)
    alone = taken["theirs"] * 10
    found = ratio(taken["ours"], alone)
    cells = ("negatives, Adam, V 200, D 16, batch 64", milliseconds(taken["ours"]), milliseconds(alone), str(found))
    return Table(
        f"End to end: {LONG} recorded steps and their joint projection on 2 axes",
        ("", "ours, ms", "PyTorch's training alone, ms", "ours / PyTorch's"),
        [Row(cells, found.median, Bar(0.2))],
        "PyTorch's time is ten times that of a tenth of its steps.",
    )


def _table(title: str, rivals: Iterator[Rivals]) -> Table:
    columns = ("", "ours, us", "PyTorch, us", "PyTorch / ours", "difference")
    return Table(title, columns, [_row(each) for each in rivals])


def _row(each: Rivals) -> Row:
    timers = {"ours": _timer(each.ours), "theirs": _timer(each.theirs)}
    few = ROUNDS // 4
    taken = seconds(timers, few, tries=TRIES) if each.steps == 1 else seconds(timers, few, TRAINING)
    ours, theirs = (time / each.steps for time in taken.values())
    found = ratio(theirs, ours)
    judged = found.median if each.difference <= TOLERANCE else 0.0
    cells = (each.name, microseconds(ours), microseconds(theirs), str(found), f"{each.difference:.0e}")
    return Row(cells, judged, Bar(each.bar, at_most=False))


def _timer(call: Callable[[], object]) -> Timer:
    """CPU time: what the rest of a busy machine does in between is not counted."""
    return Timer(call, timer=process_time)


def _normal(rng: np.random.Generator, *shape: int) -> FloatArray:
    return rng.standard_normal(shape, np.float32)


def _tensors(*arrays: Any) -> list[Any]:
    return [torch.tensor(array) for array in arrays]


def _shared(*arrays: Any) -> list[Any]:
    """The same memory for both: two copies of a large table would drive each other out of the cache."""
    return [torch.from_numpy(array) for array in arrays]


def _difference(ours: Any, theirs: Any) -> float:
    """The largest difference, as a part of the largest number."""
    expected = theirs.numpy()
    return float(np.abs(ours - expected).max() / np.abs(expected).max())


def _sizes(rows: int, columns: int, batch: int) -> str:
    return f"V {rows:,}, D {columns}, batch {batch:,}"


if __name__ == "__main__":
    torch.set_num_threads(1)
    torch.sparse.check_sparse_tensor_invariants.disable()  # said aloud, or PyTorch warns of its own default
    print(f"\nAgainst PyTorch {torch.__version__}: one thread, float32, CPU time. Differences up to {TOLERANCE} pass.")
    with threadpool_limits(1):
        sys.exit(judge([tables]))
