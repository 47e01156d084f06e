"""HTTP Live Streaming: playlists and segments, while rendering and finished."""

import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import accumulate, pairwise

import httpx2
import imageio_ffmpeg
import numpy as np
import pytest

from service.api import ApiContext
from tests.support.api.hls_rules import Playlist, parse_playlist, split_segment
from tests.support.api.live_stream import (
    KEY,
    MP3,
    StreamingSetup,
    count_listeners,
    rendering,
)
from tests.support.scripts import script_of
from voices.tone import ToneEngine
from workers.audio.id3 import tag_length
from workers.queue.jobs import State
from workers.rendering.render import render_script
from workers.rendering.segment_log import SegmentLog
from workers.storage.blobs import MemoryBlobStore

PLAYLIST = f"/v1/narrations/{KEY}.m3u8"
FRAME_S = 576 / 22_050


@pytest.fixture(name="parts", scope="module")
def _parts() -> list[bytes]:
    """The MP3 of each segment of a narration of a minute."""
    log = SegmentLog(MemoryBlobStore(), KEY, 1)
    script = script_of("The tide turns", *["It turned at noon and no one saw it."] * 40)
    narration = render_script(script, ToneEngine(), lambda *_: None, segment_log=log)
    parts = [segment.mp3 for segment in log.segments()]
    assert b"".join(parts) == narration.mp3
    return parts


def first_parts(parts: list[bytes], seconds: float) -> int:
    """Return how many parts have this much audio at least."""
    lengths = accumulate(map(len, parts))
    return next(n for n, length in enumerate(lengths, 1) if length > seconds * 8_100)


def load(client: httpx2.Client) -> Playlist:
    answer = client.get(PLAYLIST)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/vnd.apple.mpegurl"
    return parse_playlist(answer.content)


def load_finished(client: httpx2.Client) -> Playlist:
    """Wait for the end of the playlist, as players do."""
    while not (playlist := load(client)).is_finished:
        pass
    return playlist


def segments_of(client: httpx2.Client, playlist: Playlist) -> list[httpx2.Response]:
    base = httpx2.URL(f"{client.base_url}").join(PLAYLIST)
    answers = [client.get(base.join(address)) for address in playlist.addresses]
    assert {answer.status_code for answer in answers} <= {200}
    assert {answer.headers["Content-Type"] for answer in answers} <= {"audio/mpeg"}
    return answers


def require_whole(client: httpx2.Client, playlist: Playlist, mp3: bytes) -> None:
    """Require that the segments are the frames of the file, at their times."""
    segments = [
        split_segment(answer.content) for answer in segments_of(client, playlist)
    ]
    assert b"".join(audio for _, audio in segments) == mp3[tag_length(mp3[:10]) :]
    starts = [0, *accumulate(playlist.durations)]
    for (time, _), start in zip(segments, starts, strict=False):
        assert time == pytest.approx(start, abs=0.001)


def decode(source: str | bytes) -> "np.ndarray[tuple[int], np.dtype[np.int16]]":
    """Decode an address as a player does, or an MP3."""
    given = {"input": source} if isinstance(source, bytes) else {}
    options = ["-i", "-"] if given else ["-live_start_index", "0", "-i", str(source)]
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", *options]
    done = subprocess.run(
        [*command, "-f", "s16le", "-"], check=True, capture_output=True, **given
    )
    return np.frombuffer(done.stdout, np.int16)


def test_finished_narration_is_a_complete_playlist(
    setup: StreamingSetup, parts: list[bytes]
) -> None:
    setup.finish(*parts)
    playlist = load(setup.client)
    assert playlist.is_finished
    assert set(playlist.durations[:-1]) == {round(153 * FRAME_S, 6)}
    assert playlist.target == 4
    require_whole(setup.client, playlist, b"".join(parts))


def test_playlist_grows_and_its_segments_never_change(
    setup: StreamingSetup, parts: list[bytes]
) -> None:
    seen: list[bytes] = []
    contents: list[bytes] = []
    committed = 0
    for seconds in (5, 13, 14, 40):
        until = first_parts(parts, seconds)
        setup.commit(*parts[committed:until])
        committed = until
        while len(load(setup.client).addresses) < seconds // 4:
            pass
        seen.append(setup.client.get(PLAYLIST).content)
        playlist = parse_playlist(seen[-1])
        assert not playlist.is_finished
        answers = segments_of(setup.client, playlist)
        assert {answer.headers["Cache-Control"] for answer in answers} == {"no-store"}
        assert [a.content for a in answers][: len(contents)] == contents
        contents = [answer.content for answer in answers]
    setup.commit(*parts[committed:])
    setup.finish(*parts)
    finished = load_finished(setup.client)
    answers = segments_of(setup.client, finished)
    assert [answer.content for answer in answers][: len(contents)] == contents
    require_whole(setup.client, finished, b"".join(parts))
    seen.append(setup.client.get(PLAYLIST).content)
    assert all(after.startswith(before) for before, after in pairwise(seen))


