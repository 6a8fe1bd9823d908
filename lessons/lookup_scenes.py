"""The scenes of lesson 2: the look-up, the product row by row of the table, and the two side by side."""

from collections.abc import Collection
from functools import lru_cache, partial
from typing import NamedTuple

import numpy as np

from core.records import FloatArray
from core.table import dense, largest_difference, lookup, matmul_cost, one_hot, product_sums
from lessons.ui.matrix import flow, matrix, sign
from lessons.ui.numbers import plain
from lessons.ui.walk import Scene

DIMENSIONS = 3
BIASES = np.array([0.5, -1.0, 0.25])


class Settings(NamedTuple):
    """What the learner has set."""

    ids: tuple[int, ...]
    rows: int
    bias: bool
    seed: int

    @property
    def table(self) -> FloatArray:
        """A random table (V, D) with two decimals, so that its numbers can be read."""
        return np.random.default_rng(self.seed).normal(0, 1, (self.rows, DIMENSIONS)).round(2)


@lru_cache(maxsize=256)
def scenes(settings: Settings) -> list[Scene]:
    """One scene for the look-up, one for each row of the table in the product, one for the comparison."""
    table, ids, biases = settings.table, settings.ids, BIASES if settings.bias else None
    return [_copying(table, ids, biases), *_multiplying(table, ids, biases), _comparing(table, ids, biases)]


def one_hot_matrix(ids: tuple[int, ...], num_embeddings: int, chosen_columns: Collection[int] = ()) -> str:
    """The one-hot rows of ids, with the ids they stand for as column headers."""
    return matrix(
        one_hot(ids, num_embeddings),
        "X, one-hot",
        kind="plain",
        row_labels=_labels(ids),
        column_labels=[str(row) for row in range(num_embeddings)],
        chosen_columns=chosen_columns,
    )


def _copying(table: FloatArray, ids: tuple[int, ...], biases: FloatArray | None) -> Scene:
    origins, scale = [f"E-{index}" for index in ids], float(np.abs(table).max())
    copied = matrix(lookup(table, ids), "E[ids], looked up", row_labels=_labels(ids), scale=scale, origins=origins)
    all_of_it = "That is all." if biases is None else "That is all: a look-up has no bias to add."
    caption = f"<b>Look-up.</b> Go to the row, copy it. {all_of_it} Press Play: the product takes {len(table)} steps."
    return Scene(caption, flow(_table(table, ids), sign("→"), copied))


def _multiplying(table: FloatArray, ids: tuple[int, ...], biases: FloatArray | None) -> list[Scene]:
    scale, found = float(np.abs(table).max()), []
    plus = [] if biases is None else [sign("+"), matrix(biases[None], "b", row_labels=["b"], scale=scale)]
    for row, so_far in enumerate(product_sums(table, ids)):
        places = [place for place, index in enumerate(ids) if index == row]
        origins = [f"E-{row}" if index == row else None for index in ids]
        name = f"X E{' + b' if plus else ''} so far, rows 0 to {row}"
        values = so_far if biases is None else so_far + biases
        product = matrix(values, name, row_labels=_labels(ids), scale=scale, chosen=places, origins=origins)
        copies = f"a 1 in {len(places)} of {len(ids)} rows of X copies it"
        found.append(
            Scene(
                f"<b>Product, row {row} of E:</b> {copies if places else 'only zeros meet it, nothing is added'}.",
                flow(
                    one_hot_matrix(ids, len(table), [row]), sign("×"), _table(table, [row]), *plus, sign("="), product
                ),
            )
        )
    return found


def _comparing(table: FloatArray, ids: tuple[int, ...], biases: FloatArray | None) -> Scene:
    """The outputs of both routes; with a bias, of Dense and of a look-up in a table that has taken it over."""
    output, copied = dense(one_hot(ids, len(table)), table, biases), lookup(table, ids)
    labels, difference = _labels(ids), plain(largest_difference(output, copied))
    if biases is None:
        both = flow(matrix(output, "X E", row_labels=labels), sign("="), matrix(copied, "E[ids]", row_labels=labels))
        count = matmul_cost(len(ids), *table.shape).multiplications
        cost = f"The product took {count} multiplications, look-up none."
        return Scene(f"<b>Side by side.</b> Largest difference: {difference}. {cost}", both)
    shifted = lookup(table + biases, ids)
    caption = (
        f"<b>With a bias.</b> X E + b differs from E[ids] by up to {difference}. With b added to every row of the "
        f"table, the two agree again: largest difference {plain(largest_difference(output, shifted))}."
    )
    drawn = partial(matrix, row_labels=labels, scale=float(np.abs([output, copied]).max()))
    unequal = flow(
        drawn(copied, "E[ids]"), sign("≠"), drawn(output, "X E + b"), sign("="), drawn(shifted, "(E + b)[ids]")
    )
    return Scene(caption, unequal)


def _table(table: FloatArray, chosen: Collection[int]) -> str:
    return matrix(table, "E, the table", chosen=chosen, dim=True, tag="E")


def _labels(ids: tuple[int, ...]) -> list[str]:
    return [f"id {index}" for index in ids]
