"""Run the comparison with the frameworks of this environment and write docs/parity.md: `python -m tests.parity`.

Keras takes its backend once, so there are two sessions. The first that fails ends the run with its exit status, and the
docs stay as they were. Nothing is written into the home directory.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.parity import published, report

FOLDER = Path(__file__).parent
ROOT = FOLDER.parents[1]
BACKENDS = ("jax", "torch")  # the larger one last: its closing line ends what is printed


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"KERAS_HOME": folder, "PARITY_REPORT": f"{folder}/seen.json", "OMP_NUM_THREADS": "1"}
        for backend in BACKENDS:
            if failed := session(backend):
                return failed
        published.write(report.read())
    return 0


def session(backend: str) -> int:
    """Run the tests of one backend; pytest's exit status, which is not 0 either if there was no test."""
    # tests/conftest.py is for the browser, and its packages are not here.
    command = [sys.executable, "-m", "pytest", str(FOLDER), f"--confcutdir={FOLDER}", *sys.argv[1:]]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, "KERAS_BACKEND": backend}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
