"""The folder of a backup: claim it, replace its database, note when it was written."""

import contextlib
import json
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from service.errors import BackupRefused
from service.supervisor.data_folder_lock import DATA_LOCK, hold_lock
from voices.system.fsync import fsync
from workers.database.copy_database import POSTGRESQL_COPY, SQLITE_COPY
from workers.storage.atomic_files import replace_file, translating_os_errors

MARKER = "backup.json"
"""Distinguishes a backup from other folders; says when it was completed."""

_LOCK = "backup.lock"
_PARTIAL_PREFIX = ".partial-"


@contextmanager
def claim_backup_folder(folder: Path, sources: Iterable[Path]) -> Iterator[None]:
    """Hold a folder for one backup until the block ends; create it.

    Args:
        folder: the folder of the backup, or of a new one.
        sources: files and folders that are backed up.

    Raises:
        BackupRefused: It holds something else, or another backup is being written.
        StorageFailed: It cannot be written.
    """
    _require_outside(folder, sources)
    with translating_os_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        _require_backup(folder)
    busy = f"Another backup is being written to {folder}; wait until it ends."
    with hold_lock(folder / _LOCK, BackupRefused(busy)):
        with translating_os_errors(folder):
            if not (folder / MARKER).exists():
                write_marker(folder, {"completed": None})
            for partial in folder.glob(f"{_PARTIAL_PREFIX}*"):
                partial.unlink()
        yield


@contextmanager
def partial_file(folder: Path) -> Iterator[Path]:
    """Yield the path of a file that does not exist; remove what is left of it."""
    # Not one name for all: a killed backup's pg_dump may still write to its own.
    partial = folder / f"{_PARTIAL_PREFIX}{secrets.token_hex(4)}"
    try:
        yield partial
    finally:
        for path in folder.glob(f"{partial.name}*"):  # with the files of SQLite
            path.unlink(missing_ok=True)


def replace_database(folder: Path, copy: Path, name: str) -> None:
    """Put a copy of the database in place of the previous one, in one step.

    Raises:
        BackupRefused: A program has the previous one open.
        StorageFailed: The folder cannot be written.
    """
    _settle(folder / SQLITE_COPY)
    with translating_os_errors(folder):
        copy.replace(folder / name)
        # Of a service that has moved to another kind of database.
        for other in {SQLITE_COPY, POSTGRESQL_COPY} - {name}:
            (folder / other).unlink(missing_ok=True)
        fsync(folder)


def write_marker(folder: Path, content: Mapping[str, object]) -> None:
    """Write what is known about the backup; raises StorageFailed."""
    with translating_os_errors(folder):
        replace_file(folder / MARKER, f"{json.dumps(content)}\n".encode())


def _require_outside(folder: Path, sources: Iterable[Path]) -> None:
    for source in sources:
        if source.resolve().is_relative_to(folder.resolve()):
            message = f"{folder} holds {source} of the service; choose another folder."
            raise BackupRefused(message)


def _require_backup(folder: Path) -> None:
    if (folder / DATA_LOCK).exists():
        message = (
            f"A service has used {folder} as its data folder; choose another folder for"
            " the backup."
        )
        raise BackupRefused(message)
    if not (folder / MARKER).exists() and any(folder.iterdir()):
        message = f"{folder} is not empty and not a backup; choose another folder."
        raise BackupRefused(message)


def _settle(database: Path) -> None:
    """End what another program has left unfinished in the previous copy.

    A log that stays would be applied to the new copy and damage it.
    """
    logs = [database.with_name(f"{database.name}{end}") for end in ("-wal", "-journal")]
    if not any(log.exists() for log in logs):
        return
    with contextlib.suppress(sqlite3.Error), closing(sqlite3.connect(database)) as old:
        old.execute("PRAGMA journal_mode = DELETE")
    if any(log.exists() for log in logs):
        message = f"A program has {database} open; end it, or choose another folder."
        raise BackupRefused(message)
