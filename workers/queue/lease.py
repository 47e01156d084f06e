"""A worker makes a narration, and while it lives nobody else does."""

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

from workers.errors import LeaseLost, NarrationCancelled, QueueUnavailable
from workers.narration import NarrationKey
from workers.queue.jobs import (
    ENDED_JOB_TTL_S,
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
"""Times that a sentence may end its worker before its narration is given up."""


@dataclass(frozen=True, slots=True)
class LeaseTimeouts:
    """How long what may be waited for."""

    lease_s: float = 15
    """Seconds of silence after which a worker is taken for dead; five times its
    heartbeat, so that a machine at its limit is not."""

    sentence_s: float = 120
    """Seconds that one sentence may take; the longest takes five."""

    @property
    def beat(self) -> float:
        """Seconds between two signs of life."""
        return self.lease_s / 5


class TakeResult(StrEnum):
    """What became of an attempt to take a job."""

    TAKEN = "taken"

    HELD = "held"
    """Another worker makes it."""

    OVER = "over"
    """It is made, failed, cancelled or forgotten."""

    POISONED = "poisoned"
    """It has ended its worker as often as may be."""


class Lease:
    """The right to make one narration."""

    def __init__(self, jobs: Jobs, key: NarrationKey, patience: LeaseTimeouts) -> None:
        """Prepare to take the job of this key; `take` does it."""
        self.key = key
        self._patience = patience
        self._jobs = jobs
        self._token = f"{_machine()}:{os.getpid()}:{secrets.token_hex(8)}"
        self._keys = [job_key(key), lease_key(key)]
        self._take = load_script(jobs.redis, "take")
        self._hold = load_script(jobs.redis, "renew")
        self._leave = load_script(jobs.redis, "finish")
        self._last_progress_at = time.monotonic()

    def take(self) -> TakeResult:
        """Take the job if it waits and nobody holds it; raises QueueUnavailable."""
        with translating_redis_errors():
            return TakeResult(
                self._take(
                    self._keys,
                    [self._token, self._milliseconds, ATTEMPTS, self._dead()],
                )
            )

    def _dead(self) -> str:
        """Return the token of a holder that ran on this machine and no longer does."""
        token = cast("str | None", self._jobs.redis.get(self._keys[1])) or ""
        host, _, rest = token.partition(":")
        pid = rest.partition(":")[0]
        if host == _machine() and pid and not _runs(int(pid)):
            return token
        return ""

    @contextlib.contextmanager
    def kept(self) -> Iterator[None]:
        """Give signs of life while the block runs.

        A sentence that takes too long ends this process: nothing else stops a model
        that hangs, and whoever supervises starts another.
        """
        over = threading.Event()
        self._last_progress_at = time.monotonic()
        heart = threading.Thread(target=self._heartbeat, args=[over], daemon=True)
        heart.start()
        try:
            yield
        finally:
            over.set()
            heart.join()

    def keep_alive(self) -> None:
        """Record progress although no sentence is done."""
        self._last_progress_at = time.monotonic()

    def advance(self, done: int) -> None:
        """Note that so many sentences are done.

        Raises NarrationCancelled or LeaseLost; not when Redis is away: progress is for
        the eye, and must not cost the narration.
        """
        self._last_progress_at = time.monotonic()
        try:
            self._go_on(done)
        except QueueUnavailable:
            _LOG.warning("narration %s: progress %d not noted", self.key, done)

    def is_ours(self) -> bool:
        """Whether nobody else has taken the job; raises QueueUnavailable."""
        with translating_redis_errors():
            return self._jobs.redis.get(self._keys[1]) in {None, self._token}

    def leave(self, state: State, **fields: str | int) -> bool:
        """Note how it ended, or that it is queued again; the lease is over.

        Returns False when another worker holds it by now.  Raises QueueUnavailable.
        """
        listed = [item for pair in fields.items() for item in pair]
        with translating_redis_errors():
            return bool(
                self._leave(
                    [*self._keys, LIVE, claimants_key(self.key)],
                    [
                        self._token,
                        self.key,
                        ENDED_JOB_TTL_S,
                        state,
                        "problem",
                        "",
                        *listed,
                    ],
                )
            )

    @property
    def _milliseconds(self) -> int:
        return round(1000 * self._patience.lease_s)

    def _go_on(self, *done: int) -> None:
        with translating_redis_errors():
            answer = self._hold(self._keys, [self._token, self._milliseconds, *done])
        if answer == "cancelled":
            raise NarrationCancelled(f"Narration {self.key} is not wanted any more.")
        if answer == "lost":
            raise LeaseLost(f"Narration {self.key} is being made by another worker.")

    def _heartbeat(self, over: threading.Event) -> None:
        while not over.wait(self._patience.beat):
            if time.monotonic() - self._last_progress_at > self._patience.sentence_s:
                _LOG.error("narration %s: a sentence does not end", self.key)
                os.kill(os.getpid(), signal.SIGKILL)
            # Cancelled or overtaken: the maker learns it after its sentence.  Away: it
            # may come back before the lease ends.
            with contextlib.suppress(QueueUnavailable, NarrationCancelled, LeaseLost):
                self._go_on()


def _machine() -> str:
    """Name the running kernel and its table of processes; hosts may share a name."""
    try:
        kernel = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii")
        return f"{kernel.strip()}.{Path('/proc/self/ns/pid').stat().st_ino}"
    except OSError:
        return socket.gethostname()


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
