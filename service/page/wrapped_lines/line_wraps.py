"""Find out whether and how the lines of a text are wrapped: `find_wrap`.

A wrapped line ends where the next word would not have fitted; lines of verse, of lists
and of addresses end anywhere.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

_WIDTHS = range(40, 106)
"""Characters of the widest line of a wrapped text."""

_GREEDY_SLACK = 1
"""Characters, for a program that counts the space at a line's end."""

_EVEN_SLACK, _EVEN_WIDTHS = 8, range(55, 106)
"""The same for a program that evens out the lines, as fmt does, and its widths: verse,
whose lines are as even, is narrower."""

_MAX_WIDER_RATIO = 0.02
"""Share of lines that may be wider: an address cannot be broken."""

_MIN_LINE_RATIO = 0.6
"""Width, as a share of the widest line, from which a break is evidence: a paragraph of
another kind, such as an address, is narrower."""

_MIN_WRAPPED_RATIO = 0.6
"""Share of those breaks at which the next word did not fit, in a wrapped text."""

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
_QUOTED = re.compile(r"\s*(?:>|\|\s)")
_TABLE = re.compile(r"\S(?:\t|\s{3})\s*\S|\|.*\||\.{4}\s*\w")
"""Columns: tabs or spaces between words, bars, leaders."""

_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff]")
"""Scripts without spaces between words."""

_LETTERS = re.compile(r"[^\W\d_]+")
_TAB_SIZE = 8


@dataclass(frozen=True)
class TextLine:
    """A line as it was sent, without white space at its end."""

    raw: str

    @cached_property
    def text(self) -> str:
        """The line without white space at its ends."""
        return self.raw.strip()

    @cached_property
    def width(self) -> int:
        """Its columns, with its indentation."""
        return len(self.raw.expandtabs(_TAB_SIZE))

    @cached_property
    def indent(self) -> int:
        """Columns of white space at its beginning."""
        return self.width - len(self.raw.lstrip().expandtabs(_TAB_SIZE))

    @cached_property
    def first_word(self) -> str:
        """Its characters up to the first space."""
        return self.text.split(maxsplit=1)[0]

    @cached_property
    def is_flowing(self) -> bool:
        """Whether it may be a line of a paragraph: not quoted, not a row."""
        return not _QUOTED.match(self.raw) and not _TABLE.search(self.text)

    @property
    def is_item(self) -> bool:
        """Whether it begins with a bullet, a dash or a number."""
        return _LIST_MARKER.match(self.text) is not None

    @property
    def is_punctuated(self) -> bool:
        """Whether it ends with a punctuation mark."""
        return _PUNCTUATION.search(self.text) is not None


LineBlock = Sequence[TextLine]
"""The lines between two blank lines."""


class LineWrap(NamedTuple):
    """How the lines of a text are wrapped."""

    width: int
    """Characters of the widest line."""

    slack: int
    """Characters that a line may be shorter than needed."""

    def is_joint(self, line: TextLine, below: TextLine) -> bool:
        """Whether a line of a wrapped text continues in the next one."""
        is_in_sentence = not line.is_punctuated and below.text[0].islower()
        slack = _EVEN_SLACK if is_in_sentence else self.slack
        # A few lines may be a little wider, if the width is that of most lines.
        width = min(max(self.width, line.width), self.width + _EVEN_SLACK)
        return LineWrap(width, slack + width - self.width).is_between(line, below)

    def is_between(self, line: TextLine, below: TextLine) -> bool:
        """Whether a line ends because the next word did not fit."""
        needed = line.width + 1 + len(below.first_word) + self.slack
        return (
            line.is_flowing
            and below.is_flowing
            and not _UNSPACED.match(line.text[-1])
            and line.width <= self.width < needed
        )


def are_too_wide(lines: Sequence[str]) -> bool:
    """Whether too many lines are wider than any wrapped text."""
    wide = sum(len(line) > _WIDTHS[-1] and " " in line for line in lines)
    return wide > _max_wider_lines(lines)


def _max_wider_lines(lines: Sequence[object]) -> int:
    return 1 + int(_MAX_WIDER_RATIO * len(lines))


def find_wrap(blocks: Sequence[LineBlock]) -> LineWrap | None:
    """Return how a text is wrapped; None if it is not."""
    pairs = [pair for block in blocks for pair in pairwise(block)]
    lines = [line for block in blocks for line in block]
    widths = sorted(
        (line.width for line in lines if line.is_flowing and " " in line.text),
        reverse=True,
    )
    widest = dict.fromkeys(widths[: _max_wider_lines(lines) + 1])
    greedy = [LineWrap(width, _GREEDY_SLACK) for width in widest if width in _WIDTHS]
    even = [LineWrap(width, _EVEN_SLACK) for width in widest if width in _EVEN_WIDTHS]
    for wraps, is_accepted in (
        (greedy, _Evidence.is_certain),
        (even, lambda found: found.is_certain() and found.is_probable()),
        (greedy, _Evidence.is_probable),
    ):
        for wrap in wraps:
            if is_accepted(_weigh(pairs, wrap)):
                return wrap
    return None


class _Evidence(NamedTuple):
    """What the breaks of a text say for a wrap."""

    breaks: int
    """Breaks at which the next word did not fit."""

    ratio: float
    """Their share of all breaks after wide lines."""

    lower_case: float
    """Share of the breaks before lower case."""

    punctuated: float
    """Share of the breaks after a punctuation mark."""

    def is_certain(self) -> bool:
        return (
            self.breaks >= _MIN_CERTAIN_BREAKS
            and self.ratio >= _MIN_CERTAIN_RATIO
            and self.lower_case >= _MIN_CERTAIN_LOWER_CASE_RATIO
            and self.punctuated <= _MAX_CERTAIN_PUNCTUATED_RATIO
        )

    def is_probable(self) -> bool:
        if 0 < self.breaks < _MIN_BREAKS:
            return self.ratio == self.lower_case == 1 and self.punctuated == 0
        return (
            self.ratio >= _MIN_WRAPPED_RATIO
            and self.lower_case >= _MIN_LOWER_CASE_RATIO
            and self.punctuated <= _MAX_PUNCTUATED_RATIO
        )


def _weigh(pairs: Sequence[tuple[TextLine, TextLine]], wrap: LineWrap) -> _Evidence:
    wide = [
        (line, below)
        for line, below in pairs
        if line.is_flowing
        and _MIN_LINE_RATIO * wrap.width <= line.width
        and not below.is_item
    ]
    wrapped = [(line, below) for line, below in wide if wrap.is_between(line, below)]
    if not wrapped:
        return _Evidence(0, 0, 0, 0)
    return _Evidence(
        breaks=len(wrapped),
        ratio=len(wrapped) / len(wide),
        lower_case=_lower_case_ratio([below for _, below in wrapped]),
        punctuated=sum(line.is_punctuated for line, _ in wrapped) / len(wrapped),
    )


def _lower_case_ratio(lines: Sequence[TextLine]) -> float:
    """Return the share of lines that begin in lower case, of those with a case.

    It is 1 for a script without case and for a text in capitals.
    """
    letters = "".join(line.text for line in lines)
    if sum(map(str.islower, letters)) <= sum(map(str.isupper, letters)):
        return 1.0
    first = [letter[0] for line in lines if (letter := _LETTERS.match(line.text))]
    cased = [letter for letter in first if letter.lower() != letter.upper()]
    return sum(map(str.islower, cased)) / len(cased) if cased else 0.0
