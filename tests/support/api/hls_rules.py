"""Rules of RFC 8216 that a playlist of packed audio must follow."""

import io
import re
from dataclasses import dataclass

from mutagen.id3 import ID3

_TAGS_ONCE = {
    "EXTM3U": None,
    "EXT-X-VERSION": r"\d+",
    "EXT-X-TARGETDURATION": r"\d+",
    "EXT-X-MEDIA-SEQUENCE": r"\d+",
    "EXT-X-PLAYLIST-TYPE": r"EVENT|VOD",
    "EXT-X-START": r"TIME-OFFSET=-?\d+(\.\d+)?(,PRECISE=(YES|NO))?",
    "EXT-X-ENDLIST": None,
}
_EXTINF = re.compile(r"#EXTINF:(\d+(?:\.\d+)?),[^\n]*")
_RELATIVE = re.compile(r"[A-Za-z0-9/._~-]+")


@dataclass
class Playlist:
    """A playlist that follows the rules."""

    target: int
    kind: str
    durations: list[float]
    addresses: list[str]
    is_finished: bool


def parse_playlist(content: bytes) -> Playlist:
    """Parse a media playlist; fail at anything that the RFC does not allow."""
    text = content.decode("utf-8")
    assert not text.startswith("\ufeff")
    assert "\r" not in text
    first, *lines = text.removesuffix("\n").split("\n")
    assert first == "#EXTM3U"
    tags: dict[str, str] = {}
    durations: list[float] = []
    addresses: list[str] = []
    for line in lines:
        assert "EXT-X-ENDLIST" not in tags, "nothing follows the end"
        if found := _EXTINF.fullmatch(line):
            assert len(durations) == len(addresses), "each duration has a segment"
            durations.append(float(found[1]))
        elif line.startswith("#"):
            name, _, value = line[1:].partition(":")
            assert name in _TAGS_ONCE, f"not a tag: {line}"
            assert name not in tags, f"twice: {line}"
            assert re.fullmatch(_TAGS_ONCE[name] or "", value), line
            assert name == "EXT-X-ENDLIST" or not durations, "headers come first"
            tags[name] = value
        else:
            addresses.append(line)
            assert _RELATIVE.fullmatch(line), line
            assert len(durations) == len(addresses), "each segment has a duration"
    assert len(durations) == len(addresses)
    assert len(set(addresses)) == len(addresses)
    target = int(tags["EXT-X-TARGETDURATION"])
    assert all(duration > 0 and round(duration) <= target for duration in durations)
    assert int(tags["EXT-X-VERSION"]) >= 3, "needed for decimal durations"
    return Playlist(
        target,
        tags["EXT-X-PLAYLIST-TYPE"],
        durations,
        addresses,
        "EXT-X-ENDLIST" in tags,
    )


def split_segment(content: bytes) -> tuple[float, bytes]:
    """Return the time (s) that a segment of packed audio begins with, and its audio."""
    tags = ID3(io.BytesIO(content))
    (frame,) = tags.getall("PRIV")
    assert frame.owner == "com.apple.streaming.transportStreamTimestamp"
    assert len(frame.data) == 8
    ticks = int.from_bytes(frame.data)
    assert ticks < 1 << 33
    audio = content[tags.size :]
    assert audio[0] == 0xFF, "the audio begins with a frame"
    assert audio[1] >> 5 == 7, "the audio begins with a frame"
    return ticks / 90_000, audio
