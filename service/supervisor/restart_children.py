"""The supervisor's child processes: started, restarted after an exit, stopped."""

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

_RESTART_DELAYS_S = (
    0.0,  # a process that was killed once can run again at once
    0.5,  # a broker that it depends on may be restarting too
    2.0,  # memory that was short is free again
    6.0,  # a missing folder is mounted again
)
"""Delay before the first, second … restart of a process that keeps exiting, and before
every later one; a process that cannot run must not take CPU time from the others."""

_HEALTHY_AFTER_S = 5
"""A process that ran this long was healthy, and its next exit counts as its first.  The
slowest process needs 3 s to start."""

_STOP_TIMEOUT_S = 10
"""Time a process has to exit before it gets the next stronger signal."""

_IDLE_INTERVAL_S = 60.0
"""Between two checks if no signal arrives."""


@dataclass(frozen=True, slots=True)
class ProcessSpec:
    """A process that the service needs."""

    name: str
    start: Callable[[], Process]

    log_hint: str = "above"
    """Where its log is, for error messages."""

    stops_last: bool = False
    """Whether it is stopped after the others have ended."""


class _Child:
    """A running process and its restarts."""

    def __init__(self, spec: ProcessSpec) -> None:
        self.spec = spec
        self.process = spec.start()
        self.restart_at: float | None = None
        """When it will be restarted, on the monotonic clock; None while it runs."""
        self._started_at = time.monotonic()
        self._exits = 0

    @property
    def has_exited(self) -> bool:
        """Whether it has exited and no restart is scheduled yet."""
        return self.restart_at is None and self.process.poll() is not None

    def schedule_restart(self) -> None:
        """Log the exit and decide when to restart."""
        _kill_group(self.process)
        now = time.monotonic()
        was_healthy = now - self._started_at >= _HEALTHY_AFTER_S
        self._exits = 1 if was_healthy else self._exits + 1
        delay = _RESTART_DELAYS_S[min(self._exits, len(_RESTART_DELAYS_S)) - 1]
        self.restart_at = now + delay
        message = "the %s exited (%s); restarting it in %g seconds"
        _LOG.warning(message, self.spec.name, _exit_cause(self.process), delay)

    def restart(self) -> None:
        """Start the process again."""
        self._started_at, self.restart_at = time.monotonic(), None
        try:
            self.process = self.spec.start()
        except (OSError, subprocess.SubprocessError) as error:
            # The exited process stays in place, so its exit is counted once more.
            _LOG.warning("the %s cannot be started: %s", self.spec.name, error)

    def exit_error(self) -> ChildProcessExited:
        """Return the error that names this process."""
        message = (
            f"The {self.spec.name} exited ({_exit_cause(self.process)}); see its log"
            f" {self.spec.log_hint}, fix the cause and start the service again."
        )
        return ChildProcessExited(message)


class Children:
    """All child processes; they are stopped when the block ends."""

    def __init__(self) -> None:
        """Begin with none."""
        self._children: list[_Child] = []

    def __enter__(self) -> Self:
        """Return this object."""
        return self

    def __exit__(
        self,
        _: type[BaseException] | None,
        __: BaseException | None,
        ___: TracebackType | None,
    ) -> None:
        """Stop every process, those with `stops_last` after the others."""
        for last in (False, True):
            _stop(
                [
                    child.process
                    for child in self._children
                    if child.spec.stops_last is last
                ]
            )

    def start(self, spec: ProcessSpec) -> None:
        """Start a process for the first time; raises OSError."""
        self._children.append(_Child(spec))

    def require_running(self) -> None:
        """Raise ChildProcessExited if a process has exited during start-up."""
        for child in self._children:
            if child.has_exited:
                raise child.exit_error()

    def restart_exited(self) -> float:
        """Restart exited processes; return the seconds until the next call is due."""
        for child in self._children:
            if child.has_exited:
                child.schedule_restart()
            if child.restart_at is not None and child.restart_at <= time.monotonic():
                child.restart()
        due = [
            child.restart_at for child in self._children if child.restart_at is not None
        ]
        return max(0.0, min(due) - time.monotonic()) if due else _IDLE_INTERVAL_S


def _stop(processes: list[Process]) -> None:
    # SIGQUIT makes a worker hand its jobs back; SIGKILL also ends its pool.
    for number in (signal.SIGTERM, signal.SIGQUIT):
        running = [process for process in processes if process.poll() is None]
        for process in running:
            process.send_signal(number)
        deadline = time.monotonic() + _STOP_TIMEOUT_S
        for process in running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, deadline - time.monotonic()))
    for process in processes:
        _kill_group(process)
        process.wait()


def _kill_group(process: Process) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def _exit_cause(process: Process) -> str:
    code = process.returncode
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name
