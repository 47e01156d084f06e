"""Close connections whose request header does not arrive: `header_timeout_protocol`."""

import asyncio
from typing import ClassVar

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol


class HeaderTimeoutProtocol(H11Protocol):
    """uvicorn's protocol with a time limit for each request's header."""

    header_timeout_s: ClassVar[float]
    _header_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Expect the first header."""
        # A server's transport; the base class narrows the type as well.
        super().connection_made(transport)  # type: ignore[arg-type]
        self._begin_header()

    def data_received(self, data: bytes) -> None:
        """Parse data; expect the rest of a header that has begun."""
        super().data_received(data)
        if self.conn.their_state is h11.IDLE:
            self._begin_header()
        else:
            self._end_header()

    def connection_lost(self, exc: Exception | None) -> None:
        """Expect nothing more."""
        self._end_header()
        super().connection_lost(exc)

    def _begin_header(self) -> None:
        # Once for each header: bytes that trickle in do not extend the time.
        if self._header_timer is None:
            self._header_timer = self.loop.call_later(
                self.header_timeout_s, self._close
            )

    def _end_header(self) -> None:
        if self._header_timer is not None:
            self._header_timer.cancel()
            self._header_timer = None

    def _close(self) -> None:
        self._header_timer = None
        self.transport.close()


def header_timeout_protocol(timeout_s: float) -> type[HeaderTimeoutProtocol]:
    """Return the protocol with a time limit in seconds.

    uvicorn has none: its `timeout_keep_alive` counts between requests only, and each
    byte resets it.  Bodies have a limit in `service.api.middleware.body_limit`.
    """
    # uvicorn creates the protocol, so the limit cannot be an argument.
    members = {"header_timeout_s": timeout_s}
    return type("_HeaderTimeoutProtocol", (HeaderTimeoutProtocol,), members)
