"""How to say what a layer did: the row it read, the numbers it gave, or the exception it raised."""

from collections.abc import Callable
from typing import Any

import numpy as np

from core.table import lookup
from tests.parity.report import fact

TABLE = np.arange(10.0, 15)[:, None]  # row 0 holds 10, row 4 holds 14
BAD_IDS = {"id 5 of a table with rows 0 to 4": 5, "id −1": -1, "id −6, before the first row": -6, "id 1.9": 1.9}


def outcome(call: Callable[[], Any]) -> str:
    """Gives its numbers, or raises its exception."""
    try:
        numbers = np.ravel(call())
    except Exception as error:
        ours = type(error).__module__.startswith("core")  # a class of ours counts as what it is built on
        return f"raises {' and '.join(base.__name__ for base in (type(error).__bases__ if ours else [type(error)]))}"
    return f"gives {', '.join(f'{number:.3g}' for number in numbers)}"


def read(call: Callable[[], Any]) -> str:
    """As `outcome`, of a look-up in TABLE: reads row 4."""
    said = outcome(call)
    rows = {f"gives {value:.3g}": f"reads row {row}" for row, value in enumerate(TABLE[:, 0])}
    return rows.get(said, said.replace("gives nan", "reads nan"))


def looked_up(indices: Any) -> Any:
    """Our own plain look-up in TABLE."""
    return lookup(TABLE, indices)


def bad_id_fact(
    situation: str, framework: str, layer: str, reader: Callable[[Any], Any], ours: Callable[[Any], Any] = looked_up
) -> str:
    """Note what a layer does with a bad id, and that it is refused here; what it does."""
    index = np.array([BAD_IDS[situation]])
    here, does = read(lambda: ours(index)), read(lambda: reader(index))
    assert here.startswith("raises TypeError" if index.dtype.kind == "f" else "raises IndexError")
    fact(situation, framework, layer, does, here)
    return does
