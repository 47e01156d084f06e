"""Resume a narration from its committed segments."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from voices.audio import Audio
from voices.engine import Engine
from voices.sentence import Script
from workers.interruptions import CannotResume
from workers.narration import title_of
from workers.rendering.narration_builder import NarrationBuilder
from workers.rendering.segment_log import AudioChunk, SegmentLog


def ignore_progress() -> None:
    """Do nothing."""


@dataclass(frozen=True, slots=True)
class ResumePoint:
    """State of a narration after the replay of its segments."""

    builder: NarrationBuilder

    mp3: list[bytes]
    """MP3 of every segment, in order."""

    done: int
    """Sentences that are complete."""

    spoken: int
    """Samples committed of the first sentence if it is incomplete; only that sentence
    is committed in windows."""

    finished: bool
    """Whether the encoder's last bytes are committed too."""


def replay(
    segment_log: SegmentLog,
    script: Script,
    engine: Engine,
    keep_alive: Callable[[], None] = ignore_progress,
) -> ResumePoint:
    """Replay the committed segments through a new encoder.

    The encoder is then in the state of the previous one, to the byte, and the engine
    has rendered the first sentence identically, so that the rest will fit.
    `keep_alive` is called per segment, of which a long article has many.

    Raises:
        CannotResume: Encoder or engine differ, or a segment is damaged.
        StorageFailed: The log cannot be read.
        SynthesisFailed: The first sentence cannot be spoken.
    """
    builder = NarrationBuilder(engine.voice, title_of(script))
    mp3: list[bytes] = []
    opening: list[AudioChunk] = []
    finished = False
    for segment in segment_log.segments():
        keep_alive()
        finished = segment.chunk.sentence == len(script.sentences)
        rendered = builder.finish() if finished else builder.append(segment.chunk)
        if rendered.mp3 != segment.mp3:
            raise CannotResume(
                f"Narration {segment_log.key} was encoded by a different encoder."
            )
        mp3.append(segment.mp3)
        if segment.chunk.sentence == 0:
            opening.append(segment.chunk)
    if opening:
        _require_same_sound(opening, script, engine, segment_log)
    done = len(builder.timings)
    spoken = 0 if done else builder.samples
    return ResumePoint(builder, mp3, done, spoken, finished)


def _require_same_sound(
    opening: list[AudioChunk], script: Script, engine: Engine, segment_log: SegmentLog
) -> None:
    joined = Audio.join([chunk.audio for chunk in opening], engine.voice.sample_rate)
    heard = joined.samples[: len(joined.samples) - opening[-1].pause]
    said = engine.speak(script.sentences[0]).sound().samples
    whole = len(said) if opening[-1].last else len(heard)
    same = np.array_equal(heard, said[:whole])
    if not (same and engine.repeatable):
        raise CannotResume(
            f"Narration {segment_log.key} was started by a different engine."
        )
