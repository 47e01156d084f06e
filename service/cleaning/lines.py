"""A line of a page, measured once: its words, its size, how it ends."""

import re
import unicodedata
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property

from service.cleaning.classifier.common_words import STOP_WORDS

_TOKEN = re.compile(r"\d[\d.,:/]*\d|\w+(?:'\w+)*|[:©@$€£|/(]")
_SIGNS = frozenset(":©@$€£|/(")
# Scripts written without spaces; two of their characters count as one word.
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f\u1000-\u109f]")
_ITEM = re.compile("(?:[-*•‣▪–—]|\\d{1,2}[.)])\\s+\\w")
_CLOSERS = "\"'\u201d\u2019»)]*_\u200b\u200d\ufeff \u00a0\u202f\u3009\u300b\u300d\u300f"
_END_MARKS = tuple(".!?…。！？؟।።")  # noqa: RUF001 - full-width marks end sentences too


SHINGLE = 4
"""Words of a shingle."""

STEM = 5
"""Letters that stand for a word, so that "strike" meets "strikes"."""

TELLING = 4
"""Letters from which a word tells something."""


Shingle = tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """One incoming paragraph and what can be counted on it."""

    place: int
    """Index among the incoming paragraphs, from 0."""

    text: str
    """The paragraph, code point for code point."""

    tokens: tuple[str, ...] = field(init=False, compare=False, repr=False)
    """Words, numbers and telling signs (`: © @ $ € £ | / (`), in NFKC."""

    words: tuple[str, ...] = field(init=False, compare=False, repr=False)
    """The words alone, case folded: two lines of equal words are repeats."""

    size: int = field(init=False, compare=False, repr=False)
    """Number of words; two characters of an unspaced script count as one."""

    ends: bool = field(init=False, compare=False, repr=False)
    """Whether it ends as a sentence does, closing quotes and brackets aside."""

    def __post_init__(self) -> None:
        """Count what every line is asked for.

        At once, for a cached property costs a short line more than the counting, and
        into the dictionary, for a frozen line's fields cannot be assigned to.
        """
        text = self.text
        tokens = tokens_of(text)
        words = tuple([t.casefold() for t in tokens if t not in _SIGNS])
        unspaced = 0 if text.isascii() else len(_UNSPACED.findall(text)) // 2
        self.__dict__.update(
            tokens=tokens,
            words=words,
            size=len(words) + unspaced,
            ends=text.rstrip(_CLOSERS).endswith(_END_MARKS),
        )

    @cached_property
    def shingles(self) -> tuple[Shingle, ...]:
        """Every four words on end, or all of fewer; lines that share most repeat."""
        words = self.words
        if len(words) <= SHINGLE:
            return (words,)
        return tuple(zip(*(words[start:] for start in range(SHINGLE)), strict=False))

    @cached_property
    def shingle_set(self) -> frozenset[Shingle]:
        """The different ones among its shingles."""
        return frozenset(self.shingles)

    @cached_property
    def stems(self) -> AbstractSet[str]:
        """The telling words, cut to five letters so that forms of a word meet."""
        # In the order of the line: what is summed over a set of texts is another
        # number, by a hair, each time the program runs.
        return dict.fromkeys(
            [
                word[:STEM]
                for word in self.words
                if len(word) >= TELLING and word not in STOP_WORDS
            ]
        ).keys()

    @cached_property
    def lowered(self) -> str:
        """The paragraph in small letters."""
        return self.text.lower()

    @cached_property
    def listed(self) -> bool:
        """Whether it starts as a list item does: a dash, a bullet, a number."""
        return _ITEM.match(self.text) is not None


def tokens_of(text: str) -> tuple[str, ...]:
    """Cut text into words, numbers and telling signs, in NFKC, apostrophes straight."""
    plain = unicodedata.normalize("NFKC", text).replace("’", "'")
    return tuple(_TOKEN.findall(plain))
