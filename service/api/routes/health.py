"""Health checks and metrics: `/healthz`, `/readyz`, `/metrics`."""

from fastapi import APIRouter, Response

from service.api.context import ApiContext
from service.api.schemas import HealthBody
from service.operations.metrics import MEDIA_TYPE


def routes(context: ApiContext) -> APIRouter:
    """Return the routes that a supervisor asks."""
    router = APIRouter(tags=["health"])

    @router.head("/healthz", include_in_schema=False)
    @router.get("/healthz")
    def alive() -> HealthBody:
        """Tell that this process answers."""
        return HealthBody()

    @router.head("/readyz", include_in_schema=False)
    @router.get("/readyz")
    def ready() -> HealthBody:
        """Tell that work can be taken on and will be done, or everything that lacks.

        A worker gave a sign of life lately, which Redis tells; records and library can
        be read; there is room in the library and on the disk.
        """
        context.readiness.require()
        return HealthBody()

    @router.get("/metrics", response_class=Response)
    def metrics() -> Response:
        """Give what an operator sees, for Prometheus."""
        return Response(context.metrics.write(), media_type=MEDIA_TYPE)

    return router
