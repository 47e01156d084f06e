"""Fixtures of the command line's tests."""

from pathlib import Path

import pytest

from tests.support.cli import PAGE


@pytest.fixture(name="page")
def _page(tmp_path: Path) -> Path:
    """A file with a copied page."""
    page = tmp_path / "page.txt"
    page.write_text(PAGE)
    return page


@pytest.fixture(name="data")
def _data(tmp_path: Path) -> Path:
    """The path of a data folder that does not exist yet."""
    return tmp_path / "data"
