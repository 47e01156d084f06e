"""Clocks, ages, names and interruptions for tests of storage."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Connection

from workers.database import Database
from workers.storage.archive import Archive
from workers.storage.blobs import BlobInfo, Library

NAME = "ab/" + "ab" * 32 + ".mp3"
"""Name of a blob."""

HOUR_S = 3600


@dataclass
class Clock:
    """A clock set by the test."""

    now: float = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now

    def pass_by(self, seconds: float) -> None:
        self.now += seconds


def age(folder: Path, seconds: float) -> None:
    """Make every file older than it is."""
    for path in folder.rglob("*"):
        if path.is_file():
            mtime = path.stat().st_mtime - seconds
            os.utime(path, (mtime, mtime))


def names(items: Iterator[BlobInfo]) -> list[str]:
    return sorted(item.name for item in items)


# Interruptions


class Killed(BaseException):
    """Simulates the death of a process."""


@dataclass
class Nth:
    """Does something once, before the n-th step."""

    number: int
    action: Callable[[], object]
    steps: int = 0

    def __call__(self) -> None:
        self.steps += 1
        if self.steps == self.number:
            self.action()


def interrupted(archive: Archive, before_step: Callable[[], None]) -> Archive:
    """Return an archive that calls `before_step` before each step.

    A step is a call of a blob store or a transaction.
    """
    database = cast("Database", _InterruptedDatabase(archive.database, before_step))
    narrations = _Interrupted(archive.library.narrations, before_step)
    segments = _Interrupted(archive.library.segments, before_step)
    library = cast(
        "Library", replace(archive.library, narrations=narrations, segments=segments)
    )
    return Archive(library, database, archive.quota)


class _Interrupted:
    def __init__(self, store: object, before_step: Callable[[], None]) -> None:
        self._store = store
        self._before_step = before_step

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(*arguments: object) -> Any:  # noqa: ANN401 - any method
            self._before_step()
            return getattr(self._store, name)(*arguments)

        return call


class _InterruptedDatabase:
    def __init__(self, database: Database, before_step: Callable[[], None]) -> None:
        self._database = database
        self._before_step = before_step

    @contextmanager
    def read(self) -> Iterator[Connection]:
        self._before_step()
        with self._database.read() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        self._before_step()
        with self._database.write() as connection:
            yield connection

    def truncate_log(self) -> None:
        self._before_step()
        self._database.truncate_log()
