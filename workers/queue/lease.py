"""Leases: the exclusive right of a live worker to render a job."""

import contextlib
import logging
import os
import secrets
import signal
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import cast

from workers.errors import QueueUnavailable
from workers.interruptions import JobCancelled, LeaseLost
from workers.narration import NarrationKey
from workers.queue.jobs import (
    ENDED_JOB_TTL_S,
    EVENTS,
    EVENTS_KEPT,
    LIVE,
    Jobs,
    State,
    claimants_key,
    job_key,
    lease_key,
    translating_redis_errors,
)
from workers.queue.lua import load_script

_LOG = logging.getLogger(__name__)

ATTEMPTS = 3
"""Times that a sentence may end its worker: then the job fails if that was its fault,
else it is deferred."""


@dataclass(frozen=True, slots=True)
class LeaseTimeouts:
    """Time limits of a lease."""

    lease_s: float = 15
    """Time without a heartbeat after which a worker counts as dead; five heartbeats, so
    that an overloaded machine does not."""

    sentence_s: float = 120
    """Time limit per sentence; the longest takes five seconds."""

    deferrals_s: tuple[int, ...] = (30, 120, 600)
    """Pauses before a job is tried again whose workers ended at the same sentence for
    an unknown reason: killed from outside, or by the system for want of memory."""

    @property
    def heartbeat_s(self) -> float:
        """Seconds between two heartbeats."""
        return self.lease_s / 5


class TakeResult(StrEnum):
    """Outcome of an attempt to take a job."""

    TAKEN = "taken"

    HELD = "held"
    """Another worker has the lease."""

    OVER = "over"
    """The job is ready, failed, cancelled or unknown."""

    DEFERRED = "deferred"
    """Its workers ended repeatedly for an unknown reason; it waits for a pause."""

    POISONED = "poisoned"
    """Its workers ended repeatedly at the same sentence, and will again."""


class Lease:
    """The exclusive right to render one job."""

    def __init__(self, jobs: Jobs, key: NarrationKey, timeouts: LeaseTimeouts) -> None:
        """Prepare a lease of the job; call `take` to acquire it."""
        self.key = key
        self._timeouts = timeouts
        self._jobs = jobs
        self._token = f"{_machine()}:{os.getpid()}:{secrets.token_hex(8)}"
        self._keys = [job_key(key), lease_key(key)]
        self._take_step = load_script(jobs.redis, "take")
        self._renew_step = load_script(jobs.redis, "renew")
        self._finish_step = load_script(jobs.redis, "finish")
        self._last_progress_at = time.monotonic()

    def take(self) -> TakeResult:
        """Take the job if it waits and has no other lease; raises QueueUnavailable."""
        with translating_redis_errors():
            return TakeResult(
                self._take_step(
                    [*self._keys, EVENTS],
                    [
                        *(self._token, self._lease_ms, ATTEMPTS, self._dead_holder()),
                        *(self.key, EVENTS_KEPT),
                        *self._timeouts.deferrals_s,
                    ],
                )
            )

    def _dead_holder(self) -> str:
        """Return the token of a holder whose process on this machine has ended."""
        token = cast("str | None", self._jobs.redis.get(self._keys[1])) or ""
        host, _, rest = token.partition(":")
        pid = rest.partition(":")[0]
        if host == _machine() and pid and not _is_running(int(pid)):
            return token
        return ""

    @contextlib.contextmanager
    def renewed(self) -> Iterator[None]:
        """Renew the lease from a thread while the block runs.

        Kills this process if a sentence exceeds its time limit: a hanging model cannot
        be stopped otherwise, and the pool starts another process.
        """
        stop = threading.Event()
        self._last_progress_at = time.monotonic()
        heartbeat = threading.Thread(target=self._heartbeat, args=[stop], daemon=True)
        heartbeat.start()
        try:
            yield
        finally:
            stop.set()
            heartbeat.join()

    def keep_alive(self) -> None:
        """Restart the time limit of the current sentence."""
        self._last_progress_at = time.monotonic()

    def advance(self, done: int) -> None:
        """Record the number of sentences done.

        Does not raise if Redis is away: progress is informational.

        Raises:
            JobCancelled: The job was cancelled.
            LeaseLost: Another worker has the lease.
        """
        self._last_progress_at = time.monotonic()
        try:
            self._renew(done)
        except QueueUnavailable:
            _LOG.warning("narration %s: progress %d is not recorded", self.key, done)

    def is_ours(self) -> bool:
        """Return whether no other worker has the lease; raises QueueUnavailable."""
        with translating_redis_errors():
            return self._jobs.redis.get(self._keys[1]) in {None, self._token}

    def finish(self, state: State, **fields: str | int) -> bool:
        """End the lease; record the job's end, or queue it again.

        Return False if another worker has the lease by now.

        Raises:
            QueueUnavailable: Redis does not answer.
        """
        pairs = [item for pair in fields.items() for item in pair]
        with translating_redis_errors():
            return bool(
                self._finish_step(
                    [*self._keys, LIVE, claimants_key(self.key), EVENTS],
                    [
                        self._token,
                        self.key,
                        ENDED_JOB_TTL_S,
                        state,
                        EVENTS_KEPT,
                        "problem",
                        "",
                        *pairs,
                    ],
                )
            )

    @property
    def _lease_ms(self) -> int:
        return round(1000 * self._timeouts.lease_s)

    def _renew(self, *done: int) -> None:
        with translating_redis_errors():
            answer = self._renew_step(
                [*self._keys, EVENTS],
                [self._token, self._lease_ms, self.key, EVENTS_KEPT, *done],
            )
        if answer == "cancelled":
            raise JobCancelled(f"Narration {self.key} has no claimants.")
        if answer == "lost":
            raise LeaseLost(f"Narration {self.key} is rendered by another worker.")

    def _heartbeat(self, stop: threading.Event) -> None:
        while not stop.wait(self._timeouts.heartbeat_s):
            if time.monotonic() - self._last_progress_at > self._timeouts.sentence_s:
                _LOG.error("narration %s: a sentence exceeds its time limit", self.key)
                with contextlib.suppress(QueueUnavailable):
                    self._jobs.increment(self.key, "faults")
                os.kill(os.getpid(), signal.SIGKILL)
            # A cancelled or lost job stops at its next `advance`.  Redis may come back
            # before the lease ends.
            with contextlib.suppress(QueueUnavailable, JobCancelled, LeaseLost):
                self._renew()


def _machine() -> str:
    """Identify the kernel and its pid namespace; host names may be shared."""
    try:
        kernel = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii")
        return f"{kernel.strip()}.{Path('/proc/self/ns/pid').stat().st_ino}"
    except OSError:
        return socket.gethostname()


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
