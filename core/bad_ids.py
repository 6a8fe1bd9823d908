"""What layers do with an id that no row has: seen on a CPU, in the versions that READERS names."""

from collections.abc import Callable
from typing import NamedTuple


class Reading(NamedTuple):
    """What came out of a look-up: the row of that number, an error of that class, or (neither) a row of nan."""

    row: int | None = None
    error: str = ""


class Reader(NamedTuple):
    """One way to read a table, where it was seen, and its rule in a few words."""

    name: str
    version: str
    rule: str
    read: Callable[[float, int], Reading]  # of an id and the number of rows


def _strict(index: float, num_embeddings: int) -> Reading:
    if index != int(index):
        return Reading(error="RuntimeError")
    return Reading(int(index)) if 0 <= index < num_embeddings else Reading(error="IndexError")


def _counting_back(decimals: str, outside: str) -> Callable[[float, int], Reading]:
    """-1 is the last row. The errors for a number with decimals ("": they are cut off) and for no row ("": nan)."""

    def read(index: float, num_embeddings: int) -> Reading:
        if decimals and index != int(index):
            return Reading(error=decimals)
        row = _from_the_end(int(index), num_embeddings)
        return Reading(row) if 0 <= row < num_embeddings else Reading(error=outside)

    return read


def _nearest(index: float, num_embeddings: int) -> Reading:
    if index != int(index):
        return Reading(error="TypeError")
    return Reading(min(max(_from_the_end(int(index), num_embeddings), 0), num_embeddings - 1))


def _from_the_end(index: int, num_embeddings: int) -> int:
    return index + num_embeddings if index < 0 else index


READERS = (
    Reader("nn.Embedding", "PyTorch 2.13.0", "takes whole numbers that have a row", _strict),
    Reader(
        "Embedding on TensorFlow",
        "Keras 3.15.1",
        "cuts decimals off; −1 is the last row",
        _counting_back("", "InvalidArgumentError"),
    ),
    Reader(
        "Embedding on torch", "Keras 3.15.1", "cuts decimals off; −1 is the last row", _counting_back("", "IndexError")
    ),
    Reader(
        "Embedding on JAX", "Keras 3.15.1", "cuts decimals off; −1 is the last row; else nan", _counting_back("", "")
    ),
    Reader("jnp.take(W, ids, axis=0)", "JAX 0.10.2", "−1 is the last row; else nan", _counting_back("ValueError", "")),
    Reader("W[ids]", "JAX 0.10.2", "−1 is the last row; else the nearest row", _nearest),
)
