"""Align the words of an announcement with what is said, for it has no spans."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

_WORD = re.compile(r"\S+")
_MARKS = re.compile(r"[^\w]+")


def align_words(text: str, spoken: Sequence[str]) -> list[tuple[int, int]]:
    """Return the range of `text` that each spoken text comes from, in order.

    Words that are said as written are their own; those between them ("5 March", "the
    fifth of March") are one range, which is returned for each.
    """
    written = [match.span() for match in _WORD.finditer(text)]
    ranges = [(0, 0)] * len(spoken)
    words = [_plain(text[start:end]) for start, end in written]
    for a, b, c, d in _pairs(words, [_plain(said) for said in spoken]):
        if a < b:
            between = written[a][0], written[b - 1][1]
            ranges[c:d] = [between] * (d - c)
    return ranges


def _pairs(
    written: Sequence[str], spoken: Sequence[str]
) -> Iterator[tuple[int, int, int, int]]:
    """Yield ranges of both that belong together, as in `get_opcodes`."""
    matcher = SequenceMatcher(None, written, spoken, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            yield from (
                (a + index, a + index + 1, c + index, c + index + 1)
                for index in range(b - a)
            )
        else:
            yield a, b, c, d


def _plain(word: str) -> str:
    return _MARKS.sub("", word).lower()
