"""Time as a machine with other work to do can be asked for it: in rounds that take turns."""

from collections.abc import Mapping
from timeit import Timer

import numpy as np

from core.records import FloatArray

SLICE = 0.0005  # seconds: a round repeats what is shorter. A busy machine seldom interrupts so short a time


def seconds(
    timers: Mapping[str, Timer], rounds: int = 11, portion: float = SLICE, tries: int = 1
) -> dict[str, FloatArray]:
    """Seconds per call (rounds,) of each. Every round runs all of them, in turns forward and backward.

    Of several tries in a row the best counts: what slows the others is the rest of the machine.
    """
    counts = {name: _count(timer, portion) for name, timer in timers.items()}
    taken: dict[str, list[float]] = {name: [] for name in timers}
    for turn in range(rounds):
        for name in list(timers)[:: -1 if turn % 2 else 1]:
            taken[name].append(min(timers[name].repeat(tries, counts[name])) / counts[name])
    return {name: np.array(times) for name, times in taken.items()}


def _count(timer: Timer, portion: float) -> int:
    """How many calls fill a portion. The best of three counts, lest an interruption make them too few."""
    count = 1
    while (passed := min(timer.repeat(3, count))) < portion / 2:
        count *= 2
    return max(1, round(count * portion / passed))
