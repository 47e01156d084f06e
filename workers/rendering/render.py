"""Render a script to a narration."""

from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import islice

from voices.audio import Audio
from voices.engine import Engine, TokenTiming
from voices.errors import SynthesisFailed
from voices.sentence import Script
from voices.system.heap import trim_heap
from workers.narration import Narration
from workers.rendering.resume import ignore_progress, replay
from workers.rendering.segment_log import AudioChunk, SegmentLog, start_segment_log
from workers.storage.blobs import MemoryBlobStore

ProgressCallback = Callable[[int, int], None]
"""Called with the sentences done and their total.  An exception stops the rendering;
the committed segments stay for a later worker."""

SentenceAudio = tuple[tuple[TokenTiming, ...], Audio]
"""Word timings and audio of a sentence."""


@dataclass(frozen=True, slots=True)
class RenderOptions:
    """How to render; the sound does not depend on it."""

    threads: int = 1
    """Sentences rendered in parallel."""

    low_latency: bool = False
    """Whether to commit the first sentence in windows, for listeners who wait."""

    keep_alive: Callable[[], None] = ignore_progress
    """Called now and then while committed segments are replayed."""


SEQUENTIAL = RenderOptions()

_MAX_PENDING_PER_THREAD = 8
"""Rendered sentences that may wait to be encoded: 2 MB of audio per thread, against
160 MB for an hour's article."""


def render_script(
    script: Script,
    engine: Engine,
    progress: ProgressCallback,
    options: RenderOptions = SEQUENTIAL,
    segment_log: SegmentLog | None = None,
) -> Narration:
    """Render every sentence and encode them, in order, as one file.

    Each sentence is committed to the segment log; committed ones are not rendered
    again.  Without a log the narration can be neither streamed nor resumed.

    Raises:
        SynthesisFailed: A sentence cannot be spoken; the message has its number.  It
            is never skipped, because that can reverse the meaning of a story.
        CannotResume: The log was started by an engine that sounds different.
        LeaseLost: Another worker writes to the log.
        StorageFailed: The log cannot be read or written.
        Exception: Any error of `progress`.
    """
    total = len(script.sentences)
    segment_log = segment_log or start_segment_log(MemoryBlobStore(), "unnamed")
    resumed = replay(segment_log, script, engine, options.keep_alive)
    builder, mp3 = resumed.builder, resumed.mp3
    if not resumed.finished:
        with closing(
            _chunks(script, engine, options, resumed.done, resumed.spoken)
        ) as chunks:
            for chunk in chunks:
                segment = builder.append(chunk)
                segment_log.commit(len(mp3), segment)
                mp3.append(segment.mp3)
                if chunk.last:
                    progress(chunk.sentence + 1, total)
        segment = builder.finish()
        segment_log.commit(len(mp3), segment)
        mp3.append(segment.mp3)
    trim_heap()
    return Narration(
        mp3=b"".join(mp3),
        timings=builder.timings,
        samples=builder.samples,
        rate=builder.rate,
        engine=engine.description,
        repeatable=engine.repeatable,
    )


def _chunks(
    script: Script, engine: Engine, options: RenderOptions, done: int, spoken: int
) -> Generator[AudioChunk]:
    """Yield the audio after the resume point, in order.

    Args:
        script: the whole script.
        engine: the engine.
        options: how to render.
        done: sentences that are complete.
        spoken: samples committed of the sentence after them.
    """
    rate = engine.voice.sample_rate
    if options.low_latency and not done and not spoken:
        yield from _windows(script, engine)
        done = 1
    with closing(_sentences(script, engine, options.threads, done)) as sounds:
        for number, (words, audio) in enumerate(sounds, start=done):
            rest = Audio(audio.samples[spoken:], rate)
            pause = Audio.silence(script.sentences[number].pause_after, rate)
            yield AudioChunk(
                number,
                last=True,
                words=words,
                audio=Audio.join([rest, pause], rate),
                pause=len(pause.samples),
            )
            spoken = 0


def _windows(script: Script, engine: Engine) -> Iterator[AudioChunk]:
    sentence, rate = script.sentences[0], engine.voice.sample_rate
    with _naming_sentence(0, script):
        utterance = engine.speak(sentence)
        for audio in utterance.stream():
            yield AudioChunk(0, last=False, words=utterance.words, audio=audio)
    # A chunk of its own: the last window is known only after it.
    pause = Audio.silence(sentence.pause_after, rate)
    yield AudioChunk(0, last=True, words=(), audio=pause, pause=len(pause.samples))


def _sentences(
    script: Script, engine: Engine, threads: int, done: int
) -> Generator[SentenceAudio]:
    """Render the remaining sentences and yield them in order.

    Threads stay at most `_MAX_PENDING_PER_THREAD` sentences ahead of the caller.
    """
    numbers = range(done, len(script.sentences))
    if threads == 1:
        # Lazily: a caller that stops after a sentence does not wait for another.
        yield from (_speak(script, engine, number) for number in numbers)
        return
    remaining = iter(numbers)
    with ThreadPoolExecutor(threads, thread_name_prefix="speak") as pool:

        def submit(count: int) -> Iterator[Future[SentenceAudio]]:
            for number in islice(remaining, count):
                yield pool.submit(_speak, script, engine, number)

        waiting = deque(submit(_MAX_PENDING_PER_THREAD * threads))
        try:
            while waiting:
                yield waiting.popleft().result()
                waiting.extend(submit(1))
        finally:
            pool.shutdown(cancel_futures=True)


def _speak(script: Script, engine: Engine, number: int) -> SentenceAudio:
    with _naming_sentence(number, script):
        utterance = engine.speak(script.sentences[number])
        return utterance.words, utterance.sound()


@contextmanager
def _naming_sentence(number: int, script: Script) -> Iterator[None]:
    """Add the sentence's number, from 1, to errors; never its words."""
    try:
        yield
    except SynthesisFailed as error:
        total = len(script.sentences)
        message = f"Sentence {number + 1} of {total} cannot be spoken: {error}"
        raise SynthesisFailed(message) from error
