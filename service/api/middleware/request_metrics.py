"""Count responses by route and status."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.operations.metrics import Metrics


class RequestMetrics:
    """Counts responses by the template of their route, which bounds labels."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        """Count the responses of `app` in `metrics`."""
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Call the application; count its response when it starts."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def counting(message: Message) -> None:
            if message["type"] == "http.response.start":
                # Starlette stores the matched route in the scope; "none" is a 404.
                route = getattr(scope.get("route"), "path_format", "none")
                self._metrics.count(route, message["status"])
            await send(message)

        await self._app(scope, receive, counting)
