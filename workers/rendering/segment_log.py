"""Segment log: the committed audio of a narration during rendering.

Segments are written once and in order, so all listeners hear the same, and another
worker resumes where a dead one stopped.  Their MP3 joined is the finished file.
"""

import json
import struct
import zlib
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from itertools import count

import numpy as np

from voices.audio import Audio
from voices.engine import TokenTiming
from workers.interruptions import CannotResume, LeaseLost
from workers.narration import NarrationKey
from workers.storage.blobs import BlobStore

_HEAD = struct.Struct("<4sIIII")
"""Magic; lengths in bytes of metadata, MP3 and samples; CRC-32 of all three."""

_MAGIC = b"OPR1"

_HEADER_READ_BYTES = 65_536
"""Enough for metadata and MP3 of most sentences (8 seconds) in one read."""


@dataclass(frozen=True, slots=True, eq=False)
class AudioChunk:
    """Audio of one sentence, or of a window of it."""

    sentence: int
    """Index in the script; one past the last for the end of the file."""

    last: bool
    """Whether the sentence ends with this chunk."""

    words: tuple[TokenTiming, ...]
    """Token timings of the sentence, on its first chunk only."""

    audio: Audio

    pause: int = 0
    """Samples of the pause at the end."""


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """A chunk with its MP3."""

    chunk: AudioChunk

    mp3: bytes
    """Bytes that the encoder returned for the chunk; it lags by some frames."""


class SegmentLog:
    """The segments of one attempt to render a narration."""

    def __init__(self, store: BlobStore, key: NarrationKey, number: int) -> None:
        """Use attempt `number`, counted from 1, in the store of segments."""
        self._store = store
        self.key = key
        self.number = number

    def commit(self, number: int, segment: Segment) -> None:
        """Write segment `number`, counted from 0, unless it is there already.

        Raises:
            LeaseLost: Another worker has written a different segment.
            StorageFailed: The store cannot be read or written.
        """
        content = _pack(segment)
        if self._store.put_if_absent(self._name(number), content):
            return
        if self._store.read(self._name(number)) != content:
            raise LeaseLost(f"Narration {self.key} is rendered by another worker.")

    def segments(self) -> Iterator[Segment]:
        """Yield the committed segments in order.

        Raises:
            CannotResume: A segment is damaged.
            StorageFailed: The store cannot be read.
        """
        for number in count():
            content = self._store.read(self._name(number))
            if content is None:
                return
            yield _unpack(content, self._name(number))

    def mp3(self, number: int) -> bytes | None:
        """Return a segment's MP3 without reading its samples; raises StorageFailed."""
        content = self._store.read(self._name(number), 0, _HEADER_READ_BYTES)
        if content is None:
            return None
        _, metadata, length, _, _ = _HEAD.unpack_from(content)
        start = _HEAD.size + metadata
        if start + length <= len(content):
            return content[start : start + length]
        return self._store.read(self._name(number), start, length)

    def remove(self) -> None:
        """Remove every segment; raises StorageFailed."""
        # Last one first: a log never has a gap.
        names = [item.name for item in self._store.list(_folder(self.key, self.number))]
        for name in sorted(names, reverse=True):
            self._store.remove(name)

    def _name(self, number: int) -> str:
        return f"{_folder(self.key, self.number)}/{number:06d}"


def find_segment_log(store: BlobStore, key: NarrationKey) -> SegmentLog | None:
    """Return the latest log of a narration; raises StorageFailed."""
    numbers = _numbers(store, key)
    return SegmentLog(store, key, max(numbers)) if numbers else None


def start_segment_log(store: BlobStore, key: NarrationKey) -> SegmentLog:
    """Return an empty log; it replaces earlier ones with its first segment."""
    return SegmentLog(store, key, max(_numbers(store, key), default=0) + 1)


def remove_segment_logs(store: BlobStore, key: NarrationKey) -> None:
    """Remove all logs of a narration; raises StorageFailed."""
    for number in sorted(_numbers(store, key)):
        SegmentLog(store, key, number).remove()


def _numbers(store: BlobStore, key: NarrationKey) -> set[int]:
    return {int(item.name.split("/")[1]) for item in store.list(key)}


def _folder(key: NarrationKey, number: int) -> str:
    return f"{key}/{number:04d}"


def _pack(segment: Segment) -> bytes:
    chunk = segment.chunk
    metadata = json.dumps(
        {
            "sentence": chunk.sentence,
            "last": chunk.last,
            "words": [astuple(word) for word in chunk.words],
            "rate": chunk.audio.rate,
            "pause": chunk.pause,
        }
    ).encode()
    sound = chunk.audio.samples.astype("<i2", copy=False).tobytes()
    body = metadata + segment.mp3 + sound
    lengths = len(metadata), len(segment.mp3), len(sound)
    return _HEAD.pack(_MAGIC, *lengths, zlib.crc32(body)) + body


def _unpack(content: bytes, name: str) -> Segment:
    head, body = content[: _HEAD.size], content[_HEAD.size :]
    magic, metadata, mp3, _, crc32 = _HEAD.unpack(head.ljust(_HEAD.size, b"\0"))
    if magic != _MAGIC or zlib.crc32(body) != crc32:
        raise CannotResume(f"Segment {name} is damaged.")
    fields = json.loads(body[:metadata])
    samples = np.frombuffer(body[metadata + mp3 :], dtype="<i2").astype(np.int16)
    chunk = AudioChunk(
        fields["sentence"],
        fields["last"],
        tuple(TokenTiming(start, end) for start, end in fields["words"]),
        Audio(samples, fields["rate"]),
        fields["pause"],
    )
    return Segment(chunk, body[metadata : metadata + mp3])
