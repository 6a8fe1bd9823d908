"""How numbers are written: a sign where it matters, four significant digits at most, exactly 0 as 0."""

from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

MINUS = "\N{MINUS SIGN}"
SPACE = "\N{NO-BREAK SPACE}"  # between a number and its unit
LONGEST_QUOTE = 40  # characters


def signed(value: float, digits: int = 4) -> str:
    """+0.25, −0.1285, 0: for the entries of a matrix."""
    return "0" if value == 0 else _tidy(f"{value:+.{digits}g}")


def aligned(values: NDArray[Any]) -> list[list[str]]:
    """The entries of a matrix with as many decimals as all of them need, four digits at most: +0.40, −1.25, 0."""
    largest = float(np.abs(values).max(initial=0))
    if not (largest == 0 or 1e-3 <= largest < 1e4):
        return [[signed(value) for value in row] for row in values.tolist()]
    most = 4 - len(str(int(largest))) + (largest < 1)
    decimals = next((n for n in range(most) if np.abs(values - values.round(n)).max(initial=0) <= 1e-7), most)
    return [["0" if value == 0 else _tidy(f"{value:+.{decimals}f}") for value in row] for row in values.tolist()]


def plain(value: float, digits: int = 4) -> str:
    """0.6146, 1,200,000: for a number in a sentence."""
    if isfinite(value) and value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}".replace("-", MINUS)
    if isfinite(value) and abs(value) >= 10 ** (digits - 1):
        return f"{value:,.0f}".replace("-", MINUS)
    return _tidy(f"{value:.{digits}g}")


def size_of(count: float) -> str:
    """Bytes in the unit that a person reads: 24 bytes, 51.2 MB (of 1,000,000 bytes)."""
    for unit, factor in (("GB", 1e9), ("MB", 1e6), ("KB", 1e3)):
        if count >= factor:
            return f"{count / factor:.3g}{SPACE}{unit}"
    return f"{plain(count)}{SPACE}bytes"


def duration_of(seconds: float) -> str:
    """Seconds in the unit that a person reads: 3.5 µs, 27 ms, 1.2 s."""
    for unit, factor in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= factor:
            return f"{seconds / factor:.3g}{SPACE}{unit}"
    return f"{seconds * 1e9:.3g}{SPACE}ns"


def quoted(text: str) -> str:
    """A text that somebody else wrote, in a message: in quotes, cut if it is long."""
    return repr(text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE]}…")


def _tidy(text: str) -> str:
    mantissa, _, exponent = text.partition("e")
    tail = f"e{int(exponent)}" if exponent else ""
    return (mantissa + tail).replace("-", MINUS)
