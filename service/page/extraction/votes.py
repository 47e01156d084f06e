"""Find the blocks of a page that an extracted text contains: `vote`."""

import re
from collections.abc import Iterable, Iterator, Sequence

from service.page.blocks import Block

_MIN_SHARED_RATIO = 0.7
"""Share of a block's shingles in the text from which it is voted for."""

_SHINGLE_WORDS = 4
_WORD = re.compile(r"\w+")

Shingle = tuple[str, ...]


def vote(blocks: Sequence[Block], text: Iterable[str]) -> list[bool]:
    """Return whether the paragraphs of a text include each block."""
    lines: set[Shingle] = set()
    shingles: set[Shingle] = set()
    for paragraph in text:
        words = tuple(_WORD.findall(paragraph.lower()))
        lines.add(words)
        shingles.update(_shingles(words))
    return [
        bool(words)
        and (
            words in lines
            or (
                len(words) >= _SHINGLE_WORDS
                and _shared_ratio(words, shingles) >= _MIN_SHARED_RATIO
            )
        )
        for words in (block.words for block in blocks)
    ]


def _shingles(words: Shingle) -> Iterator[Shingle]:
    for start in range(max(1, len(words) - _SHINGLE_WORDS + 1)):
        yield words[start : start + _SHINGLE_WORDS]


def _shared_ratio(words: Shingle, shingles: set[Shingle]) -> float:
    own = list(_shingles(words))
    return sum(shingle in shingles for shingle in own) / len(own)
