"""Score how much a line looks like part of an article."""

from collections.abc import Sequence

from service.cleaning.lines import Line

MIN_PARAGRAPH_WORDS = 12
"""Words from which a line that ends as a sentence is taken for a paragraph.

Shorter ones are as frequent in menus and boxes as in articles.
"""

MIN_UNENDED_PROSE_WORDS = 30
"""Words from which a line is prose however it ends: no menu entry is that long, but
several may be joined in one line."""

_MIN_LABELS_RATIO = 0.85
"""Share of capitalised words from which so long a line is joined labels of a menu, or
joined headlines.  Credits and specifications that articles end with have .8 at most."""

_MAX_PROSE_WORDS = 100
"""Largest value of one line, in words, so that one giant line decides nothing."""


def prose_value(line: Line) -> int:
    """Return the words that the line adds to a body; 0 if it is not prose."""
    if line.ends_sentence:
        is_paragraph = line.size >= MIN_PARAGRAPH_WORDS
        return min(line.size, _MAX_PROSE_WORDS) if is_paragraph else line.size // 3
    if _introduces(line) or _is_long(line):
        return min(line.size // 2, _MAX_PROSE_WORDS)
    return 0


def is_prose(line: Line) -> bool:
    """Whether the line is a paragraph or a short sentence, not a label."""
    return line.ends_sentence or _introduces(line) or _is_long(line)


def _is_long(line: Line) -> bool:
    """Whether it is too long for a menu entry, and is not many of them joined."""
    if line.size < MIN_UNENDED_PROSE_WORDS:
        return False
    initials = [token[0] for token in line.tokens if token[0].isalpha()]
    capitals = sum(map(str.isupper, initials))
    return line.text.isupper() or capitals < _MIN_LABELS_RATIO * len(initials)


def is_between_prose(lines: Sequence[Line], index: int) -> bool:
    """Whether the lines above and below are prose, as those of a subhead are."""
    return (
        0 < index < len(lines) - 1
        and is_prose(lines[index - 1])
        and is_prose(lines[index + 1])
    )


def _introduces(line: Line) -> bool:
    """Whether it is a sentence that introduces a list or a quotation below it."""
    return line.size >= MIN_PARAGRAPH_WORDS and line.text.endswith(":")
