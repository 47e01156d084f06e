"""The encoding of audio files: format and bit rate."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Encoding:
    """Parameters of the audio file."""

    format: str = "mp3"

    kilobits: int = 64
    """Constant bit rate in kbit/s, so that players can seek by arithmetic."""

    quality: int = 5
    """LAME quality: 2 is slow, 7 is rough; 5 takes 1/200 of the duration (measured)."""


SPEECH = Encoding()
"""The only encoding in use: mono speech at 0.48 MB per minute."""
