"""Count responses by route and status."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.operations.metrics import Metrics


class RequestMetrics:
    """Counts answers by the template of their route, never by their path."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        """Count in `metrics` what `app` answers."""
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, and count when the answer begins."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def counting(message: Message) -> None:
            if message["type"] == "http.response.start":
                # Starlette notes the route in the scope; without one nobody is there.
                route = getattr(scope.get("route"), "path", "none")
                self._metrics.count(route, message["status"])
            await send(message)

        await self._app(scope, receive, counting)
