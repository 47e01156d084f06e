"""A script becomes a narration: the one way to sound, for every door."""

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
from workers.rendering.resume import replay, unwatched
from workers.rendering.segment_log import AudioChunk, SegmentLog, start_segment_log
from workers.storage.blobs import MemoryBlobStore

ProgressCallback = Callable[[int, int], None]
"""Told how many sentences are done, of how many.  What it raises ends the work there;
another can go on with what was committed."""

NumberedUtterance = tuple[tuple[TokenTiming, ...], Audio]
"""A sentence's words and its sound."""


@dataclass(frozen=True, slots=True)
class RenderOptions:
    """How a narration is made; it sounds the same in every manner."""

    threads: int = 1
    """Sentences spoken at once."""

    soon: bool = False
    """Whether somebody waits to hear: the first sentence is committed in windows."""

    alive: Callable[[], None] = unwatched
    """Told now and then while what was committed is played back."""


SEQUENTIAL = RenderOptions()

_AHEAD = 8
"""Sentences, for each thread, that may be spoken before the first of them is encoded.
Their sound is 2 MB, where that of an hour's article is 160."""


def render_script(
    script: Script,
    engine: Engine,
    progress: ProgressCallback,
    manner: RenderOptions = SEQUENTIAL,
    reel: SegmentLog | None = None,
) -> Narration:
    """Speak every sentence and encode them, in order, as one file.

    Each is committed to the reel when it is spoken; what the reel has is not spoken
    again.  Without one nobody can listen yet, or go on later.

    Raises SynthesisFailed, naming the sentence by number, when one cannot be spoken: a
    reading that leaves a sentence out can turn a story round.  Raises CannotResume when
    the reel was begun by an engine that sounds otherwise, LeaseLost when another
    worker writes on it, StorageFailed, and whatever `progress` raises.
    """
    total = len(script.sentences)
    reel = reel or start_segment_log(MemoryBlobStore(), "loose")
    begun = replay(reel, script, engine, manner.alive)
    track, mp3 = begun.track, begun.mp3
    if not begun.finished:
        with closing(
            _pieces(script, engine, manner, begun.done, begun.spoken)
        ) as pieces:
            for piece in pieces:
                part = track.append(piece)
                reel.commit(len(mp3), part)
                mp3.append(part.mp3)
                if piece.last:
                    progress(piece.sentence + 1, total)
        part = track.finish()
        reel.commit(len(mp3), part)
        mp3.append(part.mp3)
    trim_heap()
    return Narration(
        mp3=b"".join(mp3),
        timings=track.timings,
        samples=track.samples,
        rate=track.rate,
        engine=engine.description,
        repeatable=engine.repeatable,
    )


def _pieces(
    script: Script, engine: Engine, manner: RenderOptions, done: int, spoken: int
) -> Generator[AudioChunk]:
    """Yield what is left to say, in order.

    Args:
        script: the whole of it.
        engine: who says it.
        manner: how.
        done: sentences that were said before.
        spoken: samples that were said of the sentence after those.
    """
    rate = engine.voice.sample_rate
    if manner.soon and not done and not spoken:
        yield from _windows(script, engine)
        done = 1
    with closing(_whole(script, engine, manner.threads, done)) as sounds:
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
    with _numbered(0, script):
        utterance = engine.speak(sentence)
        for audio in utterance.stream():
            yield AudioChunk(0, last=False, words=utterance.words, audio=audio)
    # Of its own: which window is the last is known when there is no other.
    pause = Audio.silence(sentence.pause_after, rate)
    yield AudioChunk(0, last=True, words=(), audio=pause, pause=len(pause.samples))


def _whole(
    script: Script, engine: Engine, threads: int, done: int
) -> Generator[NumberedUtterance]:
    """Speak the sentences that are left; they are given in their order.

    Of several threads none is far ahead of the others, nor of who takes what they said.
    """
    numbers = range(done, len(script.sentences))
    if threads == 1:
        # Not ahead of what is asked for: whoever stops after a sentence is not kept.
        yield from (_speak(script, engine, number) for number in numbers)
        return
    coming = iter(numbers)
    with ThreadPoolExecutor(threads, thread_name_prefix="speak") as pool:

        def begun(count: int) -> Iterator[Future[NumberedUtterance]]:
            for number in islice(coming, count):
                yield pool.submit(_speak, script, engine, number)

        waiting = deque(begun(_AHEAD * threads))
        try:
            while waiting:
                yield waiting.popleft().result()
                waiting.extend(begun(1))
        finally:
            pool.shutdown(cancel_futures=True)


def _speak(script: Script, engine: Engine, number: int) -> NumberedUtterance:
    with _numbered(number, script):
        utterance = engine.speak(script.sentences[number])
        return utterance.words, utterance.sound()


@contextmanager
def _numbered(number: int, script: Script) -> Iterator[None]:
    """Say which sentence it was, counted from 1, and never its words."""
    try:
        yield
    except SynthesisFailed as error:
        total = len(script.sentences)
        message = f"Sentence {number + 1} of {total} cannot be spoken: {error}"
        raise SynthesisFailed(message) from error
