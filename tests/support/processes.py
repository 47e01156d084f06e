"""Inspect processes from outside, and wait for conditions."""

import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.paths import START_TIMEOUT_S


def children_of(parent: int) -> set[int]:
    """Return the ids of a process's direct children."""
    children = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if int(stat.rpartition(")")[2].split()[1]) == parent:
                children.add(int(entry.name))
    return children


def command_of(pid: int) -> str:
    """Return the command line of a process, NUL-separated; "" if it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def is_running(pid: int) -> bool:
    """Whether a process has not ended yet."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    # A zombie has ended, but its parent has not collected its exit status.
    return stat.rpartition(")")[2].split()[0] != "Z"


def wait_until(
    condition: Callable[[], bool],
    timeout_s: float = START_TIMEOUT_S,
    interval_s: float = 0.01,
) -> None:
    """Return once a condition is true; fail after the time-out."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(interval_s)


@contextmanager
def stopped(pids: Iterable[int]) -> Iterator[None]:
    """Stop processes from running during the block; their connections stay open."""
    stopped_pids = list(pids)
    for pid in stopped_pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in stopped_pids:
            os.kill(pid, signal.SIGCONT)


def wait_until_gone(pids: Iterable[int]) -> None:
    """Return once all processes have ended; a killed one takes a moment."""
    deadline = time.monotonic() + START_TIMEOUT_S
    while left := [pid for pid in pids if is_running(pid)]:
        assert time.monotonic() < deadline, [command_of(pid) for pid in left]
        time.sleep(0.05)


def wait_until_unused(folder: Path) -> None:
    """Return once no process has a working directory in the folder."""
    wait_until(lambda: not working_in(folder))


def working_in(folder: Path) -> set[int]:
    """Return the processes whose working directory is in the folder."""
    pids = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):  # it ended, or is another user's
                if (entry / "cwd").readlink().is_relative_to(folder):
                    pids.add(int(entry.name))
    return pids
