"""How the parity tests run: without a deadline, with the same draws every time, one backend of Keras in a session.

A framework's first call takes longer than a draw may. The same draws give the same table, so that a new one shows only
what changed; `--hypothesis-profile=fresh` draws new ones.
"""

import os
from pathlib import Path
from typing import Any

from hypothesis import settings

settings.register_profile("parity", deadline=None, derandomize=True)
settings.register_profile("fresh", deadline=None)
settings.load_profile("parity")


def pytest_configure(config: Any) -> None:
    """Let one warning pass: BLAS kernels can set that flag with finite numbers too (numpy's issue 24067).

    It was seen once here, and not again with the same numbers. A nan that is really there fails its comparison.
    """
    config.addinivalue_line("filterwarnings", "ignore:invalid value encountered in matmul:RuntimeWarning")


TESTS = {path.name for path in Path(__file__).parent.glob("test_*.py")}
JAX_TESTS = {name for name in TESTS if name.endswith("_jax.py")}
backend = os.environ.setdefault("KERAS_BACKEND", "torch")
collect_ignore = sorted(TESTS - JAX_TESTS if backend == "jax" else JAX_TESTS)
