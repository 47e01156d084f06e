"""The tape that a narration is committed to while it is made.

A reel's parts are written once and in order, so that whoever listens hears what the
next one hears, and whoever takes over from a dead worker goes on where it stopped.
Joined, the MP3 of its parts is the finished file.
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
from workers.errors import CannotResume, LeaseLost
from workers.narration import NarrationKey
from workers.storage.blobs import BlobStore

_HEAD = struct.Struct("<4sIIII")
"""Mark; lengths in bytes of the notes, the MP3 and the sound; CRC-32 of all three."""

_MARK = b"OPR1"

_HEADER_READ_BYTES = 65_536
"""Bytes that hold the MP3 of most sentences (8 seconds) and their notes: one read."""


@dataclass(frozen=True, slots=True, eq=False)
class AudioChunk:
    """Sound that belongs to one sentence: all of it, or a window."""

    sentence: int
    """Its index in the script; one past the last for the end of the file."""

    last: bool
    """Whether the sentence ends with it."""

    words: tuple[TokenTiming, ...]
    """Where the sentence's tokens sound, on its first piece; empty on the others."""

    audio: Audio

    pause: int = 0
    """Samples at the end that are the pause after the sentence."""


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """A piece and what the encoder made of it."""

    piece: AudioChunk

    mp3: bytes
    """What came out when the piece went in: the encoder is behind by some frames."""


class SegmentLog:
    """One making of a narration."""

    def __init__(self, shelf: BlobStore, key: NarrationKey, number: int) -> None:
        """Use the reel of this number, counted from 1, on the shelf of parts."""
        self._shelf = shelf
        self.key = key
        self.number = number

    def commit(self, number: int, part: Segment) -> None:
        """Write a part, counted from 0, unless the same one is there.

        Raises LeaseLost when another maker has written another, StorageFailed.
        """
        content = _pack(part)
        if self._shelf.put_if_absent(self._name(number), content):
            return
        if self._shelf.read(self._name(number)) != content:
            raise LeaseLost(f"Narration {self.key} is being made by another worker.")

    def segments(self) -> Iterator[Segment]:
        """Yield what is committed, in order.

        Raises CannotResume at a part that is damaged, StorageFailed.
        """
        for number in count():
            content = self._shelf.read(self._name(number))
            if content is None:
                return
            yield _unpack(content, self._name(number))

    def mp3(self, number: int) -> bytes | None:
        """Return the MP3 of a part, without reading its sound; raises StorageFailed."""
        content = self._shelf.read(self._name(number), 0, _HEADER_READ_BYTES)
        if content is None:
            return None
        _, notes, length, _, _ = _HEAD.unpack_from(content)
        start = _HEAD.size + notes
        if start + length <= len(content):
            return content[start : start + length]
        return self._shelf.read(self._name(number), start, length)

    def remove(self) -> None:
        """Remove every part; raises StorageFailed."""
        # The last first: a reel that begins is whole up to where it ends.
        names = [item.name for item in self._shelf.list(_folder(self.key, self.number))]
        for name in sorted(names, reverse=True):
            self._shelf.remove(name)

    def _name(self, number: int) -> str:
        return f"{_folder(self.key, self.number)}/{number:06d}"


def find_segment_log(shelf: BlobStore, key: NarrationKey) -> SegmentLog | None:
    """Return the latest reel of a narration; raises StorageFailed."""
    numbers = _numbers(shelf, key)
    return SegmentLog(shelf, key, max(numbers)) if numbers else None


def start_segment_log(shelf: BlobStore, key: NarrationKey) -> SegmentLog:
    """Return an empty reel; those before it are given up once it has a part."""
    return SegmentLog(shelf, key, max(_numbers(shelf, key), default=0) + 1)


def remove_segment_logs(shelf: BlobStore, key: NarrationKey) -> None:
    """Remove the reels of a narration; raises StorageFailed."""
    for number in sorted(_numbers(shelf, key)):
        SegmentLog(shelf, key, number).remove()


def _numbers(shelf: BlobStore, key: NarrationKey) -> set[int]:
    return {int(item.name.split("/")[1]) for item in shelf.list(key)}


def _folder(key: NarrationKey, number: int) -> str:
    return f"{key}/{number:04d}"


def _pack(part: Segment) -> bytes:
    piece = part.piece
    notes = json.dumps(
        {
            "sentence": piece.sentence,
            "last": piece.last,
            "words": [astuple(word) for word in piece.words],
            "rate": piece.audio.rate,
            "pause": piece.pause,
        }
    ).encode()
    sound = piece.audio.samples.astype("<i2", copy=False).tobytes()
    body = notes + part.mp3 + sound
    lengths = len(notes), len(part.mp3), len(sound)
    return _HEAD.pack(_MARK, *lengths, zlib.crc32(body)) + body


def _unpack(content: bytes, name: str) -> Segment:
    head, body = content[: _HEAD.size], content[_HEAD.size :]
    mark, notes, mp3, _, check = _HEAD.unpack(head.ljust(_HEAD.size, b"\0"))
    if mark != _MARK or zlib.crc32(body) != check:
        raise CannotResume(f"The part {name} is damaged; it is made anew.")
    fields = json.loads(body[:notes])
    samples = np.frombuffer(body[notes + mp3 :], dtype="<i2").astype(np.int16)
    piece = AudioChunk(
        fields["sentence"],
        fields["last"],
        tuple(TokenTiming(start, end) for start, end in fields["words"]),
        Audio(samples, fields["rate"]),
        fields["pause"],
    )
    return Segment(piece, body[notes : notes + mp3])
