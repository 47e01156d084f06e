"""Limit the length of request bodies."""

from http import HTTPStatus

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.problems import problem


class BodyLimit:
    """Answers 413 as soon as a body exceeds the limit.

    Bytes are counted as they arrive: a chunked body has no Content-Length.  FastAPI's
    `max_body_size` is not used because its response to a body with a Content-Length is
    plain text, not a problem document.
    """

    def __init__(self, app: ASGIApp, limit: int) -> None:
        """Pass bodies of up to `limit` bytes to `app`."""
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the body up to the limit, then call the application."""
        if scope["type"] != "http" or scope["method"] not in {"POST", "PUT", "PATCH"}:
            await self._app(scope, receive, send)
            return
        body = bytearray()
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > self._limit:
                detail = f"The body is longer than {self._limit:,} bytes; shorten it."
                status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
                await problem(status, "BodyTooLong", detail)(scope, receive, send)
                return
        messages: list[Message] = [{"type": "http.request", "body": bytes(body)}]

        async def replay() -> Message:
            return messages.pop() if messages else await receive()

        await self._app(scope, replay, send)
