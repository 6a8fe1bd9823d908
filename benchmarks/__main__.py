"""Print every table and leave with status 1 if a bar falls short."""

import os
import platform
import sys
from collections.abc import Callable, Iterable
from importlib.metadata import version
from time import perf_counter

from threadpoolctl import threadpool_limits

from benchmarks import lookup, pages, projection, training
from benchmarks.tables import Table

TOPICS: tuple[Callable[[], Iterable[Table]], ...] = (lookup.tables, training.tables, projection.tables, pages.tables)
PACKAGES = ("numpy", "scipy", "scikit-learn", "streamlit")


def main() -> int:
    start = perf_counter()
    print(f"Python {platform.python_version()}", *(f"{name} {version(name)}" for name in PACKAGES), sep=", ")
    print(f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores; one thread for BLAS and OpenMP")
    print("Medians of interleaved rounds, in brackets the smallest and the largest round. x: how many times as much.")
    bars, short = 0, 0
    with threadpool_limits(1):
        for topic in TOPICS:
            for table in topic():
                print(f"\n{table}", flush=True)
                bars += sum(row.bar is not None for row in table.rows)
                short += table.short
    print(f"\n{bars - short} of {bars} bars hold. {perf_counter() - start:.0f} s.")
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
