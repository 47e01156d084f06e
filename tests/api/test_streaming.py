"""Tests of live streams: audio that is sent while it is rendered."""

import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx2
import numpy as np
import pytest
from redis import Redis

from service.api import ApiContext
from service.api.streaming.subscribers import LiveStreams
from service.narrations.backend import NarrationBackend
from service.supervisor.embedded_redis import embedded_broker
from tests.support.api_server import answering, context_of
from tests.support.scripts import script_of
from tests.support.service import server_program
from voices.audio import Audio
from voices.tone import TONE
from workers.narration import JobSpec, Narration, narration_key
from workers.queue.claimants import Claimant
from workers.queue.jobs import Lane, State
from workers.queue.lease import Lease, LeaseTimeouts, TakeResult
from workers.rendering.segment_log import (
    AudioChunk,
    Segment,
    SegmentLog,
    remove_segment_logs,
    start_segment_log,
)
from workers.storage.archive import Archive
from workers.storage.blobs import BlobStore, DiskBlobStore, Library

SCRIPT = script_of("The tide turns", "It turned at noon.", "Nobody saw it.")
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
    return Narration(b"".join(parts), (), 9, 22_050, "test engine", repeatable=True)


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
        self.archive.store(KEY, SCRIPT, TONE.id, narration_of(*parts))
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


@pytest.fixture(name="context")
def _context(tmp_path: Path, broker: str, redis: Redis) -> ApiContext:
    assert redis.dbsize() == 0
    return context_of(tmp_path / "data", broker)


@pytest.fixture(name="setup")
def _setup(context: ApiContext) -> Iterator[StreamingSetup]:
    with rendering(context) as setup:
        yield setup


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


def test_part_is_streamed_as_soon_as_it_is_committed(setup: StreamingSetup) -> None:
    setup.commit(PARTS[0])
    with listening(setup) as reader:
        for part, following in zip(PARTS, [*PARTS[1:], None], strict=True):
            assert reader.read(len(part)) == part
            if following is not None:
                setup.commit(following)
        setup.finish(*PARTS)
        assert reader.rest() == b""
    assert setup.client.get(MP3).content == b"".join(PARTS)


def test_live_stream_has_headers_of_a_live_stream(setup: StreamingSetup) -> None:
    setup.commit(PARTS[0])
    with listening(setup) as reader:
        headers = reader.response.headers
        assert "Content-Length" not in headers
        assert headers["Transfer-Encoding"] == "chunked"
        assert headers["Content-Type"] == "audio/mpeg"
        assert headers["Accept-Ranges"] == "none"
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Accel-Buffering"] == "no"
    head = setup.client.head(MP3)
    assert (head.status_code, head.content) == (200, b"")
    assert "Content-Length" not in head.headers
    assert head.headers["Cache-Control"] == "no-store"
    while metric(setup.client, "outspoken_listeners"):
        pass


def test_late_listener_gets_the_audio_from_its_beginning(setup: StreamingSetup) -> None:
    setup.commit(*PARTS)
    with listening(setup) as reader:
        assert reader.read(len(PARTS[0])) == PARTS[0]
        with listening(setup) as late:
            setup.finish(*PARTS)
            assert late.rest() == b"".join(PARTS)
        assert reader.rest() == b"".join(PARTS[1:])


def test_slow_listener_continues_in_the_finished_file(setup: StreamingSetup) -> None:
    """More than sockets buffer: most is read after the parts were removed."""
    parts = [os.urandom(1_000_000) for _ in range(24)]
    setup.commit(*parts)
    with listening(setup) as reader:
        assert reader.read(1_500_000) == b"".join(parts)[:1_500_000]
        setup.finish(*parts)
        assert reader.rest() == b"".join(parts)[1_500_000:]


def test_stream_is_truncated_if_the_finished_file_differs_from_it(
    setup: StreamingSetup,
) -> None:
    setup.commit(*PARTS)
    with listening(setup) as reader:
        reader.read(len(b"".join(PARTS)))
        setup.finish(b"another", *PARTS, os.urandom(1_000_000))
        with pytest.raises(TRUNCATED):
            reader.read(1)


