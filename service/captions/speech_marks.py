"""Write speech marks: JSON lines as Amazon Polly has them."""

import json
from collections.abc import Iterator

from service.captions.cues import paragraphs_of
from service.captions.paragraphs import PARAGRAPH_END, spaced_sentences
from service.captions.timing_map import TimedSentence, timed_sentences
from workers.narration import Transcript


def write_speech_marks(transcript: Transcript) -> str:
    """Return a mark for each sentence and word, in the order of their times.

    Start and end are bytes of the UTF-8 text that `write_text` returns; times are
    milliseconds.
    """
    return "".join(f"{mark}\n" for mark in _marks(transcript))


def _marks(transcript: Transcript) -> Iterator[str]:
    position = 0
    for paragraph in paragraphs_of(timed_sentences(transcript)):
        for sentence, text in zip(paragraph, spaced_sentences(paragraph), strict=True):
            start = position + _bytes(text) - _bytes(sentence.text)
            yield from _marks_of(sentence, start)
            position += _bytes(text)
        position += _bytes(PARAGRAPH_END)


def _marks_of(sentence: TimedSentence, offset: int) -> Iterator[str]:
    end = offset + _bytes(sentence.text)
    yield _mark("sentence", sentence.start, (offset, end), sentence.text)
    for word in sentence.words:
        start = offset + _bytes(sentence.text[: word.first])
        value = sentence.text_of(word)
        yield _mark("word", word.start, (start, start + _bytes(value)), value)


def _mark(kind: str, time: float, place: tuple[int, int], value: str) -> str:
    return json.dumps(
        {
            "time": round(time * 1000),
            "type": kind,
            "start": place[0],
            "end": place[1],
            "value": value,
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def _bytes(text: str) -> int:
    return len(text.encode())
