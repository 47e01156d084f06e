"""Divide a narration into cues, as subtitles should be.

A cue has at most two lines of 42 columns and is shown for at most seven seconds, from
the beginning of its first word to the end of its last.  Cues of a paragraph are chosen
together, so that they end with sentences, then clauses, and have similar lengths.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby, pairwise

from service.captions.break_costs import (
    CLAUSE,
    SENTENCE,
    break_cost,
    ends_sentence,
)
from service.captions.break_words import FunctionWords, load_function_words
from service.captions.pieces import MAX_COLUMNS, MAX_CUE_S, Piece, split_sentence
from service.captions.timing_map import TimedSentence, timed_sentences
from workers.narration import Transcript

_MAX_LINES = 2
_SHORT_CUE_S = 1.0
_SHORT_CUE_COST = 60.0
"""Cost per second that a cue is shorter than `_SHORT_CUE_S`."""

_CUE_COST = 8.0
_SENTENCE_INSIDE_COST = 12.0
_LENGTH_COST = 14.0
"""Cost of a full cue; it grows with the square, so that lengths are balanced."""

_BALANCE_COST = 10.0
_INNER_SHARE = 0.6
"""Cost of a break between the lines of a cue, as a share of one between cues."""


@dataclass(frozen=True, slots=True)
class Cue:
    """Text that is shown for some seconds."""

    start: float
    """Seconds from the beginning of the file."""

    end: float
    lines: tuple[str, ...]

    text: str
    """The lines joined, with the space between them if the article has one."""

    @property
    def milliseconds(self) -> tuple[int, int]:
        """Start and end; a cue is never empty."""
        start = round(self.start * 1000)
        return start, max(start + 1, round(self.end * 1000))


def split_cues(transcript: Transcript) -> list[Cue]:
    """Return the cues of a narration, in order; they do not overlap."""
    words = load_function_words(transcript.script.language)
    return [
        cue
        for paragraph in paragraphs_of(timed_sentences(transcript))
        for cue in _ParagraphBreaker(paragraph, words).cues()
    ]


def paragraphs_of(
    sentences: Sequence[TimedSentence],
) -> Iterator[tuple[TimedSentence, ...]]:
    """Yield the sentences of each paragraph; an announcement is one."""
    for _, group in groupby(sentences, lambda sentence: sentence.paragraph):
        yield tuple(group)


def is_spaced(before: TimedSentence, after: TimedSentence) -> bool:
    """Return whether a space is between two sentences of a paragraph."""
    if before.span is None or after.span is None:
        return True
    return after.span.start > before.span.end


class _ParagraphBreaker:
    """The pieces of a paragraph, and what it costs to break between them."""

    def __init__(
        self, sentences: Sequence[TimedSentence], words: FunctionWords
    ) -> None:
        self._pieces: list[Piece] = []
        self._costs: list[float] = []
        for index, sentence in enumerate(sentences):
            spaced = index > 0 and is_spaced(sentences[index - 1], sentence)
            pieces = list(split_sentence(sentence, is_spaced=spaced))
            if pieces and self._pieces:
                ended = ends_sentence(self._pieces[-1].text)
                self._costs.append(SENTENCE if ended else CLAUSE)
            self._costs += [break_cost(a, b, words) for a, b in pairwise(pieces)]
            self._pieces += pieces
        self._costs.append(SENTENCE)
        self._ends = [0, *accumulate(piece.columns for piece in self._pieces)]
        self._sentence_ends = [
            0,
            *accumulate(cost == SENTENCE for cost in self._costs),
        ]

    def cues(self) -> Iterator[Cue]:
        """Yield the cues that cost least."""
        for first, last in self._choose():
            start, end = self._pieces[first].start, self._pieces[last - 1].end
            second = self._line_break(first, last)[1]
            bounds = (first, second, last) if second else (first, last)
            yield Cue(
                start,
                min(end, start + MAX_CUE_S),
                tuple(self._text(a, b) for a, b in pairwise(bounds)),
                self._text(first, last),
            )

    def _choose(self) -> list[tuple[int, int]]:
        """Return the ranges of pieces of all cues, by dynamic programming."""
        count = len(self._pieces)
        best: list[tuple[float, int]] = [(0.0, 0)] * (count + 1)
        for last in range(1, count + 1):
            best[last] = min(
                (best[first][0] + cost, first) for first, cost in self._candidates(last)
            )
        ranges = []
        last = count
        while last:
            ranges.append((best[last][1], last))
            last = best[last][1]
        return ranges[::-1]

    def _candidates(self, last: int) -> Iterator[tuple[int, float]]:
        """Yield the first piece of every cue that ends before `last`, and its cost."""
        end = self._pieces[last - 1].end
        for first in range(last - 1, -1, -1):
            seconds = end - self._pieces[first].start
            width = self._width(first, last)
            if first < last - 1 and (
                width > _MAX_LINES * MAX_COLUMNS + 1 or seconds > MAX_CUE_S
            ):
                return
            inner = self._line_break(first, last)[0]
            if inner is None:
                continue
            sentences = self._sentence_ends[last - 1] - self._sentence_ends[first]
            yield (
                first,
                self._costs[last - 1]
                + inner
                + _CUE_COST
                + _SENTENCE_INSIDE_COST * sentences
                + _SHORT_CUE_COST * max(0.0, _SHORT_CUE_S - seconds)
                + _LENGTH_COST * (width / (_MAX_LINES * MAX_COLUMNS)) ** 2,
            )

    def _line_break(self, first: int, last: int) -> tuple[float | None, int]:
        """Return the least cost of a cue's lines and where the second begins.

        The place is 0 for a single line; the cost is None if the cue has no room.
        """
        if self._width(first, last) <= MAX_COLUMNS:
            return 0.0, 0
        best: tuple[float | None, int] = (None, 0)
        for place in range(last - 1, first, -1):
            upper, lower = self._width(first, place), self._width(place, last)
            if lower > MAX_COLUMNS:
                break
            if upper > MAX_COLUMNS:
                continue
            balance = abs(upper - lower) / MAX_COLUMNS
            cost = _INNER_SHARE * self._costs[place - 1] + _BALANCE_COST * balance
            if best[0] is None or cost < best[0]:
                best = cost, place
        return best

    def _width(self, first: int, last: int) -> int:
        return self._ends[last] - self._ends[first] - self._pieces[first].is_spaced

    def _text(self, first: int, last: int) -> str:
        pieces = self._pieces[first:last]
        text = "".join(" " * piece.is_spaced + piece.text for piece in pieces)
        return text.removeprefix(" ")
