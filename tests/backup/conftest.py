"""Fixtures of the tests of backups."""

from pathlib import Path

import pytest

from service.settings import ServiceSettings
from tests.support.databases.installation import Installation, installation_of


@pytest.fixture(name="installation")
def _installation(tmp_path: Path) -> Installation:
    """Articles in SQLite, their audio on disk."""
    settings = ServiceSettings(data=tmp_path / "data", _env_file=None)
    return installation_of(settings, tmp_path / "backup")
