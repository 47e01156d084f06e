"""Join the lines of hard-wrapped paragraphs: `join_wrapped_lines`.

Wire copy and mail break lines at a fixed width, with blank lines between paragraphs.
Such a line ends where the next word would not have fitted; lines of verse, of lists and
of addresses end anywhere.

    lines ──► widest line ──► breaks before a word that did not fit ──► paragraphs
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

_WIDTHS = range(40, 106)
"""Characters of the widest line of a wrapped text."""

_MAX_WIDER_RATIO = 0.02
"""Share of lines that may be wider: an address cannot be broken."""

_MIN_LINE_RATIO = 0.6
"""Width, as a share of the widest line, from which a break is evidence: a paragraph of
another kind, such as an address, is narrower."""

_MIN_WRAPPED_RATIO = 0.6
"""Share of those breaks at which the next word did not fit, in a wrapped text."""

_MIN_BLOCK_RATIO = 0.5
"""The same of all breaks of a block, below which it is verse, a list or an address."""

_MIN_LOWER_CASE_RATIO = 0.4
"""Share of wrapped lines that continue in lower case: lines of verse and headlines
begin with a capital."""

_MAX_PUNCTUATED_RATIO = 0.45
"""Share of wrapped lines that may end with a punctuation mark: in prose one in seven
words has one, in verse most lines."""

_MIN_BREAKS = 3
"""Breaks from which the shares count; of fewer, each must be in mid-sentence."""

_MIN_CERTAIN_BREAKS, _MIN_CERTAIN_RATIO = 6, 0.9
"""Breaks, and the share of wrapped ones, that chance does not explain."""

_MIN_CERTAIN_LOWER_CASE_RATIO, _MAX_CERTAIN_PUNCTUATED_RATIO = 0.15, 0.75
"""The limits above for such a text: it may have many names or short sentences."""

_PUNCTUATION = re.compile(r"[.,;:!?…][\"'”’»)\]]*$")
_LIST_MARKER = re.compile(r"(?:[-–—*•·‣◦▪+]|\(?\d{1,3}[.)]|\(?[A-Za-z][.)])\s")
_INTRODUCES_LIST = re.compile(r":\s*$")
_QUOTED = re.compile(r"\s*(?:>|\|\s)")
_TABLE = re.compile(r"\S(?:\t|\s{3})\s*\S|\|.*\||\.{4}\s*\w")
"""Columns: tabs or spaces between words, bars, leaders."""

_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff]")
"""Scripts without spaces between words."""

_LETTERS = re.compile(r"[^\W\d_]+")
_COMPOUND = re.compile(r"[^\W\d_]+-[^\W\d_]+")
_HYPHEN_AT_END = re.compile(r"([^\W\d_]*)(?<![\s-])-+$")
_CONJUNCTIONS = frozenset(
    {"and", "or", "to", "und", "oder", "bis", "et", "ou", "y", "o"}
)
"""Words before which a hyphen replaces the rest of a word: "pre- and post-war"."""

_TAB_SIZE = 8


@dataclass(frozen=True)
class _TextLine:
    """A line as it was sent, without white space at its end."""

    raw: str

    @cached_property
    def text(self) -> str:
        return self.raw.strip()

    @cached_property
    def width(self) -> int:
        return len(self.raw.expandtabs(_TAB_SIZE))

    @cached_property
    def indent(self) -> int:
        return self.width - len(self.raw.lstrip().expandtabs(_TAB_SIZE))

    @cached_property
    def first_word(self) -> str:
        return self.text.split(maxsplit=1)[0]

    @cached_property
    def is_flowing(self) -> bool:
        """Whether it may be a line of a paragraph: not quoted, not a row."""
        return not _QUOTED.match(self.raw) and not _TABLE.search(self.text)

    @property
    def is_item(self) -> bool:
        return _LIST_MARKER.match(self.text) is not None

    @property
    def is_punctuated(self) -> bool:
        return _PUNCTUATION.search(self.text) is not None

    def is_followed_by_wrap(self, below: "_TextLine", width: int) -> bool:
        """Whether the first word of the next line did not fit within `width`."""
        return (
            self.is_flowing
            and below.is_flowing
            and not _UNSPACED.match(self.text[-1])
            and self.width <= width < self.width + 1 + len(below.first_word)
        )


_Block = Sequence[_TextLine]


def join_wrapped_lines(lines: Iterable[str]) -> list[str]:
    """Return the paragraphs of a text, without white space at their ends.

    A line is a paragraph, unless the text is hard-wrapped: then the lines of each
    paragraph are joined.  Verse, lists, tables, addresses and quoted mail are not.
    """
    given = [line.rstrip() for line in lines]
    stripped = [line.strip() for line in given if line]
    if _are_too_wide(stripped):
        return stripped
    blocks = list(_split_blocks(given))
    width = _wrap_width(blocks)
    if width is None:
        return stripped
    words = _words_of(blocks)
    return [
        _join(paragraph, words)
        for block in blocks
        for paragraph in _paragraphs(block, width)
    ]


def _are_too_wide(lines: Sequence[str]) -> bool:
    """Whether too many lines are wider than any wrapped text."""
    wide = sum(len(line) > _WIDTHS[-1] and " " in line for line in lines)
    return wide > _max_wider_lines(lines)


def _max_wider_lines(lines: Sequence[object]) -> int:
    return 1 + int(_MAX_WIDER_RATIO * len(lines))


def _split_blocks(lines: Iterable[str]) -> Iterator[_Block]:
    """Yield the lines between blank lines."""
    block: list[_TextLine] = []
    for line in lines:
        if line:
            block.append(_TextLine(line))
        elif block:
            yield block
            block = []
    if block:
        yield block


def _wrap_width(blocks: Sequence[_Block]) -> int | None:
    """Return the width of the widest wrapped line; None if the text is not wrapped."""
    pairs = [pair for block in blocks for pair in pairwise(block)]
    lines = [line for block in blocks for line in block]
    widths = sorted(
        (line.width for line in lines if line.is_flowing and " " in line.text),
        reverse=True,
    )
    for width in dict.fromkeys(widths[: _max_wider_lines(lines) + 1]):
        if width in _WIDTHS and _is_wrapped(pairs, width):
            return width
    return None


def _is_wrapped(pairs: Sequence[tuple[_TextLine, _TextLine]], width: int) -> bool:
    wide = [
        (line, below)
        for line, below in pairs
        if line.is_flowing
        and _MIN_LINE_RATIO * width <= line.width
        and not below.is_item
    ]
    wrapped = [
        (line, below) for line, below in wide if line.is_followed_by_wrap(below, width)
    ]
    if not wrapped:
        return False
    punctuated = sum(line.is_punctuated for line, _ in wrapped) / len(wrapped)
    lower_case = _lower_case_ratio([below for _, below in wrapped])
    ratio = len(wrapped) / len(wide)
    if len(wrapped) < _MIN_BREAKS:
        return ratio == 1 and lower_case == 1 and punctuated == 0
    if len(wrapped) >= _MIN_CERTAIN_BREAKS and ratio >= _MIN_CERTAIN_RATIO:
        return (
            lower_case >= _MIN_CERTAIN_LOWER_CASE_RATIO
            and punctuated <= _MAX_CERTAIN_PUNCTUATED_RATIO
        )
    return (
        ratio >= _MIN_WRAPPED_RATIO
        and lower_case >= _MIN_LOWER_CASE_RATIO
        and punctuated <= _MAX_PUNCTUATED_RATIO
    )


def _lower_case_ratio(lines: Sequence[_TextLine]) -> float:
    """Return the share of lines that begin in lower case, of those with a case.

    It is 1 for a script without case and for a text in capitals.
    """
    letters = "".join(line.text for line in lines)
    if sum(map(str.islower, letters)) <= sum(map(str.isupper, letters)):
        return 1.0
    first = [letter[0] for line in lines if (letter := _LETTERS.match(line.text))]
    cased = [letter for letter in first if letter.lower() != letter.upper()]
    return sum(map(str.islower, cased)) / len(cased) if cased else 0.0


def _paragraphs(block: _Block, width: int) -> Iterator[list[_TextLine]]:
    """Yield the lines of each paragraph of a block in a wrapped text."""
    wraps = [line.is_followed_by_wrap(below, width) for line, below in pairwise(block)]
    others = [line for line, wrap in zip(block, wraps, strict=False) if not wrap]
    is_prose = sum(wraps) >= _MIN_BLOCK_RATIO * len(wraps) or all(
        line.is_punctuated for line in others
    )
    paragraph = [block[0]]
    in_list = block[0].is_item
    for (line, below), wrap in zip(pairwise(block), wraps, strict=True):
        begins_list = not wrap or _INTRODUCES_LIST.search(line.text) is not None
        in_list = in_list or (below.is_item and begins_list)
        is_next_item = in_list and below.is_item
        is_indented = below.indent > line.indent and not line.is_item
        if wrap and (is_prose or in_list) and not is_next_item and not is_indented:
            paragraph.append(below)
        else:
            yield paragraph
            paragraph = [below]
    yield paragraph


def _words_of(blocks: Sequence[_Block]) -> frozenset[str]:
    """Return the words of a text, those with a hyphen as a whole and in their parts."""
    return frozenset(
        word.casefold()
        for block in blocks
        for line in block
        for pattern in (_LETTERS, _COMPOUND)
        for word in pattern.findall(line.text)
    )


def _join(lines: Sequence[_TextLine], words: frozenset[str]) -> str:
    pieces = [
        _with_separator(line.text, below, words) for line, below in pairwise(lines)
    ]
    return "".join(pieces) + lines[-1].text


def _with_separator(text: str, below: _TextLine, words: frozenset[str]) -> str:
    """Return a line with what separates it from the next one.

    That is a space, or nothing after a hyphen.  A hyphen that divides a word is
    dropped, if the text has the word elsewhere and never with the hyphen.
    """
    if text.endswith("\u00ad"):
        return text[:-1]
    hyphenated = _HYPHEN_AT_END.search(text)
    if hyphenated is None or below.first_word.lower() in _CONJUNCTIONS:
        return f"{text} "
    start, rest = hyphenated[1].casefold(), _LETTERS.match(below.text)
    end = rest[0].casefold() if rest else ""
    is_divided = start + end in words and f"{start}-{end}" not in words
    return text[:-1] if is_divided else text
