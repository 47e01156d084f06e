"""`outspoken doctor`: checks of an installation."""

from pathlib import Path

import pytest

from service.settings import ServiceSettings
from tests.support.cli import call
from tests.support.databases.revisions import put
from tests.support.service import run
from voices.sentence import Script
from voices.tone import ToneEngine
from workers.database.migrate import VERSION
from workers.narration import JobSpec
from workers.rendering.render import render_script
from workers.storage.open_storage import open_archive


@pytest.mark.live
def test_doctor_accepts_a_valid_installation(data: Path) -> None:
    done = run("doctor", data=data)
    assert done.returncode == 0, done.stdout
    assert "en_US-joe-medium speaks" in done.stdout
    assert f"{data / 'outspoken.db'} answers (version {VERSION})" in done.stdout


def test_doctor_reports_a_library_filled_by_pinned_narrations(
    data: Path, script: Script
) -> None:
    settings = ServiceSettings(data=data, _env_file=None)
    narration = render_script(script, ToneEngine(), lambda _done, _total: None)
    archive = open_archive(settings)
    archive.store(JobSpec("a" * 32, "tone", script), narration)
    narrow = {"library_limit": str(len(narration.mp3) - 1)}
    assert call("doctor", data=data, **narrow).returncode == 0
    put(archive.database, key="a" * 32)
    done = call("doctor", data=data, **narrow)
    assert done.returncode == 1
    assert "WRONG  Narrations that articles use fill the library" in done.stdout


def test_doctor_reports_every_fault(data: Path) -> None:
    done = call("doctor", data=data, library="ftp://x", voice="absent")
    assert done.returncode == 1
    wrong = [line for line in done.stdout.splitlines() if line.startswith("WRONG")]
    assert len(wrong) == 2
    assert "OUTSPOKEN_LIBRARY" in wrong[0]
    assert "'absent'" in wrong[1]
