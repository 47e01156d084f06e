"""Tests of streams that cannot be completed: they are truncated, never spliced."""

import os

import pytest

from tests.support.api.live_stream import (
    KEY,
    MP3,
    PARTS,
    TRUNCATED,
    StreamingSetup,
    listening,
    part_of,
)
from workers.queue.jobs import State
from workers.rendering.segment_log import (
    remove_segment_logs,
    start_segment_log,
)


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
