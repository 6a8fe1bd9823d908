"""The look-up against numpy's own, and against the one-hot product that it stands for."""

from collections.abc import Iterator
from functools import partial
from timeit import Timer

import numpy as np
from numpy.testing import assert_array_equal
from numpy.typing import NDArray

from benchmarks.clock import seconds
from benchmarks.tables import Bar, Row, Table, microseconds, ratio, short
from core.records import FloatArray
from core.table import lookup, matmul_lookup, one_hot, take_rows

VOCABULARIES = (100, 1000, 10_000, 100_000)
BATCH, COLUMNS = 256, 64


def tables() -> Iterator[Table]:
    yield _against_numpy()
    yield _against_the_product()


def _layer(rows: int, columns: int, batch: int) -> tuple[FloatArray, NDArray[np.intp]]:
    rng = np.random.default_rng(0)
    return rng.normal(size=(rows, columns)).astype(np.float32), rng.integers(0, rows, batch, np.intp)


def _against_numpy() -> Table:
    weight, ids = _layer(200, 16, 64)
    assert_array_equal(take_rows(weight, ids), weight[ids])
    names = {"W": weight, "ids": ids, "np": np, "take_rows": take_rows, "lookup": lookup}
    ours = ("take_rows(W, ids)", "lookup(W, ids)")
    numpys = ("W.take(ids, 0)", "np.take(W, ids, axis=0)", "W[ids]")
    # Statements, not callables: at half a microsecond the call of a callable would count.
    taken = seconds({what: Timer(what, globals=names) for what in ours + numpys}, rounds=301)
    rows = []
    for what in ours:
        ratios = [ratio(taken[what], taken[other]) for other in numpys]
        bar = Bar(1.2) if what.startswith("take_rows") else None
        rows.append(Row((what, microseconds(taken[what]), *map(str, ratios)), ratios[0].median, bar))
    return Table(
        "Look-up, V 200, D 16, 64 ids: time as a multiple of numpy's", ("", "us", *numpys), rows,
        "take_rows is what training calls; lookup checks its ids first. The bar is for W.take.",
    )  # fmt: skip


def _against_the_product() -> Table:
    timers = {}
    for rows in VOCABULARIES:
        weight, ids = _layer(rows, COLUMNS, BATCH)
        inputs = one_hot(ids, rows, np.float32)
        assert_array_equal(inputs @ weight, lookup(weight, ids))
        timers[f"look-up {rows}"] = Timer(partial(take_rows, weight, ids))
        timers[f"product {rows}"] = Timer(partial(np.matmul, inputs, weight))
        timers[f"building {rows}"] = Timer(partial(matmul_lookup, weight, ids))
    taken = seconds(timers, rounds=7)
    return Table(
        f"One-hot product against look-up, D {COLUMNS}, {BATCH} ids, float32",
        ("V", "look-up, us", "product / look-up", "with building X", "bytes of ids", "bytes of X", "X grows",
         "look-up grows", "product grows"),
        [_product_row(rows, taken) for rows in VOCABULARIES],
        "X is the one-hot matrix; the product is timed with X ready, then with building it. Growth: from row to row.",
    )  # fmt: skip


def _product_row(rows: int, taken: dict[str, FloatArray]) -> Row:
    look_up, product, building = (taken[f"{what} {rows}"] for what in ("look-up", "product", "building"))
    size = one_hot([0], rows, np.float32).nbytes * BATCH
    cells = [
        f"{rows:,}", microseconds(look_up), str(ratio(product, look_up)), str(ratio(building, look_up)),
        f"{BATCH * 8:,}", f"{size:,}",
    ]  # fmt: skip
    if rows == VOCABULARIES[0]:
        return Row((*cells, "", "", ""))
    before = VOCABULARIES[VOCABULARIES.index(rows) - 1]
    growth = (ratio(now, taken[f"{what} {before}"]) for what, now in (("look-up", look_up), ("product", product)))
    return Row((*cells, f"{short(rows / before)}x", *map(str, growth)))
