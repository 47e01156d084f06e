"""Whether the service can do its work, or what it lacks."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from service.errors import NotReady
from service.narrations.backend import NarrationBackend
from voices.engine import SOUND_VERSION
from voices.errors import OutspokenError
from workers.errors import StorageFailed
from workers.queue.stats import Stats
from workers.storage.atomic_files import translating_os_errors
from workers.storage.records import Records

_SILENT = 60
"""Seconds after which a worker that gave no sign of life is taken for gone."""

_SPARE = 100_000_000
"""Bytes that are to be free on the disk: an article's parts, file and sentences, for
each of many workers."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """What every narration needs."""

    backend: NarrationBackend
    records: Records
    stats: Stats

    folder: Path | None
    """Where audio and records are written; None when they are in Redis."""

    def require(self) -> None:
        """Return if all is there; raises NotReady, which names all that lacks."""
        lacking = list(self._lacking())
        if lacking:
            raise NotReady(" ".join(lacking))

    def _lacking(self) -> Iterator[str]:
        checks: tuple[Callable[[], None], ...] = (
            self._workers,
            self._records,
            self._library,
            self._disk,
        )
        for check in checks:
            try:
                check()
            except OutspokenError as error:
                yield str(error)

    def _workers(self) -> None:
        workers = self.stats.snapshot().workers
        mine = f"{SOUND_VERSION}:"
        if not any(
            silent < _SILENT
            for name, silent in workers.items()
            if name.startswith(mine)
        ):
            message = (
                f"No worker gave a sign of life for {_SILENT} seconds; start one with"
                " `outspoken worker`."
            )
            raise NotReady(message)

    def _records(self) -> None:
        self.records.find("articles", "any")

    def _library(self) -> None:
        self.backend.archive.library.narrations.size("any")
        self.backend.require_room()

    def _disk(self) -> None:
        if self.folder is None:
            return
        with translating_os_errors(self.folder):
            free = shutil.disk_usage(self.folder).free
        if free < _SPARE:
            message = (
                f"{self.folder} has {free // 1_000_000} MB left; free at least"
                f" {_SPARE // 1_000_000} MB."
            )
            raise StorageFailed(message)
