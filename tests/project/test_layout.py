"""The house is in order."""

import re
import subprocess
from pathlib import Path

import pytest

import service
import voices
import workers
from tests.support.paths import ROOT

HOSTS = re.compile(
    r"py[p]i\.org|files\.python[h]osted\.org|registry\.npm[j]s|deb\.deb[i]an\.org"
)


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],  # noqa: S607 - git on PATH
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = [ROOT / line for line in listed.stdout.splitlines()]
    return [path for path in paths if path.suffix != ".png" and path.exists()]


@pytest.mark.parametrize("package", [service, workers, voices])
def test_a_package_is_ours_and_not_another_of_its_name(package: object) -> None:
    file = getattr(package, "__file__", None)
    assert file
    assert Path(file).is_relative_to(ROOT)


def test_no_file_names_the_host_of_a_package_index() -> None:
    found = [path for path in tracked() if HOSTS.search(path.read_text())]
    assert found == []


def test_every_lock_pins_by_hash() -> None:
    for lock in ROOT.glob("requirements*.lock"):
        pins = re.findall(
            r"^(\S+==\S+).*\\\n((?:    --hash=.*\n)*)", lock.read_text(), re.MULTILINE
        )
        assert len(pins) > 40
        assert all(hashes for _, hashes in pins)


def test_the_runtime_lock_is_a_part_of_the_developers() -> None:
    runtime, developers = (
        set(re.findall(r"^\S+==\S+", (ROOT / name).read_text(), re.MULTILINE))
        for name in ("requirements.lock", "requirements-dev.lock")
    )
    assert runtime < developers
