"""A line of a page with its words, its size and how it ends: `Line`."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, pairwise

from service.cleaning.classifier.common_words import STOP_WORDS

_TOKEN = re.compile(r"\d[\d.,:/]*\d|\w+(?:'\w+)*|[:©@$€£|/(]")
_SYMBOLS = frozenset(":©@$€£|/(")
# Scripts written without spaces; two of their characters count as one word.
_UNSPACED_LETTERS = "\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f\u1000-\u109f"
_UNSPACED = re.compile(f"[{_UNSPACED_LETTERS}]")
_WORD = re.compile(f"[{_UNSPACED_LETTERS}]|[^{_UNSPACED_LETTERS}]+")
_ITEM = re.compile("(?:[-*•‣▪–—]|\\d{1,2}[.)])\\s+\\w")
_CLOSERS = "\"'\u201d\u2019»)]*_\u200b\u200d\ufeff \u00a0\u202f\u3009\u300b\u300d\u300f"
_END_MARKS = tuple(".!?…。！？؟।።")  # noqa: RUF001 - full-width marks end sentences too

_SHINGLE_WORDS = 4
"""Words of a shingle."""

MAX_PATTERN_CHARACTERS = 4000
"""Code points of the longest line that is searched for patterns: a longer one is not a
paragraph and would slow the search down."""

_STEM_LETTERS = 5
"""Letters to which words are cut, so that "strike" matches "strikes"."""

_MIN_STEM_WORD_LETTERS = 4
"""Letters of the shortest word that is compared; shorter ones occur in every line."""

Shingle = tuple[str, ...]
"""Consecutive words, `_SHINGLE_WORDS` or fewer."""


@dataclass(frozen=True)
class Line:
    """One incoming paragraph and what is counted of it."""

    place: int
    """Index among the incoming paragraphs, from 0."""

    text: str
    """The paragraph, code point for code point."""

    tokens: tuple[str, ...] = field(init=False, compare=False, repr=False)
    """Words, numbers and significant symbols (`: © @ $ € £ | / (`), in NFKC."""

    words: tuple[str, ...] = field(init=False, compare=False, repr=False)
    """The words alone, case folded: two lines of equal words are duplicates.

    Of a script without spaces each letter, since its words are not known.
    """

    size: int = field(init=False, compare=False, repr=False)
    """Number of words; two characters of an unspaced script count as one."""

    ends_sentence: bool = field(init=False, compare=False, repr=False)
    """Whether it ends as a sentence does, ignoring closing quotes and brackets."""

    def __post_init__(self) -> None:
        """Compute the fields that every line is asked for.

        Not cached properties, which cost a short line more than the counting does; and
        through `__dict__`, because a frozen line's fields cannot be assigned.
        """
        text = self.text
        tokens = tokenize(text)
        words = tuple([t.casefold() for t in tokens if t not in _SYMBOLS])
        unspaced = 0 if text.isascii() else len(_UNSPACED.findall(text)) // 2
        self.__dict__.update(
            tokens=tokens,
            words=tuple(split_words(words)) if unspaced else words,
            size=len(words) + unspaced,
            ends_sentence=text.rstrip(_CLOSERS).endswith(_END_MARKS),
        )

    @cached_property
    def shingles(self) -> tuple[Shingle, ...]:
        """Every four consecutive words, or all of fewer words."""
        words = self.words
        if len(words) <= _SHINGLE_WORDS:
            return (words,)
        return tuple(
            zip(*(words[start:] for start in range(_SHINGLE_WORDS)), strict=False)
        )

    @cached_property
    def shingle_set(self) -> frozenset[Shingle]:
        """The distinct shingles."""
        return frozenset(self.shingles)

    @cached_property
    def stems(self) -> AbstractSet[str]:
        """The significant words, cut to five letters so that inflections match."""
        # In the order of the line: the order of a set of texts differs in each run of
        # the program, and floating-point sums over it would too.
        return dict.fromkeys(
            [stem for stem, word in self.all_stems if word not in STOP_WORDS]
        ).keys()

    @cached_property
    def all_stems(self) -> tuple[tuple[str, str], ...]:
        """The stems with their words; stop words are among them.

        Of a script without spaces each two letters are a stem.
        """
        words = self.words
        stems = [
            (word[:_STEM_LETTERS], word)
            for word in words
            if len(word) >= _MIN_STEM_WORD_LETTERS
        ]
        if len(words) > self.size:
            stems += [
                (first + second, first + second)
                for first, second in pairwise(words)
                if _UNSPACED.match(first) and _UNSPACED.match(second)
            ]
        return tuple(stems)

    @cached_property
    def lowered(self) -> str:
        """The paragraph in lower case."""
        return self.text.lower()

    @cached_property
    def joins_statements(self) -> bool:
        """Whether a colon joins two statements in it, as in no label or prompt."""
        before, colon, after = self.text.partition(": ")
        return (
            self.ends_sentence
            and bool(colon)
            and min(before.count(" "), after.count(" ")) >= _SHINGLE_WORDS - 1
        )

    @property
    def may_match_patterns(self) -> bool:
        """Whether it is short enough for regular expressions, which may be slow."""
        return len(self.text) <= MAX_PATTERN_CHARACTERS

    @cached_property
    def is_list_item(self) -> bool:
        """Whether it starts with a dash, a bullet or a number."""
        return _ITEM.match(self.text) is not None


def split_words(tokens: Iterable[str]) -> Iterator[str]:
    """Split tokens of scripts without spaces into letters; yield others unchanged."""
    return chain.from_iterable(map(_WORD.findall, tokens))


def tokenize(text: str) -> tuple[str, ...]:
    """Split text into words, numbers and symbols, in NFKC, apostrophes straight."""
    plain = unicodedata.normalize("NFKC", text).replace("’", "'")
    return tuple(_TOKEN.findall(plain))
