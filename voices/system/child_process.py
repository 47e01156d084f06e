"""A process that ends with the one that started it."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

Process = subprocess.Popen[bytes]

_PR_SET_PDEATHSIG = 1
"""prctl(2)."""


def start_process(
    command: Sequence[str | Path],
    *,
    orphaned: signal.Signals,
    environment: Mapping[str, str] | None = None,
    inherited: Sequence[int] = (),
) -> Process:
    """Start a program that is sent `orphaned` when this process ends, however it ends.

    A parent that is killed with SIGKILL cannot clean up, so Linux is asked to; it
    counts from the end of the *thread* that calls this, so call it from the main one.
    The program leads a session of its own (Ctrl-C is for the parent), reads nothing,
    writes to our stderr alone and keeps the open files `inherited`.  Raises OSError.
    """
    return subprocess.Popen(  # noqa: S603 - our own arguments, no shell
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        pass_fds=inherited,
        start_new_session=True,
        preexec_fn=bind_to(os.getpid(), orphaned),  # noqa: PLW1509 - takes no locks
    )


def bind_to(parent: int, orphaned: signal.Signals) -> Callable[[], None] | None:
    """Return what a new process does to end with its parent; None where it cannot."""
    if sys.platform != "linux":
        return None
    # Loaded here: a lock that another thread holds would stay held after the fork.
    libc = ctypes.CDLL(None)

    def bind() -> None:
        if orphaned != signal.SIGKILL:
            # Until the program runs, Python's own handler would swallow it.
            signal.signal(orphaned, signal.SIG_DFL)
        libc.prctl(_PR_SET_PDEATHSIG, orphaned)
        # A parent that died between the fork and this line tells nobody any more.
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)

    return bind
