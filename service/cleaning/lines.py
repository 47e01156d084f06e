"""A line of a page, measured once: its words, its size, how it ends."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

from service.cleaning.wordings import HEAD, STOP_WORDS

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


@dataclass(frozen=True)
class Line:
    """One incoming paragraph and what can be counted on it."""

    place: int
    """Index among the incoming paragraphs, from 0."""

    text: str
    """The paragraph, code point for code point."""

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        """Words, numbers and telling signs (`: © @ $ € £ | / (`), in NFKC."""
        return tokens_of(self.text)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words alone, case folded: two lines of equal words are repeats."""
        return tuple([t.casefold() for t in self.tokens if t not in _SIGNS])

    @cached_property
    def shingles(self) -> tuple[tuple[str, ...], ...]:
        """Every four words on end, or all of fewer; lines that share most repeat."""
        words = self.words
        count = max(1, len(words) - SHINGLE + 1)
        return tuple(words[start : start + SHINGLE] for start in range(count))

    @cached_property
    def stems(self) -> frozenset[str]:
        """The telling words, cut to five letters so that forms of a word meet."""
        return frozenset(
            word[:STEM]
            for word in self.words
            if len(word) >= TELLING and word not in STOP_WORDS
        )

    @cached_property
    def heads(self) -> frozenset[str]:
        """What its words begin with; see `Wordings`."""
        return frozenset([word[:HEAD] for word in self.words])

    @cached_property
    def lowered(self) -> str:
        """The paragraph in small letters."""
        return self.text.lower()

    @cached_property
    def size(self) -> int:
        """Number of words; two characters of an unspaced script count as one."""
        return len(self.words) + len(_UNSPACED.findall(self.text)) // 2

    @cached_property
    def listed(self) -> bool:
        """Whether it starts as a list item does: a dash, a bullet, a number."""
        return _ITEM.match(self.text) is not None

    @cached_property
    def ends(self) -> bool:
        """Whether it ends as a sentence does, closing quotes and brackets aside."""
        return self.text.rstrip(_CLOSERS).endswith(_END_MARKS)


def tokens_of(text: str) -> tuple[str, ...]:
    """Cut text into words, numbers and telling signs, in NFKC, apostrophes straight."""
    plain = unicodedata.normalize("NFKC", text).replace("’", "'")
    return tuple(_TOKEN.findall(plain))