def test_growing_playlist_is_not_cached_and_the_finished_one_for_a_day(
    setup: StreamingSetup, parts: list[bytes]
) -> None:
    setup.commit(*parts[: first_parts(parts, 6)])
    assert setup.client.get(PLAYLIST).headers["Cache-Control"] == "no-store"
    setup.commit(*parts[first_parts(parts, 6) :])
    setup.finish(*parts)
    load_finished(setup.client)
    answer = setup.client.get(PLAYLIST)
    assert answer.headers["Cache-Control"] == "public, max-age=86400"
    again = setup.client.get(
        PLAYLIST, headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert (again.status_code, again.content) == (304, b"")
    (segment, *_) = segments_of(setup.client, parse_playlist(answer.content))
    assert "immutable" in segment.headers["Cache-Control"]
    assert segment.headers["ETag"]


def test_playlist_waits_for_the_first_segment(
    setup: StreamingSetup, parts: list[bytes]
) -> None:
    with ThreadPoolExecutor(1) as other:
        answer = other.submit(load, setup.client)
        while count_listeners(setup.client) < 1:
            pass
        setup.commit(parts[0])
        assert not answer.done()
        setup.commit(*parts[1 : first_parts(parts, 6)])
        assert len(answer.result().addresses) >= 1


def test_narration_shorter_than_a_segment_has_a_playlist(setup: StreamingSetup) -> None:
    log = SegmentLog(MemoryBlobStore(), KEY, 1)
    render_script(script_of("Ebb"), ToneEngine(), lambda *_: None, segment_log=log)
    parts = [segment.mp3 for segment in log.segments()]
    setup.commit(*parts)
    with ThreadPoolExecutor(1) as other:
        answer = other.submit(load, setup.client)
        while count_listeners(setup.client) < 1:
            pass
        setup.finish(*parts)
        playlist = answer.result()
    assert len(playlist.addresses) == 1
    require_whole(setup.client, playlist, b"".join(parts))


def test_playlist_that_does_not_begin_is_503_with_retry_after(
    context: ApiContext, parts: list[bytes]
) -> None:
    with rendering(replace(context, first_byte_timeout_s=0.3)) as setup:
        for committed in (False, True):
            if committed:
                setup.commit(parts[0])
            for path in (PLAYLIST, f"/v1/narrations/{KEY}/hls/1.mp3"):
                answer = setup.client.get(path)
                assert answer.status_code == 503, path
                assert int(answer.headers["Retry-After"]) > 0
                assert answer.headers["Cache-Control"] == "no-store"


def test_segment_past_the_end_is_not_found(
    setup: StreamingSetup, parts: list[bytes]
) -> None:
    setup.finish(*parts)
    count = len(load(setup.client).addresses)
    answer = setup.client.get(f"/v1/narrations/{KEY}/hls/{count}.mp3")
    assert (answer.status_code, answer.json()["type"]) == (
        404,
        "about:segment-not-found",
    )
    assert answer.headers["Cache-Control"] == "no-store"


def test_withdrawn_narration_has_neither_playlist_nor_segments(
    setup: StreamingSetup, parts: list[bytes]
) -> None:
    setup.finish(*parts)
    assert load(setup.client).is_finished
    setup.client.delete(f"/v1/narrations/{KEY}")
    for path in (PLAYLIST, f"/v1/narrations/{KEY}/hls/0.mp3"):
        assert setup.client.get(path).status_code == 410


def test_failed_narration_has_no_playlist(setup: StreamingSetup) -> None:
    setup.lease.finish(State.FAILED)
    assert setup.client.get(PLAYLIST).status_code == 409


def test_player_plays_a_finished_playlist_to_its_end(
    setup: StreamingSetup, parts: list[bytes]
) -> None:
    setup.finish(*parts)
    heard = decode(f"{setup.client.base_url}".rstrip("/") + PLAYLIST)
    assert np.array_equal(heard, decode(b"".join(parts)))


def test_player_plays_a_growing_playlist_to_its_end(
    setup: StreamingSetup, parts: list[bytes]
) -> None:
    begun = first_parts(parts, 10)
    setup.commit(*parts[:begun])
    with ThreadPoolExecutor(1) as other:
        heard = other.submit(decode, f"{setup.client.base_url}".rstrip("/") + PLAYLIST)
        while count_listeners(setup.client) < 1:
            pass
        setup.commit(*parts[begun:])
        setup.finish(*parts)
        assert np.array_equal(heard.result(), decode(b"".join(parts)))


def test_listener_of_the_mp3_hears_the_same(
    setup: StreamingSetup, parts: list[bytes]
) -> None:
    setup.finish(*parts)
    assert setup.client.get(MP3).content == b"".join(parts)
    require_whole(setup.client, load(setup.client), b"".join(parts))
