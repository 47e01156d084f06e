"""The processes of the house: who dies is started again."""

import contextlib
import logging
import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from service.errors import ChildProcessExited
from voices.system.child_process import Process

_LOG = logging.getLogger(__name__)

_PAUSES = (
    0.0,  # whoever was killed once is well again at once
    0.5,  # what it shared with the dead, such as a broker, may be starting too
    2.0,  # memory that was short is given back
    6.0,  # a folder that was away is mounted again
)
"""Seconds before a child that dies again and again is started for the first, second …
time, and every time after; one that cannot live must not take the others along."""

_WELL = 5
"""Seconds; a child that lived as long was well, and its next death is its first.  The
slowest takes three to start."""

_GRACE = 10
"""Seconds that a child has to end by itself before it is told more strongly."""

_QUIET = 60.0
"""Seconds between two looks when nothing rings."""


@dataclass(frozen=True, slots=True)
class ProcessSpec:
    """Somebody the house needs."""

    name: str
    start: Callable[[], Process]

    speaks: str = "above"
    """Where what it said is to be read."""

    goes_last: bool = False
    """Whether it ends only when the others have."""


class _Child:
    """Whoever holds a post now."""

    def __init__(self, post: ProcessSpec) -> None:
        self.post = post
        self.process = post.start()
        self.due: float | None = None
        self._born = time.monotonic()
        self._deaths = 0

    @property
    def is_dead(self) -> bool:
        return self.due is None and self.process.poll() is not None

    def bury(self) -> None:
        """Decide when its successor starts."""
        _end_group(self.process)
        now = time.monotonic()
        self._deaths = 1 if now - self._born >= _WELL else self._deaths + 1
        pause = _PAUSES[min(self._deaths, len(_PAUSES)) - 1]
        self.due = now + pause
        cause = _cause(self.process)
        message = "the %s ended by itself (%s); it is started again in %g seconds"
        _LOG.warning(message, self.post.name, cause, pause)

    def succeed(self) -> None:
        """Start its successor."""
        self._born, self.due = time.monotonic(), None
        try:
            self.process = self.post.start()
        except (OSError, subprocess.SubprocessError) as error:
            # The dead one stays, and its next burial counts as this one's.
            _LOG.warning("the %s cannot be started: %s", self.post.name, error)

    def mourned(self) -> ChildProcessExited:
        """Return the error that names it."""
        message = (
            f"The {self.post.name} ended by itself ({_cause(self.process)});"
            f" what it said stands {self.post.speaks}.  Start the service again."
        )
        return ChildProcessExited(message)


class Children:
    """All of them; they end when the block does."""

    def __init__(self) -> None:
        """Begin with none."""
        self._children: list[_Child] = []

    def __enter__(self) -> Self:
        """Return these."""
        return self

    def __exit__(
        self,
        _: type[BaseException] | None,
        __: BaseException | None,
        ___: TracebackType | None,
    ) -> None:
        """End every child: those who go last, last."""
        for last in (False, True):
            _end([one.process for one in self._children if one.post.goes_last is last])

    def start(self, post: ProcessSpec) -> None:
        """Fill a post for the first time; raises OSError."""
        self._children.append(_Child(post))

    def expect_alive(self) -> None:
        """Raise ChildProcessExited if a process has exited during start-up."""
        for child in self._children:
            if child.is_dead:
                raise child.mourned()

    def tend(self) -> float:
        """Start again who has died; returns seconds until it is to be called again."""
        for child in self._children:
            if child.is_dead:
                child.bury()
            if child.due is not None and child.due <= time.monotonic():
                child.succeed()
        waiting = [one.due for one in self._children if one.due is not None]
        return max(0.0, min(waiting) - time.monotonic()) if waiting else _QUIET


def _end(processes: list[Process]) -> None:
    # SIGQUIT makes a worker put back what it holds; SIGKILL takes its pool along.
    for number in (signal.SIGTERM, signal.SIGQUIT):
        alive = [one for one in processes if one.poll() is None]
        for process in alive:
            process.send_signal(number)
        deadline = time.monotonic() + _GRACE
        for process in alive:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, deadline - time.monotonic()))
    for process in processes:
        _end_group(process)
        process.wait()


def _end_group(process: Process) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def _cause(process: Process) -> str:
    code = process.returncode
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name
