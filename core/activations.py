"""Activations: what stands between two linear layers, that they be more than one."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from core.records import FloatArray


class Activation(NamedTuple):
    """A bend in the line, and its slope as a function of what came out."""

    of: Callable[[FloatArray], FloatArray]
    slope: Callable[[FloatArray], FloatArray]


def _rectified(inputs: FloatArray) -> FloatArray:
    return np.asarray(np.maximum(inputs, 0))


def _rectified_slope(hidden: FloatArray) -> FloatArray:
    slope: FloatArray = (hidden > 0).astype(hidden.dtype)
    return slope


ACTIVATIONS = {
    "tanh": Activation(np.tanh, lambda hidden: 1 - hidden * hidden),
    "relu": Activation(_rectified, _rectified_slope),
}
