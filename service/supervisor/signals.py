"""What wakes the supervisor: a child has ended, or it is asked to stop."""

import contextlib
import select
import signal
import socket
from collections.abc import Iterator


class SignalWaiter:
    """Rung by signals; made by `signal_waiter`."""

    def __init__(self, rung: socket.socket) -> None:
        """Wake by what comes out of `rung`, a byte a signal."""
        self._rung = rung
        self.stopping = False
        """Whether SIGINT or SIGTERM has come."""

    def wait(self, seconds: float, also: socket.socket | None = None) -> bool:
        """Wait for a signal, for so long at most; returns whether `also` has spoken."""
        heard, _, _ = select.select(
            [self._rung, *([also] if also else [])], [], [], seconds
        )
        with contextlib.suppress(BlockingIOError):
            numbers = self._rung.recv(4096)
            self.stopping |= bool({signal.SIGINT, signal.SIGTERM} & {*numbers})
        return also in heard


@contextlib.contextmanager
def signal_waiter() -> Iterator[SignalWaiter]:
    """Hear of signals by the bell and by nothing else until the block ends.

    A handler of Python's runs between any two steps of the main thread, also while that
    holds a lock; so ours do nothing, and the signal's number is read when it suits.
    """
    rung, rope = socket.socketpair()
    with rung, rope:
        rung.settimeout(0)
        rope.settimeout(0)
        before = {
            number: signal.signal(number, lambda *_: None)
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD)
        }
        fd = signal.set_wakeup_fd(rope.fileno(), warn_on_full_buffer=False)
        try:
            yield SignalWaiter(rung)
        finally:
            signal.set_wakeup_fd(fd)
            for number, handler in before.items():
                signal.signal(number, handler)
