"""Audio is heard while it is made, and what is heard is what is kept."""

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
from service.supervisor.broker import embedded_broker
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
CUT = httpx2.RemoteProtocolError
"""What a client says of an answer whose last chunk is missing."""

PARTS = tuple(os.urandom(size) for size in (900, 70_000, 0, 400))


def part_of(mp3: bytes, number: int = 0) -> Segment:
    return Segment(
        AudioChunk(
            number, last=True, words=(), audio=Audio(np.zeros(9, np.int16), 22_050)
        ),
        mp3,
    )


def narration_of(*parts: bytes) -> Narration:
    return Narration(b"".join(parts), (), 9, 22_050, "made by hand", repeatable=True)


@dataclass
class StreamingSetup:
    """A narration that is being made, by the test's own hand."""

    context: ApiContext
    client: httpx2.Client
    lease: Lease
    reel: SegmentLog
    committed: int = 0

    @property
    def archive(self) -> Archive:
        return self.context.backend.archive

    def commit(self, *parts: bytes) -> None:
        for mp3 in parts:
            self.reel.commit(self.committed, part_of(mp3, self.committed))
            self.committed += 1

    def keep(self, *parts: bytes) -> None:
        """Finish it as a worker does."""
        self.archive.store(KEY, SCRIPT, TONE.id, narration_of(*parts))
        remove_segment_logs(self.archive.library.segments, KEY)
        self.lease.finish(State.READY)


@contextmanager
def begun(context: ApiContext) -> Iterator[StreamingSetup]:
    """Order a narration and take it, as its worker would."""
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
    with begun(context) as setup:
        yield setup


class Ear:
    """A listener who takes as much as he is asked to."""

    def __init__(self, answer: httpx2.Response) -> None:
        self.answer = answer
        self._pieces = answer.iter_raw()
        self._held = b""

    def hear(self, length: int) -> bytes:
        while len(self._held) < length:
            self._held += next(self._pieces)
        heard, self._held = self._held[:length], self._held[length:]
        return heard

    def rest(self) -> bytes:
        return self._held + b"".join(self._pieces)


@contextmanager
def listening(setup: StreamingSetup) -> Iterator[Ear]:
    with setup.client.stream("GET", MP3, headers={"Range": "bytes=5-"}) as answer:
        assert answer.status_code == 200
        yield Ear(answer)


def test_every_part_is_heard_as_soon_as_it_is_there(setup: StreamingSetup) -> None:
    setup.commit(PARTS[0])
    with listening(setup) as ear:
        for part, following in zip(PARTS, [*PARTS[1:], None], strict=True):
            assert ear.hear(len(part)) == part
            if following is not None:
                setup.commit(following)
        setup.keep(*PARTS)
        assert ear.rest() == b""
    assert setup.client.get(MP3).content == b"".join(PARTS)


def test_what_is_being_made_says_so(setup: StreamingSetup) -> None:
    setup.commit(PARTS[0])
    with listening(setup) as ear:
        headers = ear.answer.headers
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
    while figure(setup.client, "outspoken_listeners"):
        pass


def test_who_comes_late_hears_it_from_the_beginning(setup: StreamingSetup) -> None:
    setup.commit(*PARTS)
    with listening(setup) as ear:
        assert ear.hear(len(PARTS[0])) == PARTS[0]
        with listening(setup) as late:
            setup.keep(*PARTS)
            assert late.rest() == b"".join(PARTS)
        assert ear.rest() == b"".join(PARTS[1:])


def test_a_slow_listener_goes_on_in_the_finished_file(setup: StreamingSetup) -> None:
    """More than sockets and caches hold: most of it is read after the parts went."""
    parts = [os.urandom(1_000_000) for _ in range(24)]
    setup.commit(*parts)
    with listening(setup) as ear:
        assert ear.hear(1_500_000) == b"".join(parts)[:1_500_000]
        setup.keep(*parts)
        assert ear.rest() == b"".join(parts)[1_500_000:]


