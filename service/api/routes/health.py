"""Health checks and metrics: `/healthz`, `/readyz`, `/metrics`."""

from fastapi import APIRouter, Response

from service.access.policy import Access, allow
from service.api.context import ApiContext
from service.api.resource_router import ResourceRouter
from service.api.schemas.service import HealthBody
from service.api.threads import HEALTH, on_threads
from service.operations.metrics import MEDIA_TYPE


def routes(context: ApiContext) -> APIRouter:
    """Return the routes for supervisors and monitoring."""
    router = ResourceRouter(tags=["health"])

    @router.get("/healthz")
    @allow(Access.PUBLIC)
    async def alive() -> HealthBody:
        """Return 200 if this process answers."""
        return HealthBody()

    @router.get("/readyz")
    @allow(Access.PUBLIC)
    @on_threads(HEALTH)
    def ready() -> HealthBody:
        """Return 200 if narrations can be rendered, else 503 with every reason.

        Redis must answer and know of a live worker; records and library must be
        readable; the library and the disk must have room.
        """
        context.readiness.require()
        return HealthBody()

    @router.get("/metrics", response_class=Response)
    @allow(Access.READ)
    @on_threads(HEALTH)
    def metrics() -> Response:
        """Return the metrics in Prometheus format."""
        return Response(context.metrics.write(), media_type=MEDIA_TYPE)

    return router
