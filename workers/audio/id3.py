"""The little of ID3 that is needed to send parts of an MP3."""

TAG_HEADER_BYTES = 10
"""Length of a tag's header, which has its length."""

_MAGIC = b"ID3"
_VERSION = b"\x04\x00"
_TIMESTAMP_OWNER = b"com.apple.streaming.transportStreamTimestamp\0"
_TIMESTAMP_MODULUS = 1 << 33


def tag_length(beginning: bytes) -> int:
    """Return the length of the tag that a file begins with; 0 if it has none."""
    if not beginning.startswith(_MAGIC):
        return 0
    length = 0
    for byte in beginning[6:TAG_HEADER_BYTES]:
        length = length << 7 | byte
    return TAG_HEADER_BYTES + length


def write_timestamp(ticks: int) -> bytes:
    """Return a tag that says when audio is played, in ticks of 90 kHz (33 bits).

    HTTP Live Streaming has it at the beginning of packed audio (RFC 8216, 3.4).
    """
    time = (ticks % _TIMESTAMP_MODULUS).to_bytes(8)
    value = _TIMESTAMP_OWNER + time
    frame = b"PRIV" + _length(len(value)) + b"\0\0" + value
    return _MAGIC + _VERSION + b"\0" + _length(len(frame)) + frame


def _length(length: int) -> bytes:
    """Return a length as ID3 writes it: seven bits per byte."""
    return bytes(length >> shift & 0x7F for shift in (21, 14, 7, 0))
