"""What the routes are given."""

from dataclasses import dataclass

from fastapi import Request

from service.api.streaming.live_stream import LiveStreams
from service.narrations.backend import NarrationBackend
from service.operations.metrics import Metrics
from service.operations.readiness import Readiness
from service.page import Selectors
from service.preparation import ArticlePreparer
from workers.storage.archive import Archive
from workers.storage.records import Records


@dataclass(frozen=True, slots=True)
class ApiContext:
    """Everything behind the routes, put together by whoever starts the API."""

    studio: ArticlePreparer
    press: NarrationBackend
    records: Records
    tails: LiveStreams
    readiness: Readiness
    metrics: Metrics
    publication: str

    public_url: str | None
    """Where listeners reach the service; None trusts the request."""

    origins: tuple[str, ...]
    max_body: int
    max_html: int

    selectors: Selectors
    """What the publisher wants read of its pages."""

    hold: float = 30
    """Seconds that a listener is kept waiting for the first sound."""

    @property
    def archive(self) -> Archive:
        """Where finished narrations are."""
        return self.press.archive

    def site(self, request: Request) -> str:
        """Return the address that links begin with, without a slash at the end."""
        return (self.public_url or str(request.base_url)).rstrip("/")
