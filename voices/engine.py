"""A voice made ready to speak: the `Engine` protocol."""

from typing import Protocol

from voices.sentence import Sentence
from voices.utterance import Utterance
from voices.voice import Voice

SOUND_VERSION = 3
"""Raised whenever the same script would sound different.

It is part of every narration's key, so raising it makes everything anew;
tests/test_sound.py compares the sound with a golden one and says when to raise it.
"""


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
