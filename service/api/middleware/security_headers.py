"""Add the security headers to every response."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECURITY_HEADERS = {
    # A browser takes nothing for HTML or a script that is not declared as such.
    "X-Content-Type-Options": "nosniff",
    # Addresses of narrations stay with those who have them.
    "Referrer-Policy": "no-referrer",
}


class SecurityHeaders:
    """Adds the headers to the responses of an application."""

    def __init__(self, app: ASGIApp) -> None:
        """Add the headers to the responses of `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Call the application; complete its response when it starts."""

        async def completing(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(SECURITY_HEADERS)
            await send(message)

        await self._app(scope, receive, completing)
