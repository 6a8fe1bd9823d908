"""Print every table and leave with status 1 if a bar falls short."""

import os
import platform
import subprocess
import sys
from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import Path

from threadpoolctl import threadpool_limits

from benchmarks import lookup, pages, projection, training
from benchmarks.tables import Table, judge

TOPICS: tuple[Callable[[], Iterable[Table]], ...] = (lookup.tables, training.tables, projection.tables, pages.tables)
PACKAGES = ("numpy", "scipy", "scikit-learn", "streamlit")
ROOT = Path(__file__).parents[1]
WITH_TORCH = ROOT / ".venv-parity/bin/python"


def main() -> int:
    print(f"Python {platform.python_version()}", *(f"{name} {version(name)}" for name in PACKAGES), sep=", ")
    print(f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores; one thread for BLAS and OpenMP")
    print("Medians of interleaved rounds, in brackets the smallest and the largest round. x: how many times as much.")
    with threadpool_limits(1):
        status = judge(TOPICS)
    return max(status, against_torch())


def against_torch() -> int:
    """The comparison with PyTorch, in the environment that has it. Without one it is left out, and said so."""
    if not WITH_TORCH.exists():
        print("\nThe comparison with PyTorch needs `make parity` once.")
        return 0
    return subprocess.run([WITH_TORCH, "-m", "benchmarks.frameworks"], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
