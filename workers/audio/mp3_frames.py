"""Where the frames of a narration's MP3 are, by arithmetic.

LAME writes constant bit rates: the length of a frame depends on its number alone, since
only the padding varies, by one byte.
"""

from dataclasses import dataclass

from workers.encoding import SPEECH, Encoding

ENCODER_DELAY_SAMPLES = 1105
"""Samples by which decoded LAME output is late (576 of the encoder, 529 of the
decoder); measured the same at the start and the end of a file."""

HEADER_BYTES = 4
"""Length of a frame's header."""

_MPEG1_MIN_HZ = 32_000
_RATES_HZ = (44_100, 48_000, 32_000)
_MPEG1, _MPEG2, _MPEG25 = 3, 2, 0
_DIVISORS = {_MPEG1: 1, _MPEG2: 2, _MPEG25: 4}


@dataclass(frozen=True, slots=True)
class Mp3Frames:
    """The frames of an MP3 of constant bit rate."""

    rate: int
    """Samples per second."""

    encoding: Encoding = SPEECH

    @property
    def samples_per_frame(self) -> int:
        """Samples of a frame: MPEG-1 has twice as many as MPEG-2."""
        return 1152 if self.rate >= _MPEG1_MIN_HZ else 576

    def offset(self, count: int) -> int:
        """Return the bytes of the first `count` frames."""
        if count == 0:
            return 0
        bits = self.samples_per_frame * self.encoding.kilobits * 1000
        whole, rest = divmod(bits // 8, self.rate)
        # The first frame has no padding; then as much as the rest has added up to.
        padded = -(-(count - 1) * rest // self.rate)
        return count * whole + padded

    def count(self, length: int) -> int:
        """Return the number of frames that are complete in `length` bytes."""
        bytes_per_second = self.encoding.kilobits * 125
        count = length * self.rate // (bytes_per_second * self.samples_per_frame) + 1
        while count and self.offset(count) > length:
            count -= 1
        return count

    def seconds(self, count: int) -> float:
        """Return the duration of `count` frames."""
        return count * self.samples_per_frame / self.rate


def rate_of(header: bytes) -> int:
    """Return the samples per second of a frame, by its header."""
    return _RATES_HZ[header[2] >> 2 & 3] // _DIVISORS[header[1] >> 3 & 3]
