"""Dependencies of the routes."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from fastapi import Request

from service.api.streaming.subscribers import LiveStreams
from service.narrations.backend import NarrationBackend
from service.narrations.links import Links
from service.operations.metrics import Metrics
from service.operations.readiness import Readiness
from service.preparation import Preparer
from voices.catalogue import Catalogue
from workers.database import Database
from workers.storage.archive import Archive


@dataclass(frozen=True, slots=True)
class ApiContext:
    """Everything that the routes depend on, built once per process."""

    preparer: Preparer
    catalogue: Catalogue
    default_voice: str
    backend: NarrationBackend
    live_streams: LiveStreams
    readiness: Readiness
    metrics: Metrics
    publication: str

    approval_below: float
    """Confidence of cleaning below which an article waits for approval."""

    public_url: str | None
    """Base URL for listeners; None uses the address of each request."""

    origins: tuple[str, ...]
    max_body: int

    is_on_loopback: bool = False
    """Whether only programs of this machine reach the service: others' Host is refused
    then, see `service.api.middleware.host_check`."""

    request_timeout_s: float = 10
    """Seconds in which a short body must have arrived."""

    redirect_audio: bool = False
    """Whether finished audio is answered by a redirect, if the library can sign."""

    first_byte_timeout_s: float = 30
    """Seconds that a listener waits for the first part before the answer is 503."""

    @property
    def database(self) -> Database:
        """The database of articles and of the archive."""
        return self.backend.database

    @property
    def archive(self) -> Archive:
        """The archive of finished narrations."""
        return self.backend.archive

    @property
    def public_hosts(self) -> set[str]:
        """Names by which listeners reach the service, besides those of loopback."""
        host = urlsplit(self.public_url or "").hostname
        return {host} if host else set()

    def links(self, request: Request) -> Links:
        """Return the builder of addresses for the response to a request."""
        return Links((self.public_url or str(request.base_url)).rstrip("/"))
