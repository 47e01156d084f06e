"""Tests of listeners: what they share, and what they do to the job."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import httpx2
from redis import Redis

from service.api import ApiContext
from service.api.streaming.subscribers import LiveStreams
from service.narrations.backend import NarrationBackend
from tests.support.api.live_stream import (
    KEY,
    MP3,
    PARTS,
    SPEC,
    AudioReader,
    StreamingSetup,
    count_listeners,
    listening,
    part_of,
    rendering,
)
from tests.support.api.server import answering
from workers.queue.claimants import Claimant
from workers.queue.jobs import Lane, State
from workers.rendering.segment_log import (
    start_segment_log,
)
from workers.storage.archive import Archive
from workers.storage.blobs import BlobStore, DiskBlobStore, Library


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
        Library(context.archive.library.narrations, parts), context.database
    )
    live_streams = LiveStreams(archive, context.backend.jobs)
    return replace(
        context,
        backend=NarrationBackend(archive, context.backend.queue),
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
        assert count_listeners(setup.client) == 1
    while count_listeners(setup.client):
        pass
    assert KEY not in setup.context.live_streams


def claimed_by_listeners(redis: Redis) -> bool:
    claimants = redis.zrange(f"outspoken:claimants:{KEY}", 0, -1)
    return any("listeners" in claimant for claimant in claimants)


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
