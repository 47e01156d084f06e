"""A voice made ready to speak: the `Engine` protocol."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from voices.audio import Audio
from voices.sentence import Sentence
from voices.voice import Voice

SOUND_VERSION = 3
"""Raised whenever the same script would sound different.

It is part of every narration's key, so raising it makes everything anew;
tests/speech/test_sound.py compares the sound with a golden one and says when to raise it.
"""


@dataclass(frozen=True, slots=True)
class TokenTiming:
    """Where a token sounds, in samples from the first of its sentence."""

    start: int
    end: int
    """One past its last sample."""


@dataclass(frozen=True, slots=True, eq=False)
class Utterance:
    """A sentence on its way to the ear.

    Whichever way the sound is asked for, it is the same to the sample.
    """

    words: tuple[TokenTiming, ...]
    """One a token, in their order; the last may end in silence that is not kept."""

    rate: int
    """Samples a second."""

    pieces: Callable[[bool], Iterator[Audio]]
    """Makes the sound, piece by piece; told whether the first piece is wanted soon."""

    def stream(self) -> Iterator[Audio]:
        """Make the sound from its beginning, the first piece as soon as can be.

        Raises SynthesisFailed.
        """
        return self.pieces(True)  # noqa: FBT003 - the one argument there is

    def sound(self) -> Audio:
        """Make the whole sound in the least time; raises SynthesisFailed."""
        return Audio.join(self.pieces(False), self.rate)  # noqa: FBT003 - as above


class Engine(Protocol):
    """Speaks sentences in one voice; several threads may ask it at once."""

    @property
    def voice(self) -> Voice:
        """Who speaks."""
        ...

    @property
    def description(self) -> str:
        """What makes the sound, for the record: programs and versions."""
        ...

    @property
    def repeatable(self) -> bool:
        """Whether the same sentence gives the same samples every time."""
        ...

    def speak(self, sentence: Sentence) -> Utterance:
        """Begin to say one sentence, without the pause after it.

        Raises SynthesisFailed when it cannot be said; an engine never leaves
        anything out in silence.
        """
        ...
