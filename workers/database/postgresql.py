"""Connect to PostgreSQL with a limit for every wait: `connect`.

A server may be stopped, or a machine that holds a lock may be: no request waits for
that.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen

_ANSWER_TIMEOUT_S = 3
"""Time for an answer, in addition to the wait for a lock, which the server reports."""

_IDLE_TIMEOUT_S = 60
"""Time after which the server ends a transaction whose client does nothing, as one does
that was cut off.  It would keep its locks for hours."""

_WAIT_INTERVAL_S = 0.1

T = TypeVar("T")


class BoundedConnection(psycopg.Connection[Any]):
    """A connection that is closed if an answer does not come in time."""

    answer_timeout_s: float | None = None

    @contextmanager
    def unbounded(self) -> Iterator[None]:
        """Wait for every answer in the block as long as it takes."""
        limit, self.answer_timeout_s = self.answer_timeout_s, None
        try:
            yield
        finally:
            self.answer_timeout_s = limit

    def wait(
        self,
        gen: PQGen[T],
        interval: float = _WAIT_INTERVAL_S,
        timeout: float | None = None,
    ) -> T:
        """Wait for the answer to a statement."""
        limit = self.answer_timeout_s if timeout is None else timeout
        try:
            return super().wait(gen, interval, limit)
        except psycopg.OperationalError:
            # The answer may still come, and would be taken for that to the next one.
            if self.info.transaction_status == psycopg.pq.TransactionStatus.ACTIVE:
                self.close()
            raise


def connect(
    arguments: Sequence[str], parameters: Mapping[str, Any], lock_timeout_s: float
) -> BoundedConnection:
    """Return a connection that waits neither for locks nor for answers for long.

    Arguments and parameters are those of psycopg.

    Raises:
        psycopg.Error: The server does not answer or refuses.
    """
    connection = BoundedConnection.connect(*arguments, **parameters)
    connection.answer_timeout_s = lock_timeout_s + _ANSWER_TIMEOUT_S
    connection.autocommit = True
    # Not as options of the address, which a connection pooler may refuse.
    connection.execute(
        f"SET lock_timeout = {round(1000 * lock_timeout_s)};"
        f"SET idle_in_transaction_session_timeout = '{_IDLE_TIMEOUT_S}s'"
    )
    connection.autocommit = False
    return connection
