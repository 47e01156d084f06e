"""Tests of live streams: audio that is sent while it is rendered."""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from service.api import ApiContext
from service.supervisor.embedded_redis import embedded_broker
from tests.support.api.live_stream import (
    KEY,
    MP3,
    PARTS,
    SPEC,
    StreamingSetup,
    count_listeners,
    listening,
    narration_of,
    rendering,
)
from tests.support.api.server import context_of
from tests.support.service import server_program
from workers.queue.jobs import State
from workers.queue.lease import Lease, LeaseTimeouts, TakeResult


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
    while count_listeners(setup.client):
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
                setup.archive.store(SPEC, narration_of(*PARTS))
                assert reader.rest() == b""
            assert setup.client.get(MP3).content == b"".join(PARTS)


def test_request_before_rendering_waits_for_the_first_part(
    setup: StreamingSetup,
) -> None:
    with ThreadPoolExecutor(1) as other:
        answer = other.submit(setup.client.get, MP3)
        while count_listeners(setup.client) < 1:
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
        assert count_listeners(setup.client) == 0
