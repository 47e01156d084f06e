"""Tone engines that tests can observe."""

from voices.audio import Audio
from voices.engine import Utterance
from voices.sentence import Sentence
from voices.tone import ToneEngine


class CountingEngine(ToneEngine):
    """Records the sentences it speaks."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def speak(self, sentence: Sentence) -> Utterance:
        self.said.append(sentence.spoken)
        return super().speak(sentence)


class OtherEngine(ToneEngine):
    """Differs from the tone by one unit of one sample."""

    def speak(self, sentence: Sentence) -> Utterance:
        utterance = super().speak(sentence)
        samples = utterance.sound().samples.copy()
        samples[len(samples) // 2] += 1
        audio = Audio(samples, utterance.rate)
        return Utterance(utterance.words, utterance.rate, lambda **_: iter([audio]))


class ChanceEngine(ToneEngine):
    """An engine that is not repeatable."""

    repeatable = False
