"""What was committed of a narration is taken up again."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from voices.audio import Audio
from voices.engine import Engine
from voices.sentence import Script
from workers.errors import CannotResume
from workers.narration import title_of
from workers.rendering.narration_builder import NarrationBuilder
from workers.rendering.segment_log import AudioChunk, SegmentLog


def unwatched() -> None:
    """Tell nobody that the work goes on."""


@dataclass(frozen=True, slots=True)
class ResumePoint:
    """Where a narration stands when its reel has been played back."""

    track: NarrationBuilder

    mp3: list[bytes]
    """Of every part, in order."""

    done: int
    """Sentences that are committed to their end."""

    spoken: int
    """Samples committed of the first sentence when it is not; windows are cut of that
    one only."""

    finished: bool
    """Whether the encoder's last bytes are there too."""


def replay(
    reel: SegmentLog,
    script: Script,
    engine: Engine,
    alive: Callable[[], None] = unwatched,
) -> ResumePoint:
    """Play back what the reel has, through an encoder of our own.

    The encoder then stands where the one before it stood, to the byte, and the engine
    has shown on the first sentence that it says the same: what follows will fit.
    `alive` is told at every part: of a long article there are many.

    Raises CannotResume when either differs or a part is damaged, StorageFailed, and
    SynthesisFailed.
    """
    track = NarrationBuilder(engine.voice, title_of(script))
    mp3: list[bytes] = []
    opening: list[AudioChunk] = []
    finished = False
    for part in reel.segments():
        alive()
        finished = part.piece.sentence == len(script.sentences)
        ours = track.finish() if finished else track.append(part.piece)
        if ours.mp3 != part.mp3:
            raise CannotResume(f"Narration {reel.key} was encoded by another encoder.")
        mp3.append(part.mp3)
        if part.piece.sentence == 0:
            opening.append(part.piece)
    if opening:
        _require_same_sound(opening, script, engine, reel)
    done = len(track.timings)
    spoken = 0 if done else track.samples
    return ResumePoint(track, mp3, done, spoken, finished)


def _require_same_sound(
    opening: list[AudioChunk], script: Script, engine: Engine, reel: SegmentLog
) -> None:
    joined = Audio.join([piece.audio for piece in opening], engine.voice.sample_rate)
    heard = joined.samples[: len(joined.samples) - opening[-1].pause]
    said = engine.speak(script.sentences[0]).sound().samples
    whole = len(said) if opening[-1].last else len(heard)
    same = np.array_equal(heard, said[:whole])
    if not (same and engine.repeatable):
        raise CannotResume(f"Narration {reel.key} was begun by another engine.")
