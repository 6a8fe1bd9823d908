"""What a computation leaves behind: frozen records of arrays."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

FloatArray: TypeAlias = NDArray[np.floating[Any]]
IntArray: TypeAlias = NDArray[np.integer[Any]]
# A model's numbers, or their gradients, by name; the table is "weight".
Parameters: TypeAlias = Mapping[str, FloatArray]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Record:
    """Facts in the order in which they were computed; its arrays are read-only.

    `frozen` alone stops only the reassigning of a field, not the writing into its array.
    Not a NamedTuple: np.asarray(record) would stack its fields. `eq=False`: `==` on arrays has no single truth value.
    """

    def __post_init__(self) -> None:
        for name in self.__dataclass_fields__:
            value = getattr(self, name)
            if isinstance(value, np.ndarray):
                view = value.view()  # the caller's own array stays writable
                view.setflags(write=False)
                object.__setattr__(self, name, view)


def views(flat: FloatArray, like: Mapping[str, FloatArray]) -> Parameters:
    """A flat vector as arrays with these names and shapes, one after the other: views, so that both move together."""
    ends = np.cumsum([array.size for array in like.values()])
    parts = np.split(flat, ends[:-1])
    return {name: part.reshape(array.shape) for part, (name, array) in zip(parts, like.items(), strict=True)}
