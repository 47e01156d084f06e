"""Whether the service is well."""

from fastapi import APIRouter

from service.api.bodies import HealthBody
from service.api.desk import Desk


def routes(desk: Desk) -> APIRouter:
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
        """Tell that work can be taken on: the queue answers and records can be read."""
        desk.queue.jobs.ping()
        desk.records.names("articles")
        return HealthBody()

    return router
