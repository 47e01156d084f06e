"""Pieces of sound are laid end to end, timed and encoded."""

from voices.audio import Audio
from voices.engine import TokenTiming
from voices.voice import Voice
from workers.audio.mp3 import Mp3Encoder, write_tags
from workers.narration import Timing
from workers.rendering.segment_log import AudioChunk, Segment


class NarrationBuilder:
    """The narration as it grows: what has been laid so far, in samples."""

    def __init__(self, voice: Voice, title: str | None) -> None:
        """Begin an empty track, whose tags name the voice and the title."""
        self.rate = voice.sample_rate
        self.samples = 0
        self._encoder = Mp3Encoder(self.rate)
        self._unwritten = write_tags(voice, title)
        self._timings: list[Timing] = []
        self._sentence = -1
        self._start = 0
        self._words: tuple[TokenTiming, ...] = ()

    @property
    def timings(self) -> tuple[Timing, ...]:
        """Where each sentence laid to its end sounds."""
        return tuple(self._timings)

    def append(self, piece: AudioChunk) -> Segment:
        """Add a piece; returns it with the MP3 that came of it."""
        if piece.sentence != self._sentence:
            self._sentence, self._start = piece.sentence, self.samples
            self._words = piece.words
        # Time is counted in samples: adding rounded milliseconds drifts.
        self.samples += len(piece.audio.samples)
        if piece.last:
            self._timings.append(self._time(piece))
        return Segment(piece, self._take_unwritten() + self._encoder.feed(piece.audio))

    def finish(self) -> Segment:
        """End the file; the track is used up."""
        nothing = Audio.silence(0, self.rate)
        end = AudioChunk(len(self._timings), last=True, words=(), audio=nothing)
        return Segment(end, self._take_unwritten() + self._encoder.finish())

    def _time(self, piece: AudioChunk) -> Timing:
        start, end = self._start, self.samples - piece.pause
        # The silence that a sentence ends with is cut; a word may have had it.
        words = tuple(
            (min(start + word.start, end), min(start + word.end, end))
            for word in self._words
        )
        return Timing(piece.sentence, start, end, words)

    def _take_unwritten(self) -> bytes:
        tags, self._unwritten = self._unwritten, b""
        return tags
