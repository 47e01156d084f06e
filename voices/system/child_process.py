"""Start a child process that ends when its parent does."""

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
    """Start a program that receives `orphaned` when this process ends.

    The kernel sends it (Linux only), because a parent killed with SIGKILL cannot clean
    up.  It is sent when the calling *thread* ends, so call this from the main thread.
    The program leads its own session (Ctrl-C reaches only the parent), has no stdin,
    writes only to our stderr and inherits the open files `inherited`.

    Raises:
        OSError: the program cannot be started.
    """
    return subprocess.Popen(  # noqa: S603 - our own arguments, no shell
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        pass_fds=inherited,
        start_new_session=True,
        preexec_fn=die_with_parent(os.getpid(), orphaned),  # noqa: PLW1509 - takes no locks
    )


def end_with_parent(parent: int) -> None:
    """Have this process killed when `parent` ends, its parent by now (Linux only).

    To be called first by a program that is started without `start_process`.  What
    counts is the *thread* that started it, so start it from one that does not end.
    """
    bind = die_with_parent(parent, signal.SIGKILL)
    if bind is not None:
        bind()


def die_with_parent(parent: int, orphaned: signal.Signals) -> Callable[[], None] | None:
    """Return a `preexec_fn` that ends a child with its parent, if supported."""
    if sys.platform != "linux":
        return None
    # Loaded here: a lock that another thread holds would stay held after the fork.
    libc = ctypes.CDLL(None)

    def bind() -> None:
        if orphaned != signal.SIGKILL:
            # Until the program runs, Python's own handler would swallow it.
            signal.signal(orphaned, signal.SIG_DFL)
        libc.prctl(_PR_SET_PDEATHSIG, orphaned)
        # If the parent died before prctl, the kernel sends nothing.
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)

    return bind
