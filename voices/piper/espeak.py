"""espeak-ng as Piper ships it: the one of the process, one text at a time."""

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from piper import espeakbridge
from piper.phonemize_espeak import ESPEAK_DATA_DIR

FLUSH = "Flush this."
"""Said to nobody before each text: one that ends in an abbreviation and two full stops
leaves a "dot" in espeak that the next would begin with, and a verb its tense."""

_SWITCHED = re.compile(r"\([^)]+\)")
"""What espeak puts around a word of another language."""

_PAUSES = frozenset(",:;")
"""Marks after which a sentence goes on."""


class Espeak:
    """Which voice is set is remembered: to set it takes 1,360 bytes that nobody frees.

    They are meant for a part of espeak that makes sound (`DoVoiceChange` in its
    synthesize.c), and Piper sets it for each text: 3 kB a sentence, 20 with words
    that are new.
    """

    def __init__(self) -> None:
        """Begin before espeak has."""
        self._turn = Lock()
        self._is_begun = False
        self._voice: str | None = None

    def phonemes(self, voice: str, text: str) -> list[list[str]]:
        """Return what `PiperVoice.phonemize` does: phonemes and marks, by sentence.

        The same text gives the same, whatever was said before it.

        Args:
            voice: espeak's name of the language, such as "en-us".
            text: what is said; nothing in it is taken for phonemes.
        """
        with self._turn:
            self._choose(voice)
            espeakbridge.get_phonemes(FLUSH)
            clauses = espeakbridge.get_phonemes(text)
        sentences: list[list[str]] = [[]]
        for said, mark, ends in clauses:
            pause = " " if mark in _PAUSES else ""
            plain = _SWITCHED.sub("", said) + mark + pause
            sentences[-1] += unicodedata.normalize("NFD", plain)
            if ends:
                sentences.append([])
        return [sentence for sentence in sentences if sentence]

    @contextmanager
    def lent(self) -> Iterator[None]:
        """Let somebody else use it, who may set another voice, and has to flush."""
        with self._turn:
            self._voice = None
            yield

    def _choose(self, voice: str) -> None:
        if not self._is_begun:
            espeakbridge.initialize(str(ESPEAK_DATA_DIR))
            self._is_begun = True
        if voice != self._voice:
            self._voice = None
            espeakbridge.set_voice(voice)
            self._voice = voice


ESPEAK = Espeak()
"""It keeps its state in the process, so there is one."""
