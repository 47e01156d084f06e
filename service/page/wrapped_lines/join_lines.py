"""Join the lines of hard-wrapped paragraphs: `join_wrapped_lines`.

Wire copy and mail break lines at a fixed width, with blank lines between paragraphs.

    lines ──► blocks between blank lines ──► find_wrap ──► paragraphs of each block
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from service.page.wrapped_lines.line_wraps import (
    LineBlock,
    LineWrap,
    TextLine,
    are_too_wide,
    find_wrap,
)

_MIN_BLOCK_RATIO = 0.5
"""The same of all breaks of a block, below which it is verse, a list or an address."""

_INTRODUCES_LIST = re.compile(r":\s*$")
_LETTERS = re.compile(r"[^\W\d_]+")
_COMPOUND = re.compile(r"(?<![^\W\d_])[^\W\d_]++-[^\W\d_]+")
_HYPHEN_AT_END = re.compile(r"([^\W\d_]*)(?<![\s-])-+$")
_MAX_WORD_LETTERS = 100
"""Letters at the end of a line that are searched for a divided word."""

_CONJUNCTIONS = frozenset(
    {"and", "or", "to", "und", "oder", "bis", "et", "ou", "y", "o"}
)
"""Words before which a hyphen replaces the rest of a word: "pre- and post-war"."""


def join_wrapped_lines(lines: Iterable[str]) -> list[str]:
    """Return the paragraphs of a text, without white space at their ends.

    A line is a paragraph, unless the text is hard-wrapped: then the lines of each
    paragraph are joined.  Verse, lists, tables, addresses and quoted mail are not.
    """
    given = [line.rstrip() for line in lines]
    stripped = [line.strip() for line in given if line]
    if are_too_wide(stripped):
        return stripped
    blocks = list(_split_blocks(given))
    wrap = find_wrap(blocks)
    if wrap is None:
        return stripped
    words = _words_of(blocks)
    return [
        _join(paragraph, words)
        for block in blocks
        for paragraph in _paragraphs(block, wrap)
    ]


def _split_blocks(lines: Iterable[str]) -> Iterator[LineBlock]:
    """Yield the lines between blank lines."""
    block: list[TextLine] = []
    for line in lines:
        if line:
            block.append(TextLine(line))
        elif block:
            yield block
            block = []
    if block:
        yield block


def _paragraphs(block: LineBlock, wrap: LineWrap) -> Iterator[list[TextLine]]:
    """Yield the lines of each paragraph of a block in a wrapped text."""
    wraps = [wrap.is_joint(line, below) for line, below in pairwise(block)]
    others = [line for line, is_wrap in zip(block, wraps, strict=False) if not is_wrap]
    is_prose = sum(wraps) >= _MIN_BLOCK_RATIO * len(wraps) or all(
        line.is_punctuated for line in others
    )
    paragraph = [block[0]]
    in_list = block[0].is_item
    for (line, below), is_wrap in zip(pairwise(block), wraps, strict=True):
        begins_list = not is_wrap or _INTRODUCES_LIST.search(line.text) is not None
        in_list = in_list or (below.is_item and begins_list)
        is_next_item = in_list and below.is_item
        is_indented = below.indent > line.indent and not line.is_item
        if is_wrap and (is_prose or in_list) and not is_next_item and not is_indented:
            paragraph.append(below)
        else:
            yield paragraph
            paragraph = [below]
    yield paragraph


def _words_of(blocks: Sequence[LineBlock]) -> frozenset[str]:
    """Return the words of a text, those with a hyphen as a whole and in their parts."""
    return frozenset(
        word.casefold()
        for block in blocks
        for line in block
        for pattern in (_LETTERS, _COMPOUND)
        for word in pattern.findall(line.text)
    )


def _join(lines: Sequence[TextLine], words: frozenset[str]) -> str:
    pieces = [
        _with_separator(line.text, below, words) for line, below in pairwise(lines)
    ]
    return "".join(pieces) + lines[-1].text


def _with_separator(text: str, below: TextLine, words: frozenset[str]) -> str:
    """Return a line with what separates it from the next one.

    That is a space, or nothing after a hyphen.  A hyphen that divides a word is
    dropped, if the text has the word elsewhere and never with the hyphen.
    """
    if text.endswith("\u00ad"):
        return text[:-1]
    hyphenated = _HYPHEN_AT_END.search(text, max(0, len(text) - _MAX_WORD_LETTERS))
    if hyphenated is None or below.first_word.lower() in _CONJUNCTIONS:
        return f"{text} "
    start, rest = hyphenated[1].casefold(), _LETTERS.match(below.text)
    end = rest[0].casefold() if rest else ""
    is_divided = start + end in words and f"{start}-{end}" not in words
    return text[:-1] if is_divided else text
