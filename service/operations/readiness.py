"""Check whether the service can render and serve narrations."""

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from service.errors import NotReady
from service.narrations.backend import NarrationBackend
from service.operations.bounded_check import BoundedCheck
from voices.engine import SOUND_VERSION
from workers.database.migrate import read_version
from workers.errors import StorageFailed
from workers.queue.stats import Stats
from workers.storage.atomic_files import translating_os_errors

_WORKER_TIMEOUT_S = 60
"""A worker whose last heartbeat is older counts as gone."""

_CHECK_TIMEOUT_S = 5
"""Time for all checks; monitoring does not wait much longer."""

_MIN_FREE_BYTES = 100_000_000
"""Free disk space that the service needs: an article's segments, file and sentences,
for each of many workers."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """Checks of what every narration needs."""

    backend: NarrationBackend
    stats: Stats

    folder: Path | None
    """The data folder; None if the library is in Redis."""

    _checks: tuple[BoundedCheck, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Prepare the checks."""
        place = self.backend.database.place
        checks = (
            BoundedCheck("The queue", self._workers),
            BoundedCheck(f"The database {place}", self._database),
            BoundedCheck("The library", self._library),
            BoundedCheck(f"The disk of {self.folder}", self._disk),
        )
        object.__setattr__(self, "_checks", checks)

    def require(self) -> None:
        """Raise NotReady if a check fails; its message names every failure."""
        failures = list(self._failures())
        if failures:
            raise NotReady(" ".join(failures))

    def _failures(self) -> Iterator[str]:
        for check in self._checks:
            check.start()
        deadline = time.monotonic() + _CHECK_TIMEOUT_S
        for check in self._checks:
            problem = check.problem(max(0, deadline - time.monotonic()))
            if problem is not None:
                yield problem

    def _workers(self) -> None:
        require_worker(self.stats)

    def _database(self) -> None:
        read_version(self.backend.database)

    def _library(self) -> None:
        self.backend.archive.library.narrations.size("any")
        self.backend.require_room()

    def _disk(self) -> None:
        if self.folder is None:
            return
        with translating_os_errors(self.folder):
            free = shutil.disk_usage(self.folder).free
        if free < _MIN_FREE_BYTES:
            message = (
                f"{self.folder} has {free // 1_000_000} MB left; free at least"
                f" {_MIN_FREE_BYTES // 1_000_000} MB."
            )
            raise StorageFailed(message)


def require_worker(stats: Stats, host: str | None = None) -> None:
    """Require a heartbeat of a worker, anywhere or on one host.

    Raises:
        NotReady: There is none.
        QueueUnavailable: Redis does not answer.
    """
    # Workers of another version render for other keys.
    prefix = f"{SOUND_VERSION}:" if host is None else f"{SOUND_VERSION}:{host}:"
    workers = stats.snapshot().workers
    if not any(
        age < _WORKER_TIMEOUT_S
        for name, age in workers.items()
        if name.startswith(prefix)
    ):
        here = "" if host is None else f" on {host}"
        message = (
            f"No worker{here} has sent a heartbeat for {_WORKER_TIMEOUT_S} seconds;"
            " start one with `outspoken worker`."
        )
        raise NotReady(message)
