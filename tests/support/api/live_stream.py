"""A narration that is rendered step by step, and listeners of its stream."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx2
import numpy as np

from service.api import ApiContext
from tests.support.api.server import answering
from tests.support.scripts import script_of, transcript_of
from voices.audio import Audio
from voices.tone import TONE
from workers.narration import JobSpec, Narration, narration_key
from workers.queue.jobs import State
from workers.queue.lease import Lease, LeaseTimeouts, TakeResult
from workers.rendering.segment_log import (
    AudioChunk,
    Segment,
    SegmentLog,
    remove_segment_logs,
    start_segment_log,
)
from workers.storage.archive import Archive

SCRIPT = script_of("The tide turns", "It turned at noon.", "No one saw it.")
KEY = narration_key(SCRIPT, TONE)
SPEC = JobSpec(KEY, TONE.id, SCRIPT)
MP3 = f"/v1/narrations/{KEY}.mp3"
TRUNCATED = httpx2.RemoteProtocolError
"""Error of a client whose response lacks the last chunk."""

PARTS = tuple(os.urandom(size) for size in (900, 70_000, 0, 400))


def part_of(mp3: bytes, number: int = 0) -> Segment:
    return Segment(
        AudioChunk(
            number, last=True, words=(), audio=Audio(np.zeros(9, np.int16), 22_050)
        ),
        mp3,
    )


def narration_of(*parts: bytes) -> Narration:
    timings = transcript_of(SCRIPT).timings
    return Narration(
        b"".join(parts), timings, 9, 22_050, "test engine", repeatable=True
    )


@dataclass
class StreamingSetup:
    """A narration whose parts the test commits, and a client of the API."""

    context: ApiContext
    client: httpx2.Client
    lease: Lease
    segment_log: SegmentLog
    committed: int = 0

    @property
    def archive(self) -> Archive:
        return self.context.backend.archive

    def commit(self, *parts: bytes) -> None:
        for mp3 in parts:
            self.segment_log.commit(self.committed, part_of(mp3, self.committed))
            self.committed += 1

    def finish(self, *parts: bytes) -> None:
        """Store the narration and end the job, as a worker does."""
        self.archive.store(SPEC, narration_of(*parts))
        remove_segment_logs(self.archive.library.segments, KEY)
        self.lease.finish(State.READY)


@contextmanager
def rendering(context: ApiContext) -> Iterator[StreamingSetup]:
    """Submit a job and take it, as a worker does."""
    context.backend.queue.submit(SPEC)
    lease = Lease(context.backend.jobs, KEY, LeaseTimeouts())
    assert lease.take() is TakeResult.TAKEN
    with answering(context) as client:
        yield StreamingSetup(
            context,
            client,
            lease,
            start_segment_log(context.archive.library.segments, KEY),
        )


class AudioReader:
    """Reads as much of a response as it is asked for."""

    def __init__(self, response: httpx2.Response) -> None:
        self.response = response
        self._chunks = response.iter_raw()
        self._buffer = b""

    def read(self, length: int) -> bytes:
        while len(self._buffer) < length:
            self._buffer += next(self._chunks)
        content, self._buffer = self._buffer[:length], self._buffer[length:]
        return content

    def rest(self) -> bytes:
        return self._buffer + b"".join(self._chunks)


@contextmanager
def listening(setup: StreamingSetup) -> Iterator[AudioReader]:
    with setup.client.stream("GET", MP3, headers={"Range": "bytes=5-"}) as answer:
        assert answer.status_code == 200
        yield AudioReader(answer)


def count_listeners(client: httpx2.Client) -> int:
    """Return how many listeners the API's metrics count."""
    lines = client.get("/metrics").text.splitlines()
    (line,) = [line for line in lines if line.startswith("outspoken_listeners ")]
    return int(float(line.split()[-1]))
