"""Phonemes from the espeak-ng that Piper ships, one text at a time per process."""

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from piper import espeakbridge
from piper.phonemize_espeak import ESPEAK_DATA_DIR

FLUSH = "Flush this."
"""Phonemized before each text and discarded: after a text that ends in an abbreviation
and two full stops espeak would begin the next with "dot", and a verb leaves its
tense."""

_LANGUAGE_SWITCH = re.compile(r"\([^)]+\)")
"""espeak's marks around a word of another language."""

_PAUSE_MARKS = frozenset(",:;")
"""Marks after which a sentence continues."""


class Espeak:
    """The espeak-ng of this process, behind a lock.

    It sets the voice only when it changes: each time espeak leaks 1,360 bytes meant for
    its synthesizer (`DoVoiceChange` in its synthesize.c).  Piper sets it for each text,
    which leaks 3 kB per sentence, and 20 kB with unseen words.
    """

    def __init__(self) -> None:
        """Defer the initialization of espeak to the first text."""
        self._lock = Lock()
        self._is_initialized = False
        self._voice: str | None = None

    def phonemes(self, voice: str, text: str) -> list[list[str]]:
        """Return phonemes and marks by sentence, as `PiperVoice.phonemize` does.

        The result does not depend on earlier texts.

        Args:
            voice: espeak's name of the language, such as "en-us".
            text: plain text; nothing in it is parsed as phonemes.
        """
        with self._lock:
            self._set_voice(voice)
            espeakbridge.get_phonemes(FLUSH)
            clauses = espeakbridge.get_phonemes(text)
        sentences: list[list[str]] = [[]]
        for said, mark, ends in clauses:
            pause = " " if mark in _PAUSE_MARKS else ""
            plain = _LANGUAGE_SWITCH.sub("", said) + mark + pause
            sentences[-1] += unicodedata.normalize("NFD", plain)
            if ends:
                sentences.append([])
        return [sentence for sentence in sentences if sentence]

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Lend espeak to other code, which may set a voice and must flush first."""
        with self._lock:
            self._voice = None
            yield

    def _set_voice(self, voice: str) -> None:
        if not self._is_initialized:
            espeakbridge.initialize(str(ESPEAK_DATA_DIR))
            self._is_initialized = True
        if voice != self._voice:
            self._voice = None
            espeakbridge.set_voice(voice)
            self._voice = voice


ESPEAK = Espeak()
"""The only instance: espeak keeps its state in the process."""
