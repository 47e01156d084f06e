"""Write the playlist of a narration (RFC 8216, 4.3)."""

from collections.abc import Iterator

from service.api.hls.layout import TARGET_S, HlsLayout
from workers.narration import NarrationKey


def write_playlist(key: NarrationKey, layout: HlsLayout) -> str:
    """Return an event playlist; that of a longer file begins with this one.

    Segments are named relative to it.
    """
    return "".join(f"{line}\n" for line in _lines(key, layout))


def _lines(key: NarrationKey, layout: HlsLayout) -> Iterator[str]:
    yield "#EXTM3U"
    yield "#EXT-X-VERSION:3"
    yield f"#EXT-X-TARGETDURATION:{TARGET_S}"
    yield "#EXT-X-MEDIA-SEQUENCE:0"
    yield "#EXT-X-PLAYLIST-TYPE:EVENT"
    # Else players begin at the end of what is rendered.
    yield "#EXT-X-START:TIME-OFFSET=0"
    for number in range(layout.segment_count):
        yield f"#EXTINF:{layout.seconds(number):.6f},"
        yield f"{key}/hls/{number}.mp3"
    if layout.is_finished:
        yield "#EXT-X-ENDLIST"
