"""Files of a backup: audio of the library, added voices."""

import os
import shutil
from collections.abc import Container, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from voices.system.fsync import fsync
from workers.storage.atomic_files import replace_file, translating_os_errors
from workers.storage.blobs import BlobStore, DiskBlobStore


@dataclass(frozen=True, slots=True)
class BackedUpAudio:
    """What a backup has of the audio that a database lists."""

    files: int = 0

    bytes: int = 0
    """Sum of their bytes."""

    added: int = 0
    """Those that it did not have before."""

    missing: int = 0
    """Those that the library lacks too."""


def add_audio(
    listed: Mapping[str, int], library: BlobStore, source: Path | None, target: Path
) -> BackedUpAudio:
    """Add the audio that a backup lacks.

    Args:
        listed: bytes of each file, by name.
        library: the store that has them.
        source: its folder, if it is one.  Files on the same disk are hard-linked, which
            takes no space; they are never changed.
        target: the folder of the backup's audio.

    Raises:
        StorageFailed: The library or the target cannot be used.
    """
    copies = DiskBlobStore(target)
    added, present, linked_into = 0, 0, set()
    total = 0
    for name, size in listed.items():
        if copies.size(name) != size:
            copies.remove(name)  # damaged
            if library.size(name) != size:
                continue
            if source and _link(source / name, target / name):
                linked_into.add((target / name).parent)
            elif not _copy(library, name, target / name):
                continue
            added += 1
        present += 1
        total += size
    with translating_os_errors(target):
        for folder in linked_into:
            fsync(folder)
    return BackedUpAudio(present, total, added, len(listed) - present)


def remove_unlisted(listed: Container[str], target: Path) -> int:
    """Remove audio that is not listed from a backup; return how many files.

    Raises:
        StorageFailed: The target cannot be written.
    """
    copies = DiskBlobStore(target)
    unlisted = [blob.name for blob in copies.list() if blob.name not in listed]
    for name in unlisted:
        copies.remove(name)
    return len(unlisted)


def copy_voices(source: Path, target: Path) -> None:
    """Make the voices of a backup equal to those that were added to the service.

    Without a folder of voices, which is also the case on a machine that only makes
    backups, those of the backup stay.

    Raises:
        StorageFailed: A file cannot be read or written.
    """
    if not source.is_dir():
        return
    with translating_os_errors(target):
        wanted, found = _voices(source), _voices(target)
        for name in found - wanted:
            shutil.rmtree(target / name)
        for name in wanted:
            if _listing(source / name) != _listing(target / name):
                _replace_folder(source / name, target / name)


def _link(source: Path, target: Path) -> bool:
    """Link a file; return False where that is not possible."""
    with suppress(OSError):  # another disk, one without links, another user's file
        target.parent.mkdir(parents=True, exist_ok=True)
        os.link(source, target)
        return True
    return False


def _copy(library: BlobStore, name: str, target: Path) -> bool:
    content = library.read(name)
    if content is None:  # evicted meanwhile
        return False
    with translating_os_errors(target.parent):
        # Not as a blob store writes: many backup disks have no hard links.
        replace_file(target, content)
    return True


def _voices(folder: Path) -> set[str]:
    if not folder.is_dir():
        return set()
    # Those being installed begin with a dot.
    return {path.name for path in folder.iterdir() if not path.name.startswith(".")}


def _listing(folder: Path) -> dict[Path, tuple[int, int]]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    facts = {path.relative_to(folder): path.stat() for path in files}
    return {path: (stat.st_size, stat.st_mtime_ns) for path, stat in facts.items()}


def _replace_folder(source: Path, target: Path) -> None:
    """Copy a folder, with times; in the end in one step."""
    partial = target.with_name(f".{target.name}.partial")
    if partial.exists():
        shutil.rmtree(partial)
    partial.mkdir(parents=True)
    for path in sorted(source.rglob("*")):
        copy = partial / path.relative_to(source)
        if path.is_dir():
            copy.mkdir()
        else:
            shutil.copy2(path, copy)
            fsync(copy)
    if target.exists():
        shutil.rmtree(target)
    partial.rename(target)
    fsync(target.parent)
