"""Stop asking a Redis that hangs: `guard_against_hanging`.

A server that is away refuses connections at once, but one that hangs costs each request
its time-out, and requests wait for each other's threads.  So after the first time-out
all are refused at once, until the server answers a probe that no request waits for.
"""

import logging
import threading
from typing import Any

from redis import Redis
from redis.connection import AbstractConnection
from redis.exceptions import RedisError, TimeoutError  # noqa: A004 - redis calls it so

_LOG = logging.getLogger(__name__)

_PROBE_INTERVAL_S = 1


class Breaker:
    """Whether a Redis hangs, shared by all connections to it."""

    def __init__(self, probe: Redis) -> None:
        """Use `probe`, an unguarded client, to find out when the server answers."""
        self._probe = probe
        self._lock = threading.Lock()
        self._is_open = False
        self._closing = threading.Event()

    def require_answers(self) -> None:
        """Raise TimeoutError if the server is known to hang."""
        if self._is_open:
            message = "Redis hangs; it is asked again once it answers a probe."
            raise TimeoutError(message)

    def trip(self) -> None:
        """Refuse requests from now on, until the server answers a probe."""
        with self._lock:
            if self._is_open:
                return
            self._is_open = True
        _LOG.warning("Redis hangs; requests that need it are refused until it answers")
        threading.Thread(target=self._wait, name="redis-probe", daemon=True).start()

    def _wait(self) -> None:
        while True:
            self._closing.wait(_PROBE_INTERVAL_S)
            try:
                self._probe.ping()
            except TimeoutError:
                continue
            except RedisError:
                pass  # it refuses at once, so asking it costs nothing
            break
        self._probe.close()
        self._is_open = False
        _LOG.warning("Redis no longer hangs")


def guard_against_hanging(redis: Redis, probe: Redis) -> Redis:
    """Have a client refuse requests at once while its server hangs; return it.

    Args:
        redis: the client; it has no connection yet.
        probe: another client of the same server, with the same time-outs.
    """
    breaker = Breaker(probe)
    pool = redis.connection_pool
    plain: type[AbstractConnection] = pool.connection_class

    class _GuardedConnection(plain):  # type: ignore[misc,valid-type] # of the address' kind
        """A connection that asks and informs the breaker."""

        def connect(self) -> None:
            breaker.require_answers()
            try:
                super().connect()
            except TimeoutError:
                breaker.trip()
                raise

        def send_packed_command(self, *args: Any, **options: Any) -> None:  # noqa: ANN401
            breaker.require_answers()
            super().send_packed_command(*args, **options)

        def read_response(self, *args: Any, **options: Any) -> object:  # noqa: ANN401
            try:
                return super().read_response(*args, **options)
            except TimeoutError:
                breaker.trip()
                raise

    pool.connection_class = _GuardedConnection
    return redis
