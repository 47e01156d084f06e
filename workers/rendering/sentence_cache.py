"""Cache of rendered sentences."""

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
"""Magic; CRC-32 of all that follows."""

_COUNTS = struct.Struct("<III")
"""Samples per second; number of words; number of samples.  Words and samples follow."""

_MAGIC = b"OSS1"

_WORD = np.dtype("<i4")
_SAMPLE = np.dtype("<i2")


class CachingEngine:
    """An engine that caches each sentence of another engine.

    The cache key is everything known to decide the sound: text, voice, libraries and
    processor.  The first hit is rendered again as a check: if it sounds different, the
    cache is not used from then on.  An engine that is not repeatable is never cached.
    """

    def __init__(self, engine: Engine, store: BlobStore, provider: str = "cpu") -> None:
        """Cache `engine` in `store`; `provider` names the device it runs on."""
        self._engine = engine
        self._store = store
        self._identity = {
            "description": engine.description,
            "processor": cpu_fingerprint(),
            "provider": provider,
            "sound_version": SOUND_VERSION,
            "voice": asdict(engine.voice),
        }
        self._lock = threading.Lock()
        self._logged: set[str] = set()
        self._trusted: bool | None = None
        self.rendered = 0
        """Sentences rendered completely."""
        self.cache_hits = 0
        """Sentences returned from the cache."""

    @property
    def voice(self) -> Voice:
        """The voice."""
        return self._engine.voice

    @property
    def description(self) -> str:
        """Description of the cached engine."""
        return self._engine.description

    @property
    def repeatable(self) -> bool:
        """Whether the same sentence gives the same samples every time."""
        return self._engine.repeatable

    def speak(self, sentence: Sentence) -> Utterance:
        """Start to render a sentence; raises SynthesisFailed."""
        usable = self.repeatable and self._trusted is not False
        name = self._name(sentence) if usable else None
        cached = self._read(name) if name else None
        if cached and self._is_trusted(cached, sentence):
            with self._lock:
                self.cache_hits += 1
            return cached
        utterance = self._engine.speak(sentence)
        return Utterance(
            words=utterance.words,
            rate=utterance.rate,
            chunks=partial(self._rendering, utterance, name),
        )

    def _is_trusted(self, cached: Utterance, sentence: Sentence) -> bool:
        with self._lock:
            if self._trusted is None:
                rendered = self._engine.speak(sentence)
                self._trusted = rendered.words == cached.words and np.array_equal(
                    rendered.sound().samples, cached.sound().samples
                )
                if not self._trusted:
                    _LOG.warning(
                        "cached sentences sound different; the cache is not used"
                    )
            return self._trusted

    def _name(self, sentence: Sentence) -> str:
        """Return the cache key: not of the pause, nor of the written text."""
        said = [[token.spoken, token.ipa] for token in sentence.tokens]
        identity = json.dumps(self._identity | {"said": said}, sort_keys=True)
        digest = hashlib.sha256(identity.encode()).hexdigest()
        return f"{digest[:2]}/{digest}"

    def _rendering(
        self, utterance: Utterance, name: str | None, *, low_latency: bool
    ) -> Iterator[Audio]:
        chunks = []
        for chunk in utterance.chunks(low_latency=low_latency):
            chunks.append(chunk)
            yield chunk
        with self._lock:
            self.rendered += 1
        if name and self._trusted is not False:
            audio = Audio.join(chunks, utterance.rate)
            self._write(name, pack_audio(utterance.words, audio))

    def _read(self, name: str) -> Utterance | None:
        try:
            content = self._store.read(name)
            if content is None:
                return None
            sound = unpack_audio(content)
            if sound is None:
                self._store.remove(name)
                return None
            self._store.touch(name)
        except StorageFailed as error:
            self._log_once(error)
            return None
        words, audio = sound
        return Utterance(words, audio.rate, chunks=lambda **_: iter([audio]))

    def _write(self, name: str, content: bytes) -> None:
        try:
            self._store.put_if_absent(name, content)
        except StorageFailed as error:
            # The rendered audio is returned all the same.
            self._log_once(error)

    def _log_once(self, error: StorageFailed) -> None:
        """Log a problem once: it would repeat with every sentence."""
        with self._lock:
            is_logged = str(error) in self._logged
            self._logged.add(str(error))
        if not is_logged:
            _LOG.warning("sentences are not cached: %s", error)


def pack_audio(words: tuple[TokenTiming, ...], audio: Audio) -> bytes:
    """Serialize a sentence's word timings and audio."""
    bounds = np.array([(word.start, word.end) for word in words], _WORD)
    sound = audio.samples.astype(_SAMPLE, copy=False)
    counts = _COUNTS.pack(audio.rate, len(words), len(sound))
    body = b"".join([counts, bounds.tobytes(), sound.tobytes()])
    return _HEAD.pack(_MAGIC, zlib.crc32(body)) + body


def unpack_audio(content: bytes) -> tuple[tuple[TokenTiming, ...], Audio] | None:
    """Parse what `pack_audio` returned; None if it is damaged."""
    body = content[_HEAD.size :]
    if content[: _HEAD.size] != _HEAD.pack(_MAGIC, zlib.crc32(body)):
        return None
    rate, words, samples = _COUNTS.unpack_from(body)
    bounds = np.frombuffer(body, _WORD, 2 * words, _COUNTS.size).reshape(-1, 2).tolist()
    start = len(body) - samples * _SAMPLE.itemsize
    sound = np.frombuffer(body, _SAMPLE, samples, start).astype(np.int16)
    return tuple(TokenTiming(start, end) for start, end in bounds), Audio(sound, rate)