def test_a_file_that_does_not_begin_with_what_was_heard_is_not_gone_on_with(
    setup: StreamingSetup,
) -> None:
    setup.commit(*PARTS)
    with listening(setup) as ear:
        ear.hear(len(b"".join(PARTS)))
        setup.keep(b"another", *PARTS, os.urandom(1_000_000))
        with pytest.raises(CUT):
            ear.hear(1)


def test_a_file_that_ends_otherwise_than_it_should_is_not_sent_to_its_end(
    setup: StreamingSetup,
) -> None:
    whole = os.urandom(600_000)
    setup.keep(whole)
    folder = setup.context.readiness.folder
    assert folder
    (file,) = folder.glob("library/*/*.mp3")
    file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(CUT):
        setup.client.get(MP3)


def test_listeners_are_cut_off_from_what_is_begun_anew(setup: StreamingSetup) -> None:
    setup.commit(*PARTS[:2])
    with listening(setup) as ear:
        ear.hear(len(b"".join(PARTS[:2])))
        anew = start_segment_log(setup.archive.library.segments, KEY)
        anew.commit(0, part_of(b"other"))
        with pytest.raises(CUT):
            ear.rest()
        with listening(setup) as other:
            assert other.hear(5) == b"other"


def test_what_is_begun_anew_in_the_same_place_is_never_spliced(
    setup: StreamingSetup,
) -> None:
    setup.commit(*PARTS[:2])
    with listening(setup) as ear:
        ear.hear(len(b"".join(PARTS[:2])))
        remove_segment_logs(setup.archive.library.segments, KEY)
        anew = start_segment_log(setup.archive.library.segments, KEY)
        assert anew.number == setup.reel.number
        for number in range(3):
            anew.commit(number, part_of(b"other", number))
        with pytest.raises(CUT):
            ear.rest()


@pytest.mark.parametrize("end", ["failed", "cancelled", "withdrawn"])
def test_listeners_are_cut_off_from_what_will_not_be_finished(
    setup: StreamingSetup, end: str
) -> None:
    setup.commit(*PARTS[:2])
    with listening(setup) as ear:
        ear.hear(len(b"".join(PARTS[:2])))
        match end:
            case "failed":
                setup.lease.finish(State.FAILED, problem="It cannot be spoken.")
            case "cancelled":
                setup.context.backend.jobs.cancel(KEY)
            case "withdrawn":
                setup.archive.withdraw(KEY)
        with pytest.raises(CUT):
            ear.rest()
    answer = setup.client.get(MP3)
    expected = {"failed": 409, "cancelled": 404, "withdrawn": 410}
    assert answer.status_code == expected[end]
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_worker_that_died_is_waited_for(setup: StreamingSetup) -> None:
    setup.commit(*PARTS[:1])
    with listening(setup) as ear:
        ear.hear(len(PARTS[0]))
        setup.lease.finish(State.QUEUED)
        other = Lease(setup.context.backend.jobs, KEY, LeaseTimeouts())
        assert other.take() is TakeResult.TAKEN
        setup.commit(*PARTS[1:])
        assert ear.hear(len(b"".join(PARTS[1:]))) == b"".join(PARTS[1:])


def test_while_redis_is_away_it_is_heard_to_its_end(tmp_path: Path) -> None:
    with embedded_broker(tmp_path / "queue", server_program()) as broker:
        context = context_of(tmp_path / "data", broker.address)
        with begun(context) as setup:
            setup.commit(*PARTS[:2])
            with listening(setup) as ear:
                ear.hear(len(PARTS[0]))
                broker.process.kill()
                broker.process.wait()
                other = setup.client.post("/v1/narrations", json={"text": "High tide."})
                assert other.status_code == 503
                assert int(other.headers["Retry-After"]) > 0
                setup.commit(*PARTS[2:])
                assert ear.hear(len(b"".join(PARTS[1:]))) == b"".join(PARTS[1:])
                setup.archive.store(KEY, SCRIPT, TONE.id, narration_of(*PARTS))
                assert ear.rest() == b""
            assert setup.client.get(MP3).content == b"".join(PARTS)


