"""Imports run one way: app, then lessons, then lessons/ui, then core, which knows no screen."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NUMBERS = {"numpy", "scipy", "sklearn", "threadpoolctl"}
MODULES = [
    *(ROOT / "core").rglob("*.py"),
    *(ROOT / "lessons").rglob("*.py"),
    ROOT / "app.py",
]


def imported(path: Path) -> set[str]:
    """Return the modules that a file imports, anywhere in it, by their full names."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}, line {node.lineno}: a relative import hides which way it runs"
            names |= {str(node.module)} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def layer(path: Path) -> str:
    """Return which of the four layers a file is in."""
    parts = path.relative_to(ROOT).parts
    return "lessons/ui" if parts[:2] == ("lessons", "ui") else parts[0].removesuffix(".py")


FORBIDDEN = {
    "core": ("lessons", "app", "streamlit", "plotly", "tests", "benchmarks"),
    "lessons/ui": ("app", "tests", "benchmarks"),
    "lessons": ("app", "tests", "benchmarks"),
    "app": ("core", "tests", "benchmarks"),
}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_imports_run_one_way(path: Path) -> None:
    roots = {name.split(".")[0] for name in imported(path)}
    assert not roots.intersection(FORBIDDEN[layer(path)])


@pytest.mark.parametrize("path", [path for path in MODULES if layer(path) == "lessons/ui"], ids=lambda path: path.stem)
def test_what_lessons_share_knows_no_lesson(path: Path) -> None:
    upwards = {name for name in imported(path) if name.startswith("lessons.") and not name.startswith("lessons.ui")}
    assert not upwards


@pytest.mark.parametrize("path", [path for path in MODULES if layer(path) == "core"], ids=lambda path: path.stem)
def test_the_core_needs_numbers_only(path: Path) -> None:
    roots = {name.split(".")[0] for name in imported(path)}
    assert roots <= NUMBERS | {"core"} | sys.stdlib_module_names
