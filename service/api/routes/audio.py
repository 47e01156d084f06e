"""The audio itself: by range when it is finished, as it comes while it is made."""

import asyncio
import hashlib
import re
import time
from http import HTTPStatus

from fastapi import APIRouter, Request, Response

from service.api.context import ApiContext
from service.api.routes.narrations import Key
from service.api.streaming.file_chunks import (
    CHUNK_BYTES,
    iter_file_from,
    iter_file_range,
)
from service.api.streaming.io_threads import run_blocking
from service.api.streaming.response import AudioStreamResponse, empty_stream
from service.api.streaming.subscribers import Subscriber
from service.errors import NarrationFailed, NarrationNotFound, NarrationPending
from service.narrations.requests import get_or_requeue, promote
from workers.narration import NarrationKey, NarrationRecord
from workers.queue.jobs import Job, State
from workers.storage.archive import Archive

_DISCONNECT_POLL_S = 1
"""Seconds between two looks whether a listener who waits is still there."""

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")

_IMMUTABLE_HEADERS = {
    "Accept-Ranges": "bytes",
    # The key names the content, so it can be kept for ever.
    "Cache-Control": "public, max-age=31536000, immutable",
    "Content-Disposition": "inline",
}

_LIVE_HEADERS = {
    "Accept-Ranges": "none",
    "Cache-Control": "no-store",
    "Content-Disposition": "inline",
    # nginx would hold it back until there is much of it.
    "X-Accel-Buffering": "no",
}


def routes(context: ApiContext) -> APIRouter:
    """Return the route of the MP3."""
    router = APIRouter(prefix="/v1/narrations", tags=["narrations"])

    @router.head("/{key}.mp3", response_class=Response)
    @router.get("/{key}.mp3", response_class=Response)
    async def audio(key: Key, request: Request) -> Response:
        """Give the MP3: by range when it is finished, else as it is made.

        One that is queued is waited for, at most 30 seconds.
        """
        deadline = time.monotonic() + context.first_byte_timeout_s
        while True:
            if record := await _finished(context, key):
                return await _file(context.archive, record, request)
            listener = context.live_streams.join(key)
            try:
                begun = await _wait_until_started(listener, request, deadline)
            except BaseException:
                listener.leave()
                raise
            if begun:
                return _live_response(listener, request)
            listener.leave()
            if time.monotonic() >= deadline or await request.is_disconnected():
                message = "The narration has not begun yet; ask again in a few seconds."
                raise NarrationPending(message)

    return router


async def _finished(context: ApiContext, key: NarrationKey) -> NarrationRecord | None:
    """Return the record, None while it is queued or made; raises what hinders."""
    if key in context.live_streams:
        return None
    if record := await run_blocking(context.archive.find, key):
        return record
    status = await asyncio.to_thread(get_or_requeue, key, context.backend)
    _require_not_failed(status.job)
    if status.record is None:
        await asyncio.to_thread(promote, status.job, context.backend)
    return status.record


def _require_not_failed(job: Job) -> None:
    if job.state is State.FAILED:
        raise NarrationFailed(job.problem)
    if job.state is State.CANCELLED:
        message = f"Narration {job.key} was cancelled; send its article again."
        raise NarrationNotFound(message)


async def _wait_until_started(
    listener: Subscriber, request: Request, deadline: float
) -> bool:
    while not await listener.wait_for_first_part(_DISCONNECT_POLL_S):
        if listener.over or time.monotonic() >= deadline:
            return False
        if await request.is_disconnected():
            return False
    return True


def _live_response(listener: Subscriber, request: Request) -> Response:
    if request.method == "HEAD":
        listener.leave()
        return AudioStreamResponse(empty_stream(), HTTPStatus.OK, _LIVE_HEADERS)
    return AudioStreamResponse(
        listener.iter_bytes(), HTTPStatus.OK, _LIVE_HEADERS, listener.leave
    )


async def _file(
    archive: Archive, record: NarrationRecord, request: Request
) -> Response:
    etag = f'"{record.sha256}"'
    headers = _IMMUTABLE_HEADERS | {"ETag": etag}
    if etag in request.headers.get("If-None-Match", ""):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    status, start, end = HTTPStatus.OK, 0, record.bytes
    wanted = _range(request, etag, record.bytes)
    if wanted is not None:
        status, (start, end) = HTTPStatus.PARTIAL_CONTENT, wanted
        if start >= end:
            headers["Content-Range"] = f"bytes */{record.bytes}"
            status = HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
            return Response(status_code=status, headers=headers)
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{record.bytes}"
    headers["Content-Length"] = str(end - start)
    if request.method == "HEAD":
        return AudioStreamResponse(empty_stream(), status, headers)
    if end - start <= CHUNK_BYTES:
        content = await run_blocking(archive.read, record, start, end - start)
        return Response(content, status, headers, media_type="audio/mpeg")
    if wanted is None:
        pieces = iter_file_from(archive, record, 0, hashlib.sha256())
    else:
        pieces = iter_file_range(archive, record, start, end)
    return AudioStreamResponse(pieces, status, headers)


def _range(request: Request, etag: str, size: int) -> tuple[int, int] | None:
    """Return the first byte wanted and one past the last; None to send everything.

    A range that is not understood is ignored (RFC 9110, 14.2); one that lies behind
    the end comes back empty.
    """
    if request.headers.get("If-Range", etag) != etag:
        return None
    match = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    if match is None or match[0] == "bytes=-":
        return None
    first, last = match[1], match[2]
    if not first:
        return max(0, size - int(last)), size
    end = min(size, int(last) + 1) if last else size
    if last and int(last) < int(first):
        return None
    return int(first), end
