"""Samples become an MP3 file that says what it is."""

import io
from typing import Any

import lameenc
from mutagen.id3 import COMM, ID3, TIT2, TSSE, TXXX

from voices.audio import Audio
from voices.voice import Voice
from workers.narration import DISCLOSURE, SPEECH, Encoding

ENCODER_DELAY_SAMPLES = 1105
"""Samples by which a decoded MP3 of LAME's begins late (its 576 and the decoder's 529);
measured the same at the start and the end of a file."""


class Mp3Encoder:
    """One continuous encode: feed it sound, take bytes, finish once.

    Sentences must never be encoded apart and joined: every join would lose time and
    the word timings would drift (0.74 s over a 100 s article, measured).
    """

    def __init__(self, rate: int, encoding: Encoding = SPEECH) -> None:
        """Begin a mono file of `rate` samples a second."""
        self._lame: Any = lameenc.Encoder()
        self._lame.set_bit_rate(encoding.kilobits)
        self._lame.set_in_sample_rate(rate)
        self._lame.set_out_sample_rate(rate)
        self._lame.set_channels(1)
        self._lame.set_quality(encoding.quality)
        self._lame.silence()

    def feed(self, audio: Audio) -> bytes:
        """Encode more sound; returns the bytes that are ready, perhaps none."""
        return bytes(self._lame.encode(audio.samples.tobytes()))

    def finish(self) -> bytes:
        """Return the last bytes; the encoder is used up."""
        return bytes(self._lame.flush())


def write_tags(voice: Voice, title: str | None) -> bytes:
    """Return the ID3 header of a narration.

    It holds only what the narration's key determines, so that equal keys have equal
    bytes: that a machine speaks, in which voice, and the title if it is read aloud.
    """
    tags = ID3()
    if title:
        tags.add(TIT2(encoding=3, text=title))
    tags.add(COMM(encoding=3, lang="eng", desc="AI-generated voice", text=DISCLOSURE))
    tags.add(TXXX(encoding=3, desc="AI-generated voice", text="true"))
    tags.add(TXXX(encoding=3, desc="Voice", text=f"{voice.id}: {voice.credit}"))
    tags.add(TSSE(encoding=3, text="Outspoken"))
    header = io.BytesIO()
    tags.save(header, v2_version=4, padding=lambda _: 0)
    return header.getvalue()
