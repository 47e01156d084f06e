"""Cache one expensive value for a fixed time."""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class TtlCached(Generic[T]):
    """A function whose value is cached for a fixed time."""

    def __init__(
        self,
        compute: Callable[[], T],
        ttl_s: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Cache the value of `compute`; concurrent callers share one computation."""
        self._compute = compute
        self._ttl_s = ttl_s
        self._clock = clock
        self._lock = threading.Lock()
        self._cached: tuple[float, T] | None = None

    def __call__(self) -> T:
        """Return the value, computed at most `ttl_s` seconds ago."""
        with self._lock:
            now = self._clock()
            if self._cached is None or now - self._cached[0] >= self._ttl_s:
                self._cached = now, self._compute()
            return self._cached[1]
