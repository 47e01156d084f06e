"""Sentences are laid end to end with their pauses, and timed."""

from voices.audio import Audio
from voices.sentence import Sentence
from voices.utterance import Sounding
from workers.narration import Timing


class Assembly:
    """The track as it grows: what has been laid so far, in samples."""

    def __init__(self, rate: int) -> None:
        """Begin an empty track of `rate` samples a second."""
        self.rate = rate
        self.samples = 0
        self._timings: list[Timing] = []

    @property
    def timings(self) -> tuple[Timing, ...]:
        """Where each sentence laid so far sounds."""
        return tuple(self._timings)

    def lay(
        self, sentence: Sentence, words: tuple[Sounding, ...], audio: Audio
    ) -> Audio:
        """Add a spoken sentence; returns it with the pause that follows.

        Time is counted in samples: adding rounded milliseconds drifts.
        """
        pause = Audio.silence(sentence.pause_after, self.rate)
        end = self.samples + len(audio.samples)
        # The silence that a sentence ends with is cut; a word may have had it.
        last = len(audio.samples)
        placed = tuple(
            (self.samples + min(word.start, last), self.samples + min(word.end, last))
            for word in words
        )
        self._timings.append(Timing(len(self._timings), self.samples, end, placed))
        self.samples = end + len(pause.samples)
        return Audio.join([audio, pause], self.rate)
