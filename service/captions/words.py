"""List the words of a narration with their times, as JSON."""

from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import BaseModel, Field

from service.captions.cues import paragraphs_of
from service.captions.timing_map import TimedSentence, timed_sentences
from voices.sentence import Span
from workers.narration import Transcript

_EXAMPLE = {
    "language": "en",
    "words": [
        {
            "text": "$1.2bn",
            "spoken": "one point two billion dollars",
            "start": 3.605,
            "end": 5.11,
            "span": {"paragraph": 0, "start": 14, "end": 20},
            "utf16": {"start": 14, "end": 20},
        }
    ],
}

Seconds = Annotated[float, Field(description="Seconds from the beginning of the file.")]


class SpanBody(BaseModel):
    """A range of the cleaned article, in code points."""

    paragraph: Annotated[
        int, Field(description="Index from 0; -1 is the title.", examples=[0])
    ]
    start: int
    end: Annotated[int, Field(description="One past the last code point.")]

    @classmethod
    def of(cls, span: Span) -> Self:
        """Return the JSON of a span."""
        return cls(paragraph=span.paragraph, start=span.start, end=span.end)


class Utf16SpanBody(BaseModel):
    """A range of a paragraph in UTF-16 code units, as JavaScript counts."""

    start: int
    end: int


class WordBody(BaseModel):
    """Written characters that are spoken together."""

    text: Annotated[str, Field(description="As written.", examples=["$1.2bn"])]
    spoken: Annotated[
        str,
        Field(
            description="As the voice says it.",
            examples=["one point two billion dollars"],
        ),
    ]
    start: Seconds
    end: Seconds
    span: Annotated[
        SpanBody | None,
        Field(description="Null for a word of an announcement."),
    ]
    utf16: Annotated[
        Utf16SpanBody | None,
        Field(
            description="The same range of the paragraph in UTF-16 code units.  Null"
            " for a word of an announcement, and if other characters than one between"
            " two sentences are before it in its paragraph and not read, for it is not"
            " recorded what they are."
        ),
    ]


class WordsBody(BaseModel, json_schema_extra={"examples": [_EXAMPLE]}):
    """The words of a narration, in order."""

    language: Annotated[str, Field(description="BCP 47 tag.", examples=["en"])]
    words: list[WordBody]


def list_words(transcript: Transcript) -> WordsBody:
    """Return every word that is spoken, as written and as said."""
    words = [
        word
        for paragraph in paragraphs_of(timed_sentences(transcript))
        for word in _words_of(paragraph)
    ]
    return WordsBody(language=transcript.script.language, words=words)


def write_words(transcript: Transcript) -> str:
    """Return the words as JSON."""
    return list_words(transcript).model_dump_json()


def _words_of(sentences: tuple[TimedSentence, ...]) -> Iterator[WordBody]:
    """Yield the words of a paragraph."""
    for sentence, offset in zip(sentences, _utf16_offsets(sentences), strict=True):
        for word in sentence.words:
            span = word.span
            yield WordBody(
                text=sentence.text_of(word),
                spoken=word.spoken,
                start=round(word.start, 3),
                end=round(word.end, 3),
                span=SpanBody.of(span) if span else None,
                utf16=_utf16_span(sentence, span, offset),
            )


def _utf16_offsets(sentences: tuple[TimedSentence, ...]) -> Iterator[int | None]:
    """Yield where each sentence begins, in UTF-16 code units; None if unknown."""
    # What is between two sentences is a space, or nothing in some languages.
    offset: int | None = 0
    position = 0
    for sentence in sentences:
        span = sentence.span
        gap = span.start - position if span else 0
        longest_gap = 1 if position else 0
        offset = None if offset is None or gap > longest_gap else offset + gap
        yield offset
        if span:
            position = span.end
        if offset is not None:
            offset += _utf16_units(sentence.written)


def _utf16_span(
    sentence: TimedSentence, span: Span | None, offset: int | None
) -> Utf16SpanBody | None:
    if span is None or sentence.span is None or offset is None:
        return None
    first, last = (
        offset + _utf16_units(sentence.written[: place - sentence.span.start])
        for place in (span.start, span.end)
    )
    return Utf16SpanBody(start=first, end=last)


def _utf16_units(text: str) -> int:
    return len(text) + sum(character > "\uffff" for character in text)
