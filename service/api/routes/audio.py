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
from service.api.streaming.live_stream import Subscriber
from service.api.streaming.response import AudioStreamResponse, empty_stream
from service.errors import NarrationFailed, NarrationNotFound, NarrationPending
from service.narrations.requests import get_or_requeue, promote
from workers.narration import NarrationKey, NarrationRecord
from workers.queue.jobs import Job, State
from workers.storage.archive import Archive

_GLANCE = 1
"""Seconds between two looks whether a listener who waits is still there."""

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")

_FOR_EVER = {
    "Accept-Ranges": "bytes",
    # The key names the content, so it can be kept for ever.
    "Cache-Control": "public, max-age=31536000, immutable",
    "Content-Disposition": "inline",
}

_FOR_NOW = {
    "Accept-Ranges": "none",
    "Cache-Control": "no-store",
    "Content-Disposition": "inline",
    # nginx would hold it back until there is much of it.
    "X-Accel-Buffering": "no",
}


def routes(desk: ApiContext) -> APIRouter:
    """Return the route of the MP3."""
    router = APIRouter(prefix="/v1/narrations", tags=["narrations"])

    @router.head("/{key}.mp3", response_class=Response)
    @router.get("/{key}.mp3", response_class=Response)
    async def audio(key: Key, request: Request) -> Response:
        """Give the MP3: by range when it is finished, else as it is made.

        One that is queued is waited for, at most 30 seconds.
        """
        deadline = time.monotonic() + desk.hold
        while True:
            if recording := await _finished(desk, key):
                return await _file(desk.archive, recording, request)
            listener = desk.tails.join(key)
            try:
                begun = await _begins(listener, request, deadline)
            except BaseException:
                listener.leave()
                raise
            if begun:
                return _growing(listener, request)
            listener.leave()
            if time.monotonic() >= deadline or await request.is_disconnected():
                message = "The narration has not begun yet; ask again in a few seconds."
                raise NarrationPending(message)

    return router


async def _finished(desk: ApiContext, key: NarrationKey) -> NarrationRecord | None:
    """Return the recording, None while it is queued or made; raises what hinders."""
    if key in desk.tails:
        return None
    if recording := await run_blocking(desk.archive.find, key):
        return recording
    status = await asyncio.to_thread(get_or_requeue, key, desk.press)
    _require_hope(status.job)
    if status.recording is None:
        await asyncio.to_thread(promote, status.job, desk.press)
    return status.recording


def _require_hope(job: Job) -> None:
    if job.state is State.FAILED:
        raise NarrationFailed(job.problem)
    if job.state is State.CANCELLED:
        message = f"Narration {job.key} was cancelled; send its article again."
        raise NarrationNotFound(message)


async def _begins(listener: Subscriber, request: Request, deadline: float) -> bool:
    while not await listener.begins(_GLANCE):
        if listener.over or time.monotonic() >= deadline:
            return False
        if await request.is_disconnected():
            return False
    return True


def _growing(listener: Subscriber, request: Request) -> Response:
    if request.method == "HEAD":
        listener.leave()
        return AudioStreamResponse(empty_stream(), HTTPStatus.OK, _FOR_NOW)
    return AudioStreamResponse(
        listener.sound(), HTTPStatus.OK, _FOR_NOW, listener.leave
    )


async def _file(
    archive: Archive, recording: NarrationRecord, request: Request
) -> Response:
    etag = f'"{recording.sha256}"'
    headers = _FOR_EVER | {"ETag": etag}
    if etag in request.headers.get("If-None-Match", ""):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    status, start, end = HTTPStatus.OK, 0, recording.bytes
    wanted = _range(request, etag, recording.bytes)
    if wanted is not None:
        status, (start, end) = HTTPStatus.PARTIAL_CONTENT, wanted
        if start >= end:
            headers["Content-Range"] = f"bytes */{recording.bytes}"
            status = HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
            return Response(status_code=status, headers=headers)
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{recording.bytes}"
    headers["Content-Length"] = str(end - start)
    if request.method == "HEAD":
        return AudioStreamResponse(empty_stream(), status, headers)
    if end - start <= CHUNK_BYTES:
        content = await run_blocking(archive.read, recording, start, end - start)
        return Response(content, status, headers, media_type="audio/mpeg")
    if wanted is None:
        pieces = iter_file_from(archive, recording, 0, hashlib.sha256())
    else:
        pieces = iter_file_range(archive, recording, start, end)
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
