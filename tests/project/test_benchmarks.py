"""Benchmarks run outside the tests; their imports of this code must exist."""

import ast
import importlib
from pathlib import Path

import pytest

BENCHMARKS = sorted(Path(__file__).parents[2].glob("benchmarks/**/*.py"))
PACKAGES = {"service", "workers", "voices"}


def imported_names(path: Path) -> list[tuple[str, str]]:
    """Return (module, name) of each import from one of the packages."""
    return [
        (node.module or "", alias.name)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").partition(".")[0] in PACKAGES
        for alias in node.names
    ]


@pytest.mark.parametrize("path", BENCHMARKS, ids=lambda path: path.stem)
def test_benchmark_imports_exist(path: Path) -> None:
    missing = [
        f"{module}.{name}"
        for module, name in imported_names(path)
        if not hasattr(importlib.import_module(module), name)
    ]
    assert not missing
