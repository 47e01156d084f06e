"""Map a narration's timings to the seconds at which a player plays them.

Transcript ──► TimedSentence: the text that readers see
                 └──► TimedWord: a range of it, spoken together
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from service.captions.align import align_words
from service.script.plain_text import find_unread_marks
from voices.sentence import Sentence, Span
from workers.audio.mp3_frames import ENCODER_DELAY_SAMPLES
from workers.narration import Timing, Transcript

BREAKING_SPACE = r"[^\S\u00a0\u2007\u202f]"
"""A white space at which a line may be broken, as a regular expression."""

_SPACES = re.compile(f"{BREAKING_SPACE}+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_PROSODIC_MARKS = ",:;.?!"


@dataclass(frozen=True, slots=True)
class TimedWord:
    """Written characters that are spoken together, with the time of that.

    It may have several written words ("5 March") or be a part of one ("½ tsp" in "1½").
    """

    spoken: str
    """What the voice says, without marks."""

    start: float
    """Seconds from the beginning of the file."""

    end: float

    first: int
    """First code point, in the text of the sentence."""

    last: int
    """One past the last code point."""

    span: Span | None
    """Its range of the cleaned article; None if it is not in the article."""


@dataclass(frozen=True, slots=True)
class TimedSentence:
    """A sentence with the time at which it is heard."""

    written: str
    """As in the article."""

    text: str
    """As shown: without footnotes, tags and link targets; with single spaces."""

    start: float
    """Seconds from the beginning of the file."""

    end: float
    """Seconds, without the pause that follows."""

    words: tuple[TimedWord, ...]
    """In order; they do not overlap.  What is between them is not spoken."""

    span: Span | None
    """Its range of the cleaned article; None if it is not in the article."""

    @property
    def paragraph(self) -> int | None:
        """Index of its paragraph; None for an announcement."""
        return self.span.paragraph if self.span else None

    def text_of(self, word: TimedWord) -> str:
        """Return a word as written."""
        return self.text[word.first : word.last]


def timed_sentences(transcript: Transcript) -> tuple[TimedSentence, ...]:
    """Return every sentence with its words, in the order of the audio.

    Players play everything later by the encoder's delay, which is added here.
    """
    return tuple(
        _timed(transcript.script.sentences[timing.sentence], timing, transcript.rate)
        for timing in transcript.timings
    )


def _timed(sentence: Sentence, timing: Timing, rate: int) -> TimedSentence:
    text, positions = _shown(sentence.text)
    spans = [token.span for token in sentence.tokens if token.span]
    span = replace(spans[0], end=spans[-1].end) if spans else None
    ranges = (
        [_range_of(token.span, spans[0].start, positions) for token in sentence.tokens]
        if spans
        else align_words(text, [token.spoken for token in sentence.tokens])
    )
    pieces = [
        TimedWord(
            spoken=token.spoken.rstrip(_PROSODIC_MARKS),
            start=_seconds(start, rate),
            end=_seconds(end, rate),
            first=first,
            last=last,
            span=token.span,
        )
        for token, (start, end), (first, last) in zip(
            sentence.tokens, timing.words, ranges, strict=False
        )
    ]
    return TimedSentence(
        written=sentence.text,
        text=text,
        start=_seconds(timing.start, rate),
        end=_seconds(timing.end, rate),
        words=tuple(_join_overlapping(pieces)),
        span=span,
    )


def _shown(written: str) -> tuple[str, list[int]]:
    """Return the text to show, and the place in it of each written code point."""
    hidden = [False] * len(written)
    for start, end in find_unread_marks(written):
        hidden[start:end] = [True] * (end - start)
    shown: list[str] = []
    positions: list[int] = []
    for character, is_hidden in zip(written, hidden, strict=True):
        positions.append(len(shown))
        if is_hidden:
            continue
        if _SPACES.match(character):
            if shown and shown[-1] != " ":
                shown.append(" ")
        elif not _CONTROL.match(character):
            shown.append(character)
    text = "".join(shown).rstrip(" ")
    return text, [min(position, len(text)) for position in (*positions, len(text))]


def _range_of(span: Span | None, offset: int, positions: list[int]) -> tuple[int, int]:
    """Return a token's range of the text that is shown."""
    if span is None:
        return 0, 0
    end = len(positions) - 1
    first, last = (min(place - offset, end) for place in (span.start, span.end))
    return positions[first], positions[last]


def _join_overlapping(pieces: list[TimedWord]) -> Iterator[TimedWord]:
    """Yield words that do not overlap; tokens of the same characters are one word.

    A token without characters of its own belongs to the word before.
    """
    word: TimedWord | None = None
    for piece in pieces:
        if word is None:
            word = piece
        elif word.first == word.last:
            word = replace(piece, start=word.start, spoken=_both(word, piece))
        elif piece.first >= word.last and piece.last > piece.first:
            yield word
            word = piece
        else:
            word = replace(
                word,
                spoken=_both(word, piece),
                end=piece.end,
                last=max(word.last, piece.last),
                span=_union(word.span, piece.span),
            )
    if word:
        yield word


def _both(word: TimedWord, piece: TimedWord) -> str:
    return f"{word.spoken} {piece.spoken}"


def _union(span: Span | None, other: Span | None) -> Span | None:
    if span is None or other is None:
        return span or other
    return replace(
        span, start=min(span.start, other.start), end=max(span.end, other.end)
    )


def _seconds(sample: int, rate: int) -> float:
    return (sample + ENCODER_DELAY_SAMPLES) / rate