def test_damaged_file_is_not_sent_to_its_end(
    setup: StreamingSetup,
) -> None:
    whole = os.urandom(600_000)
    setup.finish(whole)
    folder = setup.context.readiness.folder
    assert folder
    (file,) = folder.glob("library/*/*.mp3")
    file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(TRUNCATED):
        setup.client.get(MP3)


def test_stream_is_truncated_when_rendering_restarts(setup: StreamingSetup) -> None:
    setup.commit(*PARTS[:2])
    with listening(setup) as reader:
        reader.read(len(b"".join(PARTS[:2])))
        restarted = start_segment_log(setup.archive.library.segments, KEY)
        restarted.commit(0, part_of(b"other"))
        with pytest.raises(TRUNCATED):
            reader.rest()
        with listening(setup) as other:
            assert other.read(5) == b"other"


def test_restarted_rendering_with_the_same_log_number_is_never_spliced(
    setup: StreamingSetup,
) -> None:
    setup.commit(*PARTS[:2])
    with listening(setup) as reader:
        reader.read(len(b"".join(PARTS[:2])))
        remove_segment_logs(setup.archive.library.segments, KEY)
        restarted = start_segment_log(setup.archive.library.segments, KEY)
        assert restarted.number == setup.segment_log.number
        for number in range(3):
            restarted.commit(number, part_of(b"other", number))
        with pytest.raises(TRUNCATED):
            reader.rest()


@pytest.mark.parametrize("end", ["failed", "cancelled", "withdrawn"])
def test_stream_is_truncated_when_the_job_ends_without_audio(
    setup: StreamingSetup, end: str
) -> None:
    setup.commit(*PARTS[:2])
    with listening(setup) as reader:
        reader.read(len(b"".join(PARTS[:2])))
        match end:
            case "failed":
                setup.lease.finish(State.FAILED, problem="It cannot be spoken.")
            case "cancelled":
                setup.context.backend.jobs.cancel(KEY)
            case "withdrawn":
                setup.archive.withdraw(KEY)
        with pytest.raises(TRUNCATED):
            reader.rest()
    answer = setup.client.get(MP3)
    expected = {"failed": 409, "cancelled": 404, "withdrawn": 410}
    assert answer.status_code == expected[end]
    assert answer.headers["Cache-Control"] == "no-store"


def test_stream_continues_when_another_worker_takes_the_job(
    setup: StreamingSetup,
) -> None:
    setup.commit(*PARTS[:1])
    with listening(setup) as reader:
        reader.read(len(PARTS[0]))
        setup.lease.finish(State.QUEUED)
        other = Lease(setup.context.backend.jobs, KEY, LeaseTimeouts())
        assert other.take() is TakeResult.TAKEN
        setup.commit(*PARTS[1:])
        assert reader.read(len(b"".join(PARTS[1:]))) == b"".join(PARTS[1:])


def test_stream_continues_to_its_end_without_redis(tmp_path: Path) -> None:
    with embedded_broker(tmp_path / "queue", server_program()) as broker:
        context = context_of(tmp_path / "data", broker.address)
        with rendering(context) as setup:
            setup.commit(*PARTS[:2])
            with listening(setup) as reader:
                reader.read(len(PARTS[0]))
                broker.process.kill()
                broker.process.wait()
                other = setup.client.post("/v1/narrations", json={"text": "High tide."})
                assert other.status_code == 503
                assert int(other.headers["Retry-After"]) > 0
                setup.commit(*PARTS[2:])
                assert reader.read(len(b"".join(PARTS[1:]))) == b"".join(PARTS[1:])
                setup.archive.store(KEY, SCRIPT, TONE.id, narration_of(*PARTS))
                assert reader.rest() == b""
            assert setup.client.get(MP3).content == b"".join(PARTS)


def test_request_before_rendering_waits_for_the_first_part(
    setup: StreamingSetup,
) -> None:
    with ThreadPoolExecutor(1) as other:
        answer = other.submit(setup.client.get, MP3)
        while metric(setup.client, "outspoken_listeners") < 1:
            pass
        setup.commit(*PARTS)
        setup.finish(*PARTS)
        assert answer.result().content == b"".join(PARTS)


