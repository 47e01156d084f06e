"""Store scripts and timings in few bytes: `pack_script`, `pack_timings`.

Both are columns of numbers and words in JSON, compressed: a fifteenth of the script as
an object, 4 kB for an article of 800 words.
"""

import json
import zlib
from collections.abc import Iterator, Sequence

from voices.sentence import Script, Sentence, Span, Token
from workers.narration import Timing

_SPACE = "\x1f"
"""Replaces a space inside a spoken word; scripts have no control characters."""

_LEVEL = 9
"""Of zlib; a millisecond for an article."""


def pack_script(script: Script) -> bytes:
    """Return a script as compressed JSON."""
    return _pack(
        [
            script.language,
            [sentence.text for sentence in script.sentences],
            [sentence.pause_after for sentence in script.sentences],
            [_join(token.spoken for token in s.tokens) for s in script.sentences],
            [_pack_spans(sentence.tokens) for sentence in script.sentences],
            [
                [at, position, token.ipa]
                for at, sentence in enumerate(script.sentences)
                for position, token in enumerate(sentence.tokens)
                if token.ipa is not None
            ],
        ]
    )


def unpack_script(content: bytes) -> Script:
    """Return the script of `pack_script`."""
    language, texts, pauses, spoken, spans, sounds = json.loads(
        zlib.decompress(content)
    )
    ipa = {(at, position): sound for at, position, sound in sounds}
    sentences = []
    for at, text in enumerate(texts):
        words = spoken[at].split(" ")
        tokens = zip(words, _unpack_spans(spans[at]), strict=True)
        sentences.append(
            Sentence(
                text,
                tuple(
                    Token(word.replace(_SPACE, " "), span, ipa.get((at, position)))
                    for position, (word, span) in enumerate(tokens)
                ),
                pauses[at],
            )
        )
    return Script(language, tuple(sentences))


def pack_timings(timings: Sequence[Timing]) -> bytes:
    """Return timings as compressed JSON: each number is a distance to the last."""
    rows, last = [], 0
    for timing in timings:
        row = [timing.sentence, timing.start - last, timing.end - timing.start]
        last = timing.start
        for start, end in timing.words:
            row += [start - last, end - start]
            last = end
        rows.append(row)
        last = timing.end
    return _pack(rows)


def unpack_timings(content: bytes) -> tuple[Timing, ...]:
    """Return the timings of `pack_timings`."""
    timings, last = [], 0
    for sentence, before, length, *distances in json.loads(zlib.decompress(content)):
        first = last + before
        words, last = [], first
        for gap, size in zip(distances[::2], distances[1::2], strict=True):
            words.append((last + gap, last + gap + size))
            last += gap + size
        timings.append(Timing(sentence, first, first + length, tuple(words)))
        last = first + length
    return tuple(timings)


def _pack(value: object) -> bytes:
    # A lone surrogate of an article is kept as it came.
    compact = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(compact.encode("utf-8", "surrogatepass"), _LEVEL)


def _join(words: Iterator[str]) -> str:
    return " ".join(word.replace(" ", _SPACE) for word in words)


def _pack_spans(tokens: Sequence[Token]) -> list[int | None]:
    """Return three numbers per token, or one None, relative to the last span."""
    packed: list[int | None] = []
    paragraph = end = 0
    for token in tokens:
        span = token.span
        if span is None:
            packed.append(None)
            continue
        start = span.start - (end if span.paragraph == paragraph else 0)
        packed += [span.paragraph - paragraph, start, span.end - span.start]
        paragraph, end = span.paragraph, span.end
    return packed


def _unpack_spans(packed: Sequence[int | None]) -> Iterator[Span | None]:
    numbers = iter(packed)
    paragraph = end = 0
    for forward in numbers:
        if forward is None:
            yield None
            continue
        gap, length = next(numbers) or 0, next(numbers) or 0
        start = gap + (0 if forward else end)
        paragraph += forward
        end = start + length
        yield Span(paragraph, start, end)
