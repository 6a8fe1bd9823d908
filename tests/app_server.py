"""The real app on a free port, as `make app` starts it: for the tests, the pictures and the benchmarks."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

ROOT = Path(__file__).parents[1]
START_SECONDS = 60


class Running(NamedTuple):
    """A running app."""

    address: str
    pid: int


@contextmanager
def running_app(log: IO[str] | int = subprocess.DEVNULL, folder: Path = ROOT) -> Iterator[Running]:
    """Start the app.py of a folder on a free port, as `make app` does, and end it; `log` gets what it writes."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}"],
        cwd=folder,
        env={name: value for name, value in os.environ.items() if not name.startswith("STREAMLIT_")},
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    try:
        _wait_until_healthy(process, f"http://localhost:{port}/_stcore/health")
        yield Running(f"http://localhost:{port}", process.pid)
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_until_healthy(process: subprocess.Popen[bytes], url: str) -> None:
    give_up = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"the server did not start within {START_SECONDS} s (exit code {process.poll()})")
