"""Split sentences into pieces between which captions may be broken."""

import math
import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from service.captions.timing_map import TimedSentence, TimedWord

MAX_COLUMNS = 42
"""Longest line; a wide character of East Asia takes two columns."""

MAX_CUE_S = 6.999
"""Longest time for which a cue is shown: seven seconds after rounding."""

_LONGEST_PIECE_S = 6.5

_WORD = re.compile(r"[^ ]+")
_SPACELESS = (
    "\u2e80-\u303e\u3041-\u30ff\u3105-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uf900-\ufaff\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff9f"
    "\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\U00020000-\U0003ffff"
)
"""Characters of scripts that put no spaces between words: Han, Japanese, Thai, Lao,
Burmese, Khmer, and the marks that are written with them."""

_RUNS = re.compile(rf"[{_SPACELESS}]|[^{_SPACELESS}]+")
_TOUCHING_THAI = re.compile(r"[\u0e30\u0e32\u0e33\u0e45\u0e46\u0e2f\u0eb0\u0eb2\u0eb3]")
_GOOD_ENDS = "/-._?&=,+:;@"
"""Characters behind which a word that is too long for a line is divided."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters that stay together, with the time at which they are heard."""

    text: str

    start: float
    """Seconds from the beginning of the file."""

    end: float

    is_spaced: bool
    """Whether a space is before it."""

    word: int | None = None
    """Index of the spoken word that it belongs to; None if it is not spoken."""

    is_divided: bool = False
    """Whether it continues a word that is too long for a line or a cue."""

    @property
    def columns(self) -> int:
        """Columns that it takes, with the space before it."""
        return columns(self.text) + self.is_spaced


def columns(text: str) -> int:
    """Return the columns of a text: two for a wide character."""
    if text.isascii():
        return len(text)
    return sum(
        2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )


def split_sentence(sentence: TimedSentence, *, is_spaced: bool) -> Iterator[Piece]:
    """Yield the pieces of a sentence: words, or characters without spaces between.

    Joined they are its text.  `is_spaced` says whether a space is before the sentence.
    """
    clock = _PlaceTimes(sentence)
    for match in _WORD.finditer(sentence.text):
        start = match.start()
        bounds = [start + place for place in _places(match[0])]
        for first, last in pairwise(bounds):
            spaced = first == start and (start > 0 or is_spaced)
            yield from _divide(sentence.text, first, last, clock, is_spaced=spaced)


def _places(word: str) -> list[int]:
    """Return where a word between spaces may be broken, with its start and end."""
    starts = [match.start() for match in _RUNS.finditer(word)]
    inner = [start for start in starts[1:] if not _touch(word, start)]
    return [0, *inner, len(word)]


def _touch(word: str, place: int) -> bool:
    """Return whether the characters on both sides of a place are one."""
    before, after = word[place - 1], word[place]
    joins = unicodedata.category(after)[0] == "M" or after in "\u200d\ufe0e\ufe0f"
    leads = "\u0e40" <= before <= "\u0e44" or "\u0ec0" <= before <= "\u0ec4"
    return bool(joins or leads or before == "\u200d" or _TOUCHING_THAI.match(after))


def _divide(
    text: str, first: int, last: int, clock: "_PlaceTimes", *, is_spaced: bool
) -> Iterator[Piece]:
    """Yield a range as one piece, or as several if it is too long for a line."""
    seconds = clock.end(last) - clock.start(first)
    count = max(
        math.ceil(columns(text[first:last]) / MAX_COLUMNS),
        math.ceil(seconds / _LONGEST_PIECE_S) if seconds > MAX_CUE_S else 1,
    )
    is_divided = False
    while first < last:
        cut = last
        if count > 1:
            cut = _cut(text, first, last, max(1, (last - first) // count))
            count = max(count - 1, math.ceil(columns(text[cut:last]) / MAX_COLUMNS))
        yield Piece(
            text[first:cut],
            clock.start(first),
            clock.end(cut),
            is_spaced,
            clock.word_at(first),
            is_divided,
        )
        first, is_spaced, is_divided = cut, False, True


def _cut(text: str, first: int, last: int, length: int) -> int:
    """Return where to divide a range, after at most `length` characters."""
    while length > 1 and columns(text[first : first + length]) > MAX_COLUMNS:
        length -= 1
    cut = first + length
    for place in range(cut, first + length // 2, -1):
        if text[place - 1] in _GOOD_ENDS:
            return place
    while cut < last and _touch(text, cut):
        cut += 1
    return cut


class _PlaceTimes:
    """When each place of a sentence's text is heard.

    Within a word time passes evenly by characters.
    """

    def __init__(self, sentence: TimedSentence) -> None:
        self._words = sentence.words
        self._firsts = [word.first for word in sentence.words]
        self._begin = sentence.start

    def start(self, place: int) -> float:
        """Return when the character at a place begins."""
        index = bisect_right(self._firsts, place) - 1
        if index < 0:
            return self._begin
        word = self._words[index]
        return _inside(word, place) if place < word.last else word.end

    def end(self, place: int) -> float:
        """Return when the character before a place ends."""
        index = bisect_left(self._firsts, place) - 1
        if index < 0:
            return self._begin
        word = self._words[index]
        return _inside(word, place) if place < word.last else word.end

    def word_at(self, place: int) -> int | None:
        """Return the index of the word that a place belongs to."""
        index = bisect_right(self._firsts, place) - 1
        return index if index >= 0 and place < self._words[index].last else None


def _inside(word: TimedWord, place: int) -> float:
    share = (place - word.first) / max(1, word.last - word.first)
    return word.start + share * (word.end - word.start)
