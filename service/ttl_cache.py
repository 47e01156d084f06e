"""What is costly to find out is asked for now and then."""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class TtlCached(Generic[T]):
    """An answer, and until it is too old the same one again."""

    def __init__(
        self,
        ask: Callable[[], T],
        seconds: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Ask by `ask`, again after `seconds`; one thread asks, others wait for it."""
        self._ask = ask
        self._seconds = seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._known: tuple[float, T] | None = None

    def __call__(self) -> T:
        """Return what was answered lately; raises whatever asking raises."""
        with self._lock:
            now = self._clock()
            if self._known is None or now - self._known[0] >= self._seconds:
                self._known = now, self._ask()
            return self._known[1]