def test_rendering_that_does_not_start_is_503_with_retry_after(
    context: ApiContext,
) -> None:
    with rendering(replace(context, first_byte_timeout_s=0.2)) as setup:
        for method in ("GET", "HEAD"):
            answer = setup.client.request(method, MP3)
            assert answer.status_code == 503
            assert int(answer.headers["Retry-After"]) > 0
        assert metric(setup.client, "outspoken_listeners") == 0


class CountingStore(DiskBlobStore):
    """Counts how often each blob is read."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.read_names: list[str] = []

    def read(
        self, name: str, start: int = 0, length: int | None = None
    ) -> bytes | None:
        content = super().read(name, start, length)
        if content is not None:
            self.read_names.append(name)
        return content


def with_parts(context: ApiContext, parts: BlobStore) -> ApiContext:
    archive = Archive(
        Library(context.archive.library.narrations, parts), context.records
    )
    live_streams = LiveStreams(archive, context.backend.jobs)
    return replace(
        context,
        backend=NarrationBackend(archive, context.records, context.backend.queue),
        live_streams=live_streams,
    )


def test_part_is_read_from_disk_once_for_all_listeners(
    context: ApiContext, tmp_path: Path
) -> None:
    listeners = 40
    store = CountingStore(tmp_path / "parts")
    with rendering(with_parts(context, store)) as setup:
        setup.commit(PARTS[0])
        ready = threading.Barrier(listeners + 1)

        def listen(_: int) -> bytes:
            with httpx2.stream("GET", f"{setup.client.base_url}{MP3}") as answer:
                reader = AudioReader(answer)
                first = reader.read(len(PARTS[0]))
                ready.wait()
                return first + reader.rest()

        with ThreadPoolExecutor(listeners) as pool:
            bodies = pool.map(listen, range(listeners))
            ready.wait()
            setup.commit(*PARTS[1:])
            setup.finish(*PARTS)
            assert set(bodies) == {b"".join(PARTS)}
    # Twice each: when it is committed, and when the next one is checked to follow it.
    assert len(store.read_names) <= 2 * len(PARTS)


def test_stream_ends_when_its_last_listener_leaves(setup: StreamingSetup) -> None:
    setup.commit(PARTS[0])
    with listening(setup) as reader:
        reader.read(len(PARTS[0]))
        assert metric(setup.client, "outspoken_listeners") == 1
    while metric(setup.client, "outspoken_listeners"):
        pass
    assert KEY not in setup.context.live_streams


def test_listened_job_is_not_cancelled_with_its_article(
    context: ApiContext,
) -> None:
    jobs, claimant = context.backend.jobs, Claimant.article("tide-1")
    context.backend.queue.submit(SPEC, Lane.INTERACTIVE, claimant)
    start_segment_log(context.archive.library.segments, KEY).commit(
        0, part_of(PARTS[0])
    )
    with answering(context) as client:
        with client.stream("GET", MP3) as answer:
            reader = AudioReader(answer)
            reader.read(len(PARTS[0]))
            while not claimed_by_listeners(jobs.redis):
                pass
            assert not jobs.release(KEY, claimant)
        while jobs.is_live(KEY):
            pass
    job = jobs.find(KEY)
    assert job
    assert job.state is State.CANCELLED


def test_listener_moves_a_bulk_job_to_the_interactive_lane(context: ApiContext) -> None:
    jobs, claimant = context.backend.jobs, Claimant.article("tide-1")
    context.backend.queue.submit(SPEC, Lane.BULK, claimant)
    with answering(replace(context, first_byte_timeout_s=0.1)) as client:
        assert client.get(MP3).status_code == 503
    assert jobs.lane(KEY) is Lane.INTERACTIVE
    assert jobs.redis.llen(Lane.INTERACTIVE.lists[0]) == 1


def claimed_by_listeners(redis: Redis) -> bool:
    claimants = redis.zrange(f"outspoken:claimants:{KEY}", 0, -1)
    return any("listeners" in claimant for claimant in claimants)


def metric(client: httpx2.Client, name: str) -> float:
    lines = client.get("/metrics").text.splitlines()
    (line,) = [line for line in lines if line.startswith(f"{name} ")]
    return float(line.split()[-1])
