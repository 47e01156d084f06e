"""A sentence that was said before is not said again: its sound is remembered."""

import hashlib
import json
import logging
import struct
import threading
import zlib
from collections.abc import Iterator
from dataclasses import asdict
from functools import partial

import numpy as np

from voices.audio import Audio
from voices.engine import SOUND_VERSION, Engine, TokenTiming, Utterance
from voices.sentence import Sentence
from voices.system.cpu import cpu_fingerprint
from voices.voice import Voice
from workers.errors import StorageFailed
from workers.storage.blobs import BlobStore

_LOG = logging.getLogger(__name__)

_HEAD = struct.Struct("<4sI")
"""Mark; CRC-32 of all that follows."""

_COUNTS = struct.Struct("<III")
"""Samples a second; how many words; how many samples.  Words and samples follow."""

_MARK = b"OSS1"

_WORD = np.dtype("<i4")
_SAMPLE = np.dtype("<i2")


class CachingEngine:
    """Another engine's sound, made once for each sentence that differs.

    What is kept is known by all that decides it: what is said, by whom, by which
    programs, on which kind of processor.  The first that is found is made again all the
    same: a shelf on which it sounds otherwise, for a reason that nobody thought of, is
    left alone from then on.  So is the sound of an engine that is not repeatable.
    """

    def __init__(self, engine: Engine, shelf: BlobStore, provider: str = "cpu") -> None:
        """Keep what `engine` says on `shelf`; `provider` names what it runs on."""
        self._engine = engine
        self._shelf = shelf
        self._maker = {
            "description": engine.description,
            "processor": cpu_fingerprint(),
            "provider": provider,
            "sound_version": SOUND_VERSION,
            "voice": asdict(engine.voice),
        }
        self._lock = threading.Lock()
        self._told: set[str] = set()
        self._trusted: bool | None = None
        self.rendered = 0
        """Sentences whose sound was made to its end."""
        self.cache_hits = 0
        """Sentences that were not made again."""

    @property
    def voice(self) -> Voice:
        """Who speaks."""
        return self._engine.voice

    @property
    def description(self) -> str:
        """What makes the sound."""
        return self._engine.description

    @property
    def repeatable(self) -> bool:
        """Whether the same sentence gives the same samples every time."""
        return self._engine.repeatable

    def speak(self, sentence: Sentence) -> Utterance:
        """Begin to say one sentence; raises SynthesisFailed when it cannot be said."""
        usable = self.repeatable and self._trusted is not False
        name = self._name(sentence) if usable else None
        found = self._recall(name) if name else None
        if found and self._is_trusted(found, sentence):
            with self._lock:
                self.cache_hits += 1
            return found
        utterance = self._engine.speak(sentence)
        return Utterance(
            words=utterance.words,
            rate=utterance.rate,
            chunks=partial(self._made, utterance, name),
        )

    def _is_trusted(self, found: Utterance, sentence: Sentence) -> bool:
        with self._lock:
            if self._trusted is None:
                made = self._engine.speak(sentence)
                self._trusted = made.words == found.words and np.array_equal(
                    made.sound().samples, found.sound().samples
                )
                if not self._trusted:
                    _LOG.warning("remembered sentences sound otherwise; not used")
            return self._trusted

    def _name(self, sentence: Sentence) -> str:
        """Name what is heard: neither the pause after it nor the words written."""
        said = [[token.spoken, token.ipa] for token in sentence.tokens]
        identity = json.dumps(self._maker | {"said": said}, sort_keys=True)
        digest = hashlib.sha256(identity.encode()).hexdigest()
        return f"{digest[:2]}/{digest}"

    def _made(
        self, utterance: Utterance, name: str | None, *, low_latency: bool
    ) -> Iterator[Audio]:
        made = []
        for piece in utterance.chunks(low_latency=low_latency):
            made.append(piece)
            yield piece
        with self._lock:
            self.rendered += 1
        if name and self._trusted is not False:
            audio = Audio.join(made, utterance.rate)
            self._remember(name, pack_audio(utterance.words, audio))

    def _recall(self, name: str) -> Utterance | None:
        try:
            content = self._shelf.read(name)
            if content is None:
                return None
            sound = unpack_audio(content)
            if sound is None:
                self._shelf.remove(name)
                return None
            self._shelf.touch(name)
        except StorageFailed as error:
            self._tell(error)
            return None
        words, audio = sound
        return Utterance(words, audio.rate, chunks=lambda **_: iter([audio]))

    def _remember(self, name: str, content: bytes) -> None:
        try:
            self._shelf.put_if_absent(name, content)
        except StorageFailed as error:
            # What was made is given all the same.
            self._tell(error)

    def _tell(self, error: StorageFailed) -> None:
        """Log a problem that was not told before: it comes with every sentence."""
        with self._lock:
            known = str(error) in self._told
            self._told.add(str(error))
        if not known:
            _LOG.warning("the sound of sentences is not remembered: %s", error)


def pack_audio(words: tuple[TokenTiming, ...], audio: Audio) -> bytes:
    """Return a sentence's words and sound as bytes that describe themselves."""
    bounds = np.array([(word.start, word.end) for word in words], _WORD)
    sound = audio.samples.astype(_SAMPLE, copy=False)
    counts = _COUNTS.pack(audio.rate, len(words), len(sound))
    body = b"".join([counts, bounds.tobytes(), sound.tobytes()])
    return _HEAD.pack(_MARK, zlib.crc32(body)) + body


def unpack_audio(content: bytes) -> tuple[tuple[TokenTiming, ...], Audio] | None:
    """Return what was packed, or None when it is damaged."""
    body = content[_HEAD.size :]
    if content[: _HEAD.size] != _HEAD.pack(_MARK, zlib.crc32(body)):
        return None
    rate, words, samples = _COUNTS.unpack_from(body)
    bounds = np.frombuffer(body, _WORD, 2 * words, _COUNTS.size).reshape(-1, 2).tolist()
    start = len(body) - samples * _SAMPLE.itemsize
    sound = np.frombuffer(body, _SAMPLE, samples, start).astype(np.int16)
    return tuple(TokenTiming(start, end) for start, end in bounds), Audio(sound, rate)
