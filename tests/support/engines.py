"""Tone engines that tests can observe."""

from voices.engine import Utterance
from voices.sentence import Sentence
from voices.tone import ToneEngine


class CountingEngine(ToneEngine):
    """Notes what it is asked to say."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def speak(self, sentence: Sentence) -> Utterance:
        self.said.append(sentence.spoken)
        return super().speak(sentence)