def test_who_asks_before_it_begins_is_held_until_the_first_sound(
    setup: StreamingSetup,
) -> None:
    with ThreadPoolExecutor(1) as other:
        answer = other.submit(setup.client.get, MP3)
        while figure(setup.client, "outspoken_listeners") < 1:
            pass
        setup.commit(*PARTS)
        setup.keep(*PARTS)
        assert answer.result().content == b"".join(PARTS)


def test_what_does_not_begin_is_a_problem_with_a_time_to_come_back(
    context: ApiContext,
) -> None:
    with begun(replace(context, first_byte_timeout_s=0.2)) as setup:
        for method in ("GET", "HEAD"):
            answer = setup.client.request(method, MP3)
            assert answer.status_code == 503
            assert int(answer.headers["Retry-After"]) > 0
        assert figure(setup.client, "outspoken_listeners") == 0


class CountingShelf(DiskBlobStore):
    """Counts how often each content is read."""

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


def test_a_part_is_read_once_for_all_who_listen(
    context: ApiContext, tmp_path: Path
) -> None:
    listeners = 40
    shelf = CountingShelf(tmp_path / "parts")
    with begun(with_parts(context, shelf)) as setup:
        setup.commit(PARTS[0])
        ready = threading.Barrier(listeners + 1)

        def listen(_: int) -> bytes:
            with httpx2.stream("GET", f"{setup.client.base_url}{MP3}") as answer:
                ear = Ear(answer)
                heard = ear.hear(len(PARTS[0]))
                ready.wait()
                return heard + ear.rest()

        with ThreadPoolExecutor(listeners) as pool:
            heard = pool.map(listen, range(listeners))
            ready.wait()
            setup.commit(*PARTS[1:])
            setup.keep(*PARTS)
            assert set(heard) == {b"".join(PARTS)}
    # Twice each: when it comes, and when the next one is to follow it.
    assert len(shelf.read_names) <= 2 * len(PARTS)


def test_who_leaves_leaves_nothing_behind(setup: StreamingSetup) -> None:
    setup.commit(PARTS[0])
    with listening(setup) as ear:
        ear.hear(len(PARTS[0]))
        assert figure(setup.client, "outspoken_listeners") == 1
    while figure(setup.client, "outspoken_listeners"):
        pass
    assert KEY not in setup.context.live_streams


def test_what_is_listened_to_is_made_although_its_article_is_gone(
    context: ApiContext,
) -> None:
    jobs, claimant = context.backend.jobs, Claimant.article("tide-1")
    context.backend.queue.submit(SPEC, Lane.INTERACTIVE, claimant)
    start_segment_log(context.archive.library.segments, KEY).commit(
        0, part_of(PARTS[0])
    )
    with answering(context) as client:
        with client.stream("GET", MP3) as answer:
            ear = Ear(answer)
            ear.hear(len(PARTS[0]))
            while not wanted_by_listeners(jobs.redis):
                pass
            assert not jobs.release(KEY, claimant)
        while jobs.is_live(KEY):
            pass
    job = jobs.find(KEY)
    assert job
    assert job.state is State.CANCELLED


def test_who_listens_does_not_wait_behind_what_is_bulk(context: ApiContext) -> None:
    jobs, claimant = context.backend.jobs, Claimant.article("tide-1")
    context.backend.queue.submit(SPEC, Lane.BULK, claimant)
    with answering(replace(context, first_byte_timeout_s=0.1)) as client:
        assert client.get(MP3).status_code == 503
    assert jobs.lane(KEY) is Lane.INTERACTIVE
    assert jobs.redis.llen(Lane.INTERACTIVE.lists[0]) == 1


def wanted_by_listeners(redis: Redis) -> bool:
    claimants = redis.zrange(f"outspoken:claimants:{KEY}", 0, -1)
    return any("listeners" in claimant for claimant in claimants)


def figure(client: httpx2.Client, name: str) -> float:
    lines = client.get("/metrics").text.splitlines()
    (line,) = [line for line in lines if line.startswith(f"{name} ")]
    return float(line.split()[-1])
