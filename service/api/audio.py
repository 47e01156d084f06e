"""The audio itself, whole or by range."""

import asyncio
import re
import time
from http import HTTPStatus

from fastapi import APIRouter, Request, Response

from service.api.desk import Desk
from service.api.narrations import Key
from service.errors import NarrationFailed, NarrationPending
from service.narrations import narration_status
from workers.jobs import State
from workers.narration import Recording

_WAIT = 30
"""Seconds that a listener is kept waiting for a narration that is being made."""

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


def routes(desk: Desk) -> APIRouter:
    """Return the route of the MP3."""
    router = APIRouter(prefix="/v1/narrations", tags=["narrations"])

    @router.head("/{key}.mp3", response_class=Response)
    @router.get("/{key}.mp3", response_class=Response)
    async def audio(key: Key, request: Request) -> Response:
        """Give the finished MP3; waits a while for one that is being made."""
        recording = await _wait(desk, key)
        return await asyncio.to_thread(_answer, desk, recording, request)

    return router


async def _wait(desk: Desk, key: str) -> Recording:
    deadline = time.monotonic() + _WAIT
    while True:
        status = await asyncio.to_thread(
            narration_status, key, desk.archive, desk.queue.jobs
        )
        if status.recording:
            return status.recording
        if status.job.state is State.FAILED:
            raise NarrationFailed(status.job.problem)
        if time.monotonic() >= deadline:
            message = "The narration is not ready yet; ask again in a few seconds."
            raise NarrationPending(message)
        await asyncio.sleep(0.25)


def _answer(desk: Desk, recording: Recording, request: Request) -> Response:
    etag = f'"{recording.sha256}"'
    headers = {
        "Accept-Ranges": "bytes",
        # The key names the content, so it can be kept for ever.
        "Cache-Control": "public, max-age=31536000, immutable",
        "Content-Disposition": "inline",
        "ETag": etag,
    }
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
    content = b""
    if request.method == "GET":
        content = desk.archive.read(recording, start, end - start)
    return Response(content, status, headers, media_type="audio/mpeg")


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
