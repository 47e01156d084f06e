"""A clock, ages and names for tests of storage."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from workers.storage.blobs import (
    BlobInfo,
)

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
