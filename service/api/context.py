"""Dependencies of the routes."""

from dataclasses import dataclass

from fastapi import Request

from service.api.streaming.subscribers import LiveStreams
from service.narrations.backend import NarrationBackend
from service.narrations.links import Links
from service.operations.metrics import Metrics
from service.operations.readiness import Readiness
from service.preparation import ArticlePreparer
from workers.storage.archive import Archive
from workers.storage.records import Records


@dataclass(frozen=True, slots=True)
class ApiContext:
    """Everything behind the routes, put together by whoever starts the API."""

    preparer: ArticlePreparer
    backend: NarrationBackend
    records: Records
    live_streams: LiveStreams
    readiness: Readiness
    metrics: Metrics
    publication: str

    public_url: str | None
    """Where listeners reach the service; None trusts the request."""

    origins: tuple[str, ...]
    max_body: int

    first_byte_timeout_s: float = 30
    """Seconds that a listener is kept waiting for the first sound."""

    @property
    def archive(self) -> Archive:
        """Where finished narrations are."""
        return self.backend.archive

    def links(self, request: Request) -> Links:
        """Return the builder of addresses for the answer to a request."""
        return Links((self.public_url or str(request.base_url)).rstrip("/"))
