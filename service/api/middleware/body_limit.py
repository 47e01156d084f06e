"""Limit the length of request bodies, their number and the time to read them."""

import asyncio
from http import HTTPStatus

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.problems import problem
from service.api.threads import HEALTH
from voices.system.heap import release_memory

_MIN_BYTES_PER_S = 4_000
"""Rate at which a body must arrive, after the time that each request is given."""

_MAX_READING_S = 120
"""Time for the longest body."""

_MAX_READERS = 256
"""Bodies that are read at once."""

_MAX_HELD_BODIES = 4
"""Bodies of the largest length that are held at once; of shorter ones more."""

_LARGE_BODY_BYTES = 50_000
"""Length of a body after which freed memory is returned to the system."""

_RELEASE_AFTER_S = 3
"""Time between a large body and that: once for all that arrive meanwhile."""


class BodyLimit:
    """Reads bodies before the application is called, within limits.

    So a slow client takes no thread.  Bytes are counted as they arrive: a chunked body
    has no Content-Length.  FastAPI's `max_body_size` is not used because its response
    to a body with a Content-Length is plain text, not a problem document.
    """

    def __init__(self, app: ASGIApp, limit: int, timeout_s: float) -> None:
        """Pass bodies of up to `limit` bytes to `app`.

        Each may take `timeout_s` seconds, and longer if it arrives at the minimum rate.
        """
        self._app = app
        self._limit = limit
        self._timeout_s = timeout_s
        self._readers = 0
        self._held_bytes = 0
        self._is_releasing = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the body within the limits, then call the application."""
        if scope["type"] != "http" or scope["method"] not in {"POST", "PUT", "PATCH"}:
            await self._app(scope, receive, send)
            return
        body = bytearray()
        try:
            refusal = await self._read(receive, body)
            if refusal:
                # The rest of the body must not keep the connection open.
                refusal.headers["Connection"] = "close"
                await refusal(scope, receive, send)
            else:
                await self._app(scope, _replaying(body, receive), send)
        except _Disconnected:
            return
        finally:
            self._held_bytes -= len(body)
            if len(body) > _LARGE_BODY_BYTES:
                self._release_memory_soon()

    def _release_memory_soon(self) -> None:
        # Once for many bodies, and when the last response no longer refers to its own.
        loop = asyncio.get_running_loop()
        if not self._is_releasing:
            self._is_releasing = True
            loop.call_later(_RELEASE_AFTER_S, self._release_memory, loop)

    def _release_memory(self, loop: asyncio.AbstractEventLoop) -> None:
        self._is_releasing = False
        loop.run_in_executor(HEALTH, release_memory)

    async def _read(self, receive: Receive, body: bytearray) -> Response | None:
        """Append all bytes to `body`; return the response if they are refused."""
        if self._readers >= _MAX_READERS:
            return _busy()
        self._readers += 1
        try:
            async with asyncio.timeout(self._timeout_s) as timeout:
                started = asyncio.get_running_loop().time()
                more = True
                while more:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise _Disconnected
                    chunk = message.get("body", b"")
                    body += chunk
                    self._held_bytes += len(chunk)
                    more = message.get("more_body", False)
                    if len(body) > self._limit:
                        return _too_long(self._limit)
                    if self._held_bytes > _MAX_HELD_BODIES * self._limit:
                        return _busy()
                    allowed = self._timeout_s + len(body) / _MIN_BYTES_PER_S
                    timeout.reschedule(started + min(allowed, _MAX_READING_S))
        except TimeoutError:
            return _too_slow()
        finally:
            self._readers -= 1
        return None


class _Disconnected(Exception):
    """The client has closed the connection."""


def _replaying(body: bytearray, receive: Receive) -> Receive:
    messages: list[Message] = [{"type": "http.request", "body": bytes(body)}]

    async def replay() -> Message:
        return messages.pop() if messages else await receive()

    return replay


def _too_long(limit: int) -> Response:
    detail = f"The body is longer than {limit:,} bytes; shorten it."
    return problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "BodyTooLong", detail)


def _too_slow() -> Response:
    detail = "The body arrives too slowly; send it faster."
    return problem(HTTPStatus.REQUEST_TIMEOUT, "BodyTooSlow", detail)


def _busy() -> Response:
    detail = "Too many requests are being read; send this one again later."
    return problem(HTTPStatus.SERVICE_UNAVAILABLE, "TooManyRequests", detail)
