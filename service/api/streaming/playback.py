"""Choose the source of the audio: the stored file or the live stream."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from service.api.streaming.io_threads import run_blocking
from service.api.streaming.subscribers import LiveStreams, Subscriber
from service.errors import NarrationPending
from service.narrations.backend import NarrationBackend
from service.narrations.requests import get_or_requeue, promote
from service.narrations.status import require_not_ended
from workers.narration import NarrationKey, NarrationRecord

_DISCONNECT_POLL_S = 1
"""Seconds between two checks whether a waiting listener is still connected."""


async def find_or_join(
    key: NarrationKey,
    backend: NarrationBackend,
    live_streams: LiveStreams,
    timeout_s: float,
    is_disconnected: Callable[[], Awaitable[bool]],
) -> NarrationRecord | Subscriber:
    """Return the stored narration, or a subscriber of its live stream.

    Waits up to `timeout_s` seconds for the first part.  The caller must call `leave` of
    the subscriber.

    Raises:
        NarrationPending: Rendering has not started in time.
        OutspokenError: Any error of `get_or_requeue` or `require_not_ended`.
    """
    deadline = time.monotonic() + timeout_s
    while True:
        if record := await _find_finished(key, backend, live_streams):
            return record
        subscriber = live_streams.join(key)
        try:
            started = await _wait_until_started(subscriber, is_disconnected, deadline)
        except BaseException:
            subscriber.leave()
            raise
        if started:
            return subscriber
        subscriber.leave()
        if time.monotonic() >= deadline or await is_disconnected():
            message = "The narration has not begun yet; ask again in a few seconds."
            raise NarrationPending(message)


async def _find_finished(
    key: NarrationKey, backend: NarrationBackend, live_streams: LiveStreams
) -> NarrationRecord | None:
    """Return the record; None while the narration is queued or rendering."""
    if key in live_streams:
        return None
    if record := await run_blocking(backend.archive.find, key):
        await run_blocking(backend.archive.note_use, record)
        return record
    status = await asyncio.to_thread(get_or_requeue, key, backend)
    require_not_ended(status.job)
    if status.record is None:
        await asyncio.to_thread(promote, status.job, backend)
    return status.record


async def _wait_until_started(
    subscriber: Subscriber,
    is_disconnected: Callable[[], Awaitable[bool]],
    deadline: float,
) -> bool:
    while not await subscriber.wait_for_first_part(_DISCONNECT_POLL_S):
        if subscriber.over or time.monotonic() >= deadline:
            return False
        if await is_disconnected():
            return False
    return True
