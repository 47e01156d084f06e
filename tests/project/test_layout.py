"""The layout of the repository: names, folders, locks."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

import service
import voices
import workers
from tests.support.paths import ROOT, tracked_files

HOSTS = re.compile(
    r"py[p]i\.org|files\.python[h]osted\.org|registry\.npm[j]s|deb\.deb[i]an\.org"
)


def tracked() -> list[Path]:
    return [path for path in tracked_files() if path.suffix != ".png"]


@pytest.mark.parametrize("package", [service, workers, voices])
def test_packages_are_imported_from_this_repository(package: object) -> None:
    file = getattr(package, "__file__", None)
    assert file
    assert Path(file).is_relative_to(ROOT)


def test_no_file_names_a_package_index() -> None:
    found = [path for path in tracked() if HOSTS.search(path.read_text())]
    assert found == []


def test_locks_pin_by_hash() -> None:
    for lock in ROOT.glob("requirements*.lock"):
        pins = re.findall(
            r"^(\S+==\S+).*\\\n((?:    --hash=.*\n)*)", lock.read_text(), re.MULTILINE
        )
        assert len(pins) > 40
        assert all(hashes for _, hashes in pins)


def test_the_runtime_lock_is_part_of_the_development_lock() -> None:
    runtime, developers = (
        set(re.findall(r"^\S+==\S+", (ROOT / name).read_text(), re.MULTILINE))
        for name in ("requirements.lock", "requirements-dev.lock")
    )
    assert runtime < developers


MAX_MODULES_PER_FOLDER = 14


def modules() -> list[Path]:
    return [path for path in tracked() if path.suffix == ".py"]


def test_folders_hold_few_modules() -> None:
    sizes = Counter(path.parent for path in modules() if path.stem != "__init__")
    assert {
        str(folder.relative_to(ROOT)): size
        for folder, size in sizes.items()
        if size > MAX_MODULES_PER_FOLDER
    } == {}


def test_class_names_are_unique() -> None:
    names = Counter(
        node.name.lstrip("_")
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef)
    )
    assert [name for name, count in names.items() if count > 1] == []


def test_test_modules_do_not_import_each_other() -> None:
    imported = [
        f"{path.relative_to(ROOT)}: {match[1]}"
        for path in modules()
        for match in re.finditer(
            r"^(?:from|import) (tests\.[\w.]*test_\w+)", path.read_text(), re.MULTILINE
        )
    ]
    assert imported == []
