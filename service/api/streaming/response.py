"""Audio responses: a stored file by range, or a live stream."""

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from http import HTTPStatus
from typing import Literal

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from service.api.etags import is_current
from service.api.streaming.byte_range import requested_range
from service.api.streaming.file_chunks import (
    CHUNK_BYTES,
    iter_file_from,
    iter_file_range,
)
from service.api.streaming.io_threads import run_blocking
from service.api.streaming.subscribers import Subscriber
from service.errors import StreamAborted
from workers.errors import StorageFailed
from workers.narration import NarrationRecord
from workers.storage.archive import Archive
from workers.storage.blobs import SignedUrls

_LOG = logging.getLogger(__name__)

_MEDIA_TYPE = "audio/mpeg"

IMMUTABLE = "public, max-age=31536000, immutable"
"""Cache-Control of audio: its address has the key, so caches may keep it for ever."""

_FILE_HEADERS = {
    "Accept-Ranges": "bytes",
    "Cache-Control": IMMUTABLE,
    "Content-Disposition": "inline",
}

_LIVE_HEADERS = {
    "Accept-Ranges": "none",
    "Cache-Control": "no-store",
    "Content-Disposition": "inline",
    # Without it nginx buffers the stream.
    "X-Accel-Buffering": "no",
}


_SIGNED_FOR_S = 14_400
"""Time for which a signed address is valid: longer than the longest narration, whose
player asks for ranges of it until the end."""


class AudioStreamResponse(StreamingResponse):
    """An MP3 that is sent in chunks.

    If the rest cannot follow, the connection closes without the last chunk or before
    the announced length, so that no client takes half an article for the whole.
    """

    media_type = _MEDIA_TYPE

    def __init__(
        self,
        chunks: AsyncIterator[bytes],
        status: int,
        headers: Mapping[str, str],
        close: Callable[[], None] = lambda: None,
    ) -> None:
        """Send `chunks`; call `close` at the end, however the response ends."""
        super().__init__(chunks, status, headers)
        self._close = close

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until the end or until the listener disconnects."""
        try:
            await super().__call__(scope, receive, send)
        except asyncio.CancelledError:
            # The server is shutting down; it would log a traceback per listener.
            return
        finally:
            self._close()

    async def stream_response(self, send: Send) -> None:
        """Send the chunks; end the response only if all of them were sent."""
        try:
            await super().stream_response(send)
        except StreamAborted:
            return  # the live stream has logged it once for all listeners
        except StorageFailed as error:
            _LOG.warning("a listener was cut off: %s", error)


def live_response(subscriber: Subscriber, request: Request) -> Response:
    """Return the audio of a live stream, from its beginning."""
    if request.method == "HEAD":
        subscriber.leave()
        return AudioStreamResponse(_no_chunks(), HTTPStatus.OK, _LIVE_HEADERS)
    return AudioStreamResponse(
        subscriber.iter_bytes(), HTTPStatus.OK, _LIVE_HEADERS, subscriber.leave
    )


async def file_response(
    archive: Archive, record: NarrationRecord, request: Request
) -> Response:
    """Return a stored narration: whole, by range, or 304 if the client has it.

    Raises:
        StorageFailed: The file cannot be read.
    """
    etag = f'"{record.sha256}"'
    headers = _FILE_HEADERS | {"ETag": etag}
    if is_current(request.headers, etag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    status, start, end = HTTPStatus.OK, 0, record.bytes
    byte_range = requested_range(request.headers, etag, record.bytes)
    if byte_range is not None:
        status, (start, end) = HTTPStatus.PARTIAL_CONTENT, byte_range
        if start >= end:
            return _no_such_range(record.bytes)
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{record.bytes}"
    headers["Content-Length"] = str(end - start)
    if request.method == "HEAD":
        return AudioStreamResponse(_no_chunks(), status, headers)
    if end - start <= CHUNK_BYTES:
        content = await run_blocking(archive.read, record, start, end - start)
        return Response(content, status, headers, media_type=_MEDIA_TYPE)
    if byte_range is None:
        chunks = iter_file_from(archive, record, 0, hashlib.sha256())
    else:
        chunks = iter_file_range(archive, record, start, end)
    return AudioStreamResponse(chunks, status, headers)


def _no_such_range(length: int) -> Response:
    headers = {
        "Accept-Ranges": "bytes",
        "Cache-Control": "no-store",
        "Content-Range": f"bytes */{length}",
    }
    status = HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
    return Response(status_code=status, headers=headers)


async def redirect_response(
    archive: Archive, record: NarrationRecord, request: Request
) -> Response | None:
    """Return a redirect to the stored narration; None if the library cannot sign."""
    store = archive.library.narrations
    if not isinstance(store, SignedUrls):
        return None
    # The method is part of what is signed.
    method: Literal["GET", "HEAD"] = "HEAD" if request.method == "HEAD" else "GET"
    signed = await run_blocking(store.signed_url, record.audio, _SIGNED_FOR_S, method)
    if signed is None:
        return None
    status = HTTPStatus.TEMPORARY_REDIRECT
    return RedirectResponse(signed, status, {"Cache-Control": "no-store"})


async def _no_chunks() -> AsyncIterator[bytes]:
    # The body of an answer to HEAD; unlike an empty Response it sets no Content-Length.
    for chunk in tuple[bytes, ...]():
        yield chunk
