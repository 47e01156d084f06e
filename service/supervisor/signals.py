"""Wait for a signal: a child process has exited, or the service is to stop."""

import contextlib
import select
import signal
import socket
from collections.abc import Iterator


class SignalWaiter:
    """Waits for SIGINT, SIGTERM and SIGCHLD; created by `signal_waiter`."""

    def __init__(self, wakeup: socket.socket) -> None:
        """Read signal numbers from `wakeup`, one byte per signal."""
        self._wakeup = wakeup
        self.stopping = False
        """Whether SIGINT or SIGTERM has arrived."""

    def wait(self, timeout_s: float, response: socket.socket | None = None) -> bool:
        """Wait for a signal or a response; return whether the response has arrived."""
        sockets = [self._wakeup, *([response] if response else [])]
        readable, _, _ = select.select(sockets, [], [], timeout_s)
        with contextlib.suppress(BlockingIOError):
            numbers = self._wakeup.recv(4096)
            self.stopping |= bool({signal.SIGINT, signal.SIGTERM} & {*numbers})
        return response in readable


@contextlib.contextmanager
def signal_waiter() -> Iterator[SignalWaiter]:
    """Collect signals in a `SignalWaiter` until the block ends.

    A Python signal handler runs between any two steps of the main thread, even while
    that holds a lock; so the handlers do nothing, and `wait` reads the signal's number
    from the wakeup socket.
    """
    reader, writer = socket.socketpair()
    with reader, writer:
        reader.settimeout(0)
        writer.settimeout(0)
        before = {
            number: signal.signal(number, lambda *_: None)
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD)
        }
        fd = signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
        try:
            yield SignalWaiter(reader)
        finally:
            signal.set_wakeup_fd(fd)
            for number, handler in before.items():
                signal.signal(number, handler)
