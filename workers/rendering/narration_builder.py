"""Append audio chunks to a narration: timings and MP3."""

from voices.audio import Audio
from voices.engine import TokenTiming
from voices.voice import Voice
from workers.audio.mp3 import Mp3Encoder, write_tags
from workers.narration import Timing
from workers.rendering.segment_log import AudioChunk, Segment


class NarrationBuilder:
    """A narration under construction; positions are in samples."""

    def __init__(self, voice: Voice, title: str | None) -> None:
        """Start an empty narration with tags for voice and title."""
        self.rate = voice.sample_rate
        self.samples = 0
        self._encoder = Mp3Encoder(self.rate)
        self._tags = write_tags(voice, title)
        self._timings: list[Timing] = []
        self._sentence = -1
        self._start = 0
        self._words: tuple[TokenTiming, ...] = ()

    @property
    def timings(self) -> tuple[Timing, ...]:
        """Timings of the sentences that are complete."""
        return tuple(self._timings)

    def append(self, chunk: AudioChunk) -> Segment:
        """Append a chunk; return it with the MP3 encoded so far."""
        if chunk.sentence != self._sentence:
            self._sentence, self._start = chunk.sentence, self.samples
            self._words = chunk.words
        # Time is counted in samples: adding rounded milliseconds drifts.
        self.samples += len(chunk.audio.samples)
        if chunk.last:
            self._timings.append(self._time(chunk))
        return Segment(chunk, self._take_tags() + self._encoder.feed(chunk.audio))

    def finish(self) -> Segment:
        """End the file; nothing can be appended after this."""
        empty = Audio.silence(0, self.rate)
        end = AudioChunk(len(self._timings), last=True, words=(), audio=empty)
        return Segment(end, self._take_tags() + self._encoder.finish())

    def _time(self, chunk: AudioChunk) -> Timing:
        start, end = self._start, self.samples - chunk.pause
        # Silence at the end of a sentence is trimmed; a word may have extended into it.
        words = tuple(
            (min(start + word.start, end), min(start + word.end, end))
            for word in self._words
        )
        return Timing(chunk.sentence, start, end, words)

    def _take_tags(self) -> bytes:
        tags, self._tags = self._tags, b""
        return tags
