"""Segment log: committed segments are never rewritten, and rendering resumes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.engines import ChanceEngine, CountingEngine, OtherEngine
from tests.support.scripts import script_of
from voices.audio import Audio
from voices.engine import TokenTiming
from voices.tone import ToneEngine
from workers.interruptions import CannotResume, JobRequeued, LeaseLost
from workers.rendering.render import SEQUENTIAL, RenderOptions, render_script
from workers.rendering.segment_log import (
    AudioChunk,
    Segment,
    SegmentLog,
    find_segment_log,
    remove_segment_logs,
    start_segment_log,
)
from workers.storage.blobs import BlobStore, MemoryBlobStore

KEY = "0" * 32


SCRIPT = script_of("The tide turns", "It turned at noon.", "No one saw it.", "Or so.")


def ignore(_done: int, _total: int) -> None:
    """Take no notice of progress."""


class Stop:
    """A progress callback that stops after a number of sentences."""

    def __init__(self, sentences: int) -> None:
        self.sentences = sentences

    def __call__(self, done: int, _total: int) -> None:
        if done == self.sentences:
            raise JobRequeued("Enough.")


def interrupted_log(
    store: BlobStore, sentences: int, options: RenderOptions = SEQUENTIAL
) -> SegmentLog:
    """Return a segment log whose renderer stopped after `sentences` sentences."""
    segment_log = SegmentLog(store, KEY, 1)
    with pytest.raises(JobRequeued):
        render_script(SCRIPT, ToneEngine(), Stop(sentences), options, segment_log)
    return segment_log


def whole() -> bytes:
    return render_script(
        SCRIPT, ToneEngine(), ignore, segment_log=SegmentLog(MemoryBlobStore(), KEY, 1)
    ).mp3


@pytest.mark.parametrize(
    "options",
    [RenderOptions(), RenderOptions(threads=3), RenderOptions(low_latency=True)],
)
def test_the_joined_segments_are_the_file(options: RenderOptions) -> None:
    segment_log = SegmentLog(MemoryBlobStore(), KEY, 1)
    narration = render_script(SCRIPT, ToneEngine(), ignore, options, segment_log)
    segments = list(segment_log.segments())
    assert b"".join(segment.mp3 for segment in segments) == narration.mp3 == whole()
    assert [segment_log.mp3(number) for number in range(len(segments))] == [
        segment.mp3 for segment in segments
    ]
    assert segment_log.mp3(len(segments)) is None


def test_a_waiting_listener_gets_the_first_sentence_in_windows() -> None:
    segment_log = SegmentLog(MemoryBlobStore(), KEY, 1)
    render_script(
        SCRIPT, ToneEngine(), ignore, RenderOptions(low_latency=True), segment_log
    )
    sentences = [segment.chunk.sentence for segment in segment_log.segments()]
    # A beat a word, the pause, the other sentences whole, the end of the file.
    assert sentences == [0, 0, 0, 0, 1, 2, 3, 4]


@pytest.mark.parametrize("sentences", [1, 2, 3])
@pytest.mark.parametrize("options", [RenderOptions(), RenderOptions(low_latency=True)])
def test_rendering_resumes_after_the_last_segment(
    sentences: int, options: RenderOptions
) -> None:
    segment_log = interrupted_log(MemoryBlobStore(), sentences, options)
    before = [segment.mp3 for segment in segment_log.segments()]
    engine = CountingEngine()
    narration = render_script(SCRIPT, engine, ignore, options, segment_log)
    assert narration.mp3 == whole()
    assert [segment.mp3 for segment in segment_log.segments()][: len(before)] == before
    # Only the first sentence is rendered again, for comparison.
    spoken = [sentence.spoken for sentence in SCRIPT.sentences]
    assert engine.said == [spoken[0], *spoken[sentences:]]


@pytest.mark.parametrize("windows", [1, 2, 3])
def test_rendering_resumes_in_the_middle_of_the_first_sentence(windows: int) -> None:
    segment_log = SegmentLog(MemoryBlobStore(), KEY, 1)
    complete_log = SegmentLog(MemoryBlobStore(), KEY, 1)
    render_script(
        SCRIPT, ToneEngine(), ignore, RenderOptions(low_latency=True), complete_log
    )
    for number, segment in enumerate(list(complete_log.segments())[:windows]):
        segment_log.commit(number, segment)
    narration = render_script(SCRIPT, ToneEngine(), ignore, segment_log=segment_log)
    first = render_script(
        SCRIPT, ToneEngine(), ignore, segment_log=SegmentLog(MemoryBlobStore(), KEY, 1)
    )
    assert narration == first


def test_a_complete_segment_log_is_not_rendered_again() -> None:
    segment_log = SegmentLog(MemoryBlobStore(), KEY, 1)
    render_script(SCRIPT, ToneEngine(), ignore, segment_log=segment_log)
    engine = CountingEngine()
    assert render_script(SCRIPT, engine, ignore, segment_log=segment_log).mp3 == whole()
    assert engine.said == [SCRIPT.sentences[0].spoken]


@pytest.mark.parametrize("engine", [OtherEngine(), ChanceEngine()])
def test_a_different_engine_cannot_resume(engine: ToneEngine) -> None:
    segment_log = interrupted_log(MemoryBlobStore(), 2)
    with pytest.raises(CannotResume):
        render_script(SCRIPT, engine, ignore, segment_log=segment_log)


def test_a_different_encoder_cannot_resume() -> None:
    store = MemoryBlobStore()
    (segment, *_) = interrupted_log(MemoryBlobStore(), 1).segments()
    segment_log = SegmentLog(store, KEY, 1)
    segment_log.commit(0, Segment(segment.chunk, segment.mp3[:-1] + b"?"))
    with pytest.raises(CannotResume):
        render_script(SCRIPT, ToneEngine(), ignore, segment_log=segment_log)


@pytest.mark.parametrize("damage", ["short", "one bit of silence"])
def test_rendering_does_not_resume_after_a_damaged_segment(damage: str) -> None:
    store = MemoryBlobStore()
    interrupted_log(store, 2)
    name = max(item.name for item in store.list())
    content = store.read(name)
    assert content
    store.remove(name)
    bent = content[:-1] + bytes([content[-1] ^ 1])
    store.put_if_absent(name, content[:-2] if damage == "short" else bent)
    with pytest.raises(CannotResume, match="damaged"):
        render_script(
            SCRIPT, ToneEngine(), ignore, segment_log=SegmentLog(store, KEY, 1)
        )


def test_two_renderers_of_the_same_sound_give_one_file() -> None:
    store = MemoryBlobStore()
    segment_log = SegmentLog(store, KEY, 1)
    first = render_script(SCRIPT, ToneEngine(), ignore, segment_log=segment_log)
    again = SegmentLog(store, KEY, 1)
    for number, segment in enumerate(segment_log.segments()):
        again.commit(number, segment)
    assert (
        render_script(SCRIPT, ToneEngine(), ignore, segment_log=again).mp3 == first.mp3
    )


def test_a_committed_segment_is_not_overwritten() -> None:
    store = MemoryBlobStore()
    segment_log = SegmentLog(store, KEY, 1)
    mine, theirs = (
        Segment(AudioChunk(0, last=True, words=(), audio=Audio.silence(9, 22050)), mp3)
        for mp3 in (b"mine", b"theirs")
    )
    segment_log.commit(0, theirs)
    with pytest.raises(LeaseLost):
        segment_log.commit(0, mine)
    assert segment_log.mp3(0) == b"theirs"


def test_the_latest_segment_log_is_used() -> None:
    store = MemoryBlobStore()
    assert find_segment_log(store, KEY) is None
    assert start_segment_log(store, KEY).number == 1
    interrupted_log(store, 1)
    second = start_segment_log(store, KEY)
    assert second.number == 2
    for number, segment in enumerate(interrupted_log(MemoryBlobStore(), 1).segments()):
        second.commit(number, segment)
    found = find_segment_log(store, KEY)
    assert found
    assert found.number == 2
    remove_segment_logs(store, KEY)
    assert find_segment_log(store, KEY) is None


@given(
    sentence=st.integers(0, 9999),
    last=st.booleans(),
    words=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6))),
    sound=st.binary(max_size=2000).map(lambda b: b[: len(b) // 2 * 2]),
    mp3=st.binary(max_size=100_000),
    pause=st.integers(0, 10**6),
)
def test_every_segment_round_trips(
    *,
    sentence: int,
    last: bool,
    words: list[tuple[int, int]],
    sound: bytes,
    mp3: bytes,
    pause: int,
) -> None:
    segment_log = SegmentLog(MemoryBlobStore(), KEY, 1)
    soundings = tuple(TokenTiming(start, end) for start, end in words)
    audio = Audio(np.frombuffer(sound, dtype=np.int16), 22050)
    segment_log.commit(
        0, Segment(AudioChunk(sentence, last, soundings, audio, pause), mp3)
    )
    (segment,) = segment_log.segments()
    chunk = segment.chunk
    assert (chunk.sentence, chunk.last, chunk.words) == (sentence, last, soundings)
    assert chunk.audio.samples.tobytes() == sound
    assert (chunk.pause, chunk.audio.rate) == (pause, 22050)
    assert segment.mp3 == mp3 == segment_log.mp3(0)
