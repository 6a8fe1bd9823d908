"""Made-up temperatures of eight places over ten years, from which a row for each month of the year can be learned.

temperature = month row . place row + place bias: a linear head with an output for each place, whose column is its row.
"""

from typing import NamedTuple

import numpy as np

from core.pools import singles
from core.records import FloatArray
from core.tasks import Task, regression

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
YEARS = 10
NOISE = 1.0  # degrees


class Season(NamedTuple):
    """Mean and swing in degrees, and by how many months the sea holds the seasons back."""

    mean: float
    swing: float
    lag: float


PLACES = {
    "Island": Season(16, 4, 1.6),
    "Coast": Season(11, 6, 1),
    "Plain": Season(9, 12, 0),
    "Steppe": Season(6, 17, -0.3),
    "Mountain": Season(1, 9, 0.2),
    "Delta": Season(19, 8, 0.6),
    "Desert": Season(23, 10, -0.5),
    "South": Season(17, -7, 0.3),  # its summer is in January
}


def seasons(*, lags: bool = True) -> FloatArray:
    """The temperatures without noise (12, 8); without lags all places are warmest (or coldest) in the same month."""
    months = np.arange(len(MONTHS))[:, None]
    mean, swing, lag = np.array(list(PLACES.values())).T
    return np.asarray(mean - swing * np.cos(2 * np.pi * (months - lag * lags) / len(MONTHS)))


def readings(rng: np.random.Generator, *, lags: bool = True) -> FloatArray:
    """What the thermometers say, a month a row, in degrees: (YEARS * 12, 8)."""
    true = np.tile(seasons(lags=lags), (YEARS, 1))
    return true + rng.normal(0, NOISE, true.shape)


def temperatures(degrees: FloatArray) -> Task:
    """Month -> the temperatures of all places, less their mean, in units of their standard deviation."""
    months = np.arange(len(degrees)) % len(MONTHS)
    return regression(singles(months, len(MONTHS)), (degrees - degrees.mean()) / degrees.std())
