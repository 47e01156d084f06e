"""A loaded voice: the `Engine` protocol."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from voices.audio import Audio
from voices.sentence import Sentence
from voices.voice import Voice

SOUND_VERSION = 3
"""Increment when the same script would sound different.

It is part of every narration's key, so incrementing it renders everything again;
tests/speech/test_sound.py compares the audio with a golden
file and says when to increment it.
"""


@dataclass(frozen=True, slots=True)
class TokenTiming:
    """When a token is spoken, in samples from the start of its sentence."""

    start: int
    end: int
    """One past its last sample."""


class ChunkSource(Protocol):
    """Renders a sentence as audio chunks, in order."""

    def __call__(self, *, low_latency: bool) -> Iterator[Audio]:
        """Render from the first sample; raises SynthesisFailed.

        Args:
            low_latency: make the first chunk short, at the cost of the total time.
        """
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Utterance:
    """A sentence being spoken: token timings and the audio.

    `stream` and `sound` give the same samples.
    """

    words: tuple[TokenTiming, ...]
    """One per token, in order; the last may end after the audio, in trimmed silence."""

    rate: int
    """Samples per second."""

    chunks: ChunkSource

    def stream(self) -> Iterator[Audio]:
        """Render in chunks, the first as early as possible; raises SynthesisFailed."""
        return self.chunks(low_latency=True)

    def sound(self) -> Audio:
        """Render the whole sentence in the least time; raises SynthesisFailed."""
        return Audio.join(self.chunks(low_latency=False), self.rate)


class Engine(Protocol):
    """Speaks sentences in one voice; thread-safe."""

    @property
    def voice(self) -> Voice:
        """The voice it speaks with."""
        ...

    @property
    def description(self) -> str:
        """Programs and versions, for the narration's record."""
        ...

    @property
    def repeatable(self) -> bool:
        """Whether the same sentence gives the same samples every time."""
        ...

    def speak(self, sentence: Sentence) -> Utterance:
        """Start to speak a sentence, without the pause after it.

        Raises:
            SynthesisFailed: part of it cannot be spoken; nothing is skipped silently.
        """
        ...
