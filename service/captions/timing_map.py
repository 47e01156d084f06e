"""Map a narration's timings to the seconds at which a player plays them."""

from dataclasses import dataclass

from voices.sentence import Span
from workers.audio.mp3 import ENCODER_DELAY_SAMPLES
from workers.narration import Transcript


@dataclass(frozen=True, slots=True)
class TimedWord:
    """A word of the article with the time at which it is heard."""

    spoken: str
    """The word as the voice says it."""

    start: float
    """Seconds from the beginning of the file."""

    end: float
    span: Span | None
    """The written characters it comes from; None if it is not in the article."""


@dataclass(frozen=True, slots=True)
class TimedSentence:
    """A sentence with the time at which it is heard."""

    text: str
    """As written in the article."""

    start: float
    """Seconds from the beginning of the file."""

    end: float
    """Seconds, without the pause that follows."""

    words: tuple[TimedWord, ...]


def timed_sentences(transcript: Transcript) -> tuple[TimedSentence, ...]:
    """Return every sentence with its words, in the order of the audio.

    Players play everything later by the encoder's delay, which is added here.
    """
    sentences = []
    for timing in transcript.timings:
        sentence = transcript.script.sentences[timing.sentence]
        words = [
            TimedWord(
                token.spoken,
                _seconds(start, transcript),
                _seconds(end, transcript),
                token.span,
            )
            for token, (start, end) in zip(sentence.tokens, timing.words, strict=False)
        ]
        sentences.append(
            TimedSentence(
                text=sentence.text,
                start=_seconds(timing.start, transcript),
                end=_seconds(timing.end, transcript),
                words=tuple(words),
            )
        )
    return tuple(sentences)


def _seconds(sample: int, transcript: Transcript) -> float:
    return (sample + ENCODER_DELAY_SAMPLES) / transcript.rate
