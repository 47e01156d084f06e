"""A blob store in S3, Google Cloud Storage or Azure Blob Storage.

Credentials and endpoint come from the clouds' usual environment variables, which
obstore reads: AWS_*, GOOGLE_* and AZURE_STORAGE_*.
"""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal, cast

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import AzureStore, GCSStore, S3Store

from workers.errors import StorageFailed
from workers.storage.blobs.object_faults import (
    invalid_settings,
    no_bucket,
    translating_object_errors,
)
from workers.storage.blobs.protocol import BlobInfo, require_name

if TYPE_CHECKING:
    from obstore import GetOptions
    from obstore.store import ClientConfig, RetryConfig

_CONNECT_TIMEOUT_S = 5


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a store is waited for."""

    request_s: float
    """Time of one request with its body."""

    retries_s: float
    """Time after which an answer of 5xx or a lost connection is not retried."""


OF_WORKERS = Patience(60, 15)
"""Writes the longest narration in 14 Mbit/s."""

OF_REQUESTS = Patience(10, 2)
"""A quick 503 is better than a slow answer, and threads that wait serve no one."""

_MAX_RETRIES = 100
"""More than fit into that time, which decides."""

_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.1, 3
"""Pause before the first retry, doubled for each further one, with jitter."""

_CONFLICTS = 5
"""Writes of one name in the same instant that S3 asks to repeat (409)."""

_BUCKET_TTL_S = 10
"""Time for which a bucket that was there is taken to be there."""

_PAGE = 1000
"""Entries per request of a listing."""

_CLIENT: "ClientConfig" = {
    # Only for an endpoint that is set to http://; all others are https.
    "allow_http": True,
    "connect_timeout": timedelta(seconds=_CONNECT_TIMEOUT_S),
}

_RETRIES: "RetryConfig" = {
    "max_retries": _MAX_RETRIES,
    "backoff": {
        "init_backoff": timedelta(seconds=_FIRST_PAUSE_S),
        "max_backoff": timedelta(seconds=_LONGEST_PAUSE_S),
        "base": 2,
    },
}

_runtime_process: int | None = None
"""The process in which obstore's threads run, once they do."""


class ObjectBlobStore:
    """One object per blob, below a prefix of a bucket.

    An object's last use is its creation: objects have no time that can be set.  Who
    evicts by last use records it elsewhere.

    Nothing is opened before the first use, so that a process may fork after it created
    a store.  After the first use it must not: obstore's threads do not survive a fork,
    and a new store in the child would wait for them for ever.  The child gets
    StorageFailed instead.
    """

    def __init__(self, address: str, patience: Patience = OF_WORKERS) -> None:
        """Store objects below `s3://`, `gs://` or `az://` bucket/prefix."""
        self._address = address
        self._patience = patience
        self._opened: S3Store | GCSStore | AzureStore | None = None
        self._bucket_seen = float("-inf")

    def put_if_absent(self, name: str, content: bytes) -> bool:
        """Store a blob unless the name is taken."""
        require_name(name)
        for _ in range(_CONFLICTS):
            try:
                return self._put(name, content)
            except AlreadyExistsError as error:
                if "409 Conflict" not in str(error):
                    return False
        return False

    def size(self, name: str) -> int | None:
        """Return the length in bytes; None if absent."""
        require_name(name)
        try:
            with translating_object_errors(self._address):
                return obstore.head(self._store(), name)["size"]
        except FileNotFoundError:
            self._require_bucket()
            return None

    def read(
        self, name: str, start: int = 0, length: int | None = None
    ) -> bytes | None:
        """Return the content or a range of it; None if absent."""
        if length is not None and length <= 0:
            return None if self.size(name) is None else b""
        try:
            return self._get(require_name(name), start, length)
        except FileNotFoundError:
            self._require_bucket()
            return None
        except StorageFailed:
            # The cause may be a range beyond the end, which stores answer with 416.
            size = self.size(name)
            if size is not None and start >= size:
                return b""
            raise

    def touch(self, name: str) -> None:
        """Do nothing: an object's last use is its creation."""
        require_name(name)

    def remove(self, name: str) -> None:
        """Remove a blob if it exists."""
        require_name(name)
        try:
            with translating_object_errors(self._address):
                obstore.delete(self._store(), name)
        except FileNotFoundError:  # S3 does not say so, the others do
            self._require_bucket()

    def list(self, under: str = "") -> Iterator[BlobInfo]:
        """Yield the entries of a folder."""
        folder = require_name(under) if under else None
        with translating_object_errors(self._address):
            for page in obstore.list(self._store(), folder, chunk_size=_PAGE):
                for item in page:
                    used = item["last_modified"].timestamp()
                    yield BlobInfo(item["path"], item["size"], used)

    def signed_url(
        self, name: str, expires_s: int, method: Literal["GET", "HEAD"] = "GET"
    ) -> str | None:
        """Return an address that serves the blob; None if it cannot be signed."""
        require_name(name)
        expires = timedelta(seconds=expires_s)
        try:
            return obstore.sign(self._store(), method, name, expires)
        except (BaseError, ValueError):
            return None

    def _put(self, name: str, content: bytes) -> bool:
        """Store a blob; raises AlreadyExistsError if the name is taken or written."""
        store = self._store()
        # Of a signed address, the type is all that a player learns.
        kind = "audio/mpeg" if name.endswith(".mp3") else "application/octet-stream"
        try:
            with translating_object_errors(self._address):
                obstore.put(
                    store,
                    name,
                    content,
                    attributes={"Content-Type": kind},
                    mode="create",
                    use_multipart=False,
                )
        except FileNotFoundError as error:
            raise no_bucket(self._address) from error
        self._bucket_seen = time.monotonic()
        return True

    def _get(self, name: str, start: int, length: int | None) -> bytes:
        with translating_object_errors(self._address):
            if length is not None:
                end = start + length
                part = obstore.get_range(self._store(), name, start=start, end=end)
                return part.to_bytes()
            options: GetOptions = {"range": {"offset": start}} if start else {}
            found = obstore.get(self._store(), name, options=options)
            return found.bytes().to_bytes()

    def _require_bucket(self) -> None:
        """Raise StorageFailed if there is no bucket, which looks like no object."""
        if time.monotonic() - self._bucket_seen < _BUCKET_TTL_S:
            return
        try:
            with translating_object_errors(self._address):
                next(iter(obstore.list(self._store(), chunk_size=1)), None)
        except FileNotFoundError as error:
            raise no_bucket(self._address) from error
        self._bucket_seen = time.monotonic()

    def _store(self) -> S3Store | GCSStore | AzureStore:
        _require_own_runtime()
        if self._opened is None:
            request_timeout = timedelta(seconds=self._patience.request_s)
            retry_timeout = timedelta(seconds=self._patience.retries_s)
            try:
                opened = obstore.store.from_url(
                    self._address,
                    client_options=_CLIENT | {"timeout": request_timeout},
                    retry_config=_RETRIES | {"retry_timeout": retry_timeout},
                )
            except (BaseError, ValueError) as error:
                raise invalid_settings(self._address) from error
            self._opened = cast("S3Store | GCSStore | AzureStore", opened)
        return self._opened


def _require_own_runtime() -> None:
    """Raise StorageFailed in a child of a process that has used a store."""
    global _runtime_process  # noqa: PLW0603 - obstore's threads are global, too
    if _runtime_process is None:
        _runtime_process = os.getpid()
    if _runtime_process != os.getpid():
        message = (
            "The object store was used before this process was forked; this is a fault"
            " of the program: use it in the child only."
        )
        raise StorageFailed(message)
