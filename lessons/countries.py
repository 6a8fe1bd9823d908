"""142 countries in 12 years, from the gapminder data inside plotly: a table of real things, and three tasks for it."""

from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import combinations
from typing import NamedTuple

import numpy as np
import plotly.data

from core.agreement import shared_neighbours
from core.fidelity import nearest
from core.hidden import with_hidden
from core.optimizers import OPTIMIZERS
from core.records import FloatArray, IntArray
from core.runs import History, Run
from core.tasks import regression, side_by_side
from core.training import train

TARGETS = {  # what is to be said of a country and a year
    "Life expectancy": ("life",),
    "Population": ("population",),
    "Life and income": ("life", "income"),
}
COLUMNS, STEPS, RATE, SCALE, UNITS = 2, 600, 0.02, 0.1, 16
EVERY = 10  # steps between two pictures
NEAR = 5  # neighbours compared between seeds


class Countries(NamedTuple):
    """The data as arrays: N = 1,704 country-years."""

    names: tuple[str, ...]  # (142,), in alphabetical order: the first rows of the table
    continents: tuple[str, ...]  # (142,)
    years: tuple[int, ...]  # (12,): the last rows of the table
    categories: IntArray  # (N, 2), country and year
    numbers: dict[str, FloatArray]  # (N,) each, scaled to mean 0 and standard deviation 1
    life: FloatArray  # (142,), mean life expectancy in years


@cache
def countries() -> Countries:
    """Read once."""
    data = plotly.data.gapminder()
    names, country = np.unique(data["country"], return_inverse=True)
    years, year = np.unique(data["year"], return_inverse=True)
    continents = dict(zip(data["country"], data["continent"], strict=True))
    life = data["lifeExp"].to_numpy()
    numbers = {"life": life, "population": np.log(data["pop"]), "income": np.log(data["gdpPercap"])}
    return Countries(
        names=tuple(names),
        continents=tuple(continents[name] for name in names),
        years=tuple(years.tolist()),
        categories=np.column_stack([country, year]),
        numbers={name: _scaled(np.asarray(column)) for name, column in numbers.items()},
        life=np.bincount(country, life) / len(years),
    )


@lru_cache(maxsize=64)
def country_run(target: str, seed: int) -> History:
    """One table for countries and years: both rows side by side -> 16 tanh units -> the numbers of the target."""
    data = countries()
    sizes = len(data.names), len(data.years)
    numbers = np.column_stack([data.numbers[name] for name in TARGETS[target]])
    return train(
        Run(
            task=with_hidden(regression(side_by_side(data.categories, sizes), numbers), UNITS),
            num_embeddings=sum(sizes),
            embedding_dim=COLUMNS,
            optimizer=OPTIMIZERS["Adam"](RATE),
            steps=STEPS,
            seed=seed,
            start_scale=SCALE,
            record_every=EVERY,
        )
    )


def country_rows(target: str, seed: int) -> FloatArray:
    """The rows of the countries after training: (142, 2)."""
    return country_run(target, seed).snapshots[-1, : len(countries().names)]


def three_nearest(country: str, rows: FloatArray) -> list[str]:
    """The three countries whose rows (142, 2) lie nearest to it."""
    ids, _ = nearest(rows, 3)
    names = countries().names
    return [names[row] for row in ids[names.index(country)]]


def agreement(tables: Sequence[FloatArray]) -> float:
    """Share of the five nearest that two tables have in common: the mean over all countries and all pairs of tables."""
    return float(np.mean([shared_neighbours(a, b, NEAR) for a, b in combinations(tables, 2)]))


def _scaled(numbers: FloatArray) -> FloatArray:
    return np.asarray((numbers - numbers.mean()) / numbers.std())
