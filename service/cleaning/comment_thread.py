"""Find readers' comments below an article: `find_comment_thread`.

Each comment has a header with a name and a time.  The posts of a live blog have one
too; so comments are found only below a line that announces them, or between buttons.
"""

import re
from collections.abc import Sequence
from itertools import accumulate, pairwise

from service.cleaning.lines import Line
from service.cleaning.prose_score import MIN_PARAGRAPH_WORDS, is_prose

_MIN_HEADERS = 3
"""Comments from which they are a thread."""

_MIN_ARTICLE_PARAGRAPHS = 2
"""Paragraphs above the comments: without an article there are none."""

_MAX_HEADER_WORDS, _MAX_HEADER_CHARACTERS = 16, 300
_MAX_HEADING_WORDS = 10
_MAX_HEADING_DISTANCE_LINES = 12
"""Lines above the first comment that are searched for the heading of all."""

_MAX_COMMENT_WORDS = 500
"""Words of prose between two headers, above which an article is between them."""

_HEADER = re.compile(
    r"(?:\b(?:\d+|an?) ?(?:[smhdwy]|mo|sec|min|second|minute|hour|day|week|month"
    r"|year)s? ago\b|\bon .*\b\d{1,2}:\d\d\b.*\b(?:said|says|wrote)\b:?$|\bsays:$"
    r"|^(?:\w+ ){1,4}on \w+ \d{1,2}, \d{4})"
)
_HEADER_WITH_BUTTON = re.compile(r"\b\d{4}\b.*\d:\d\d\b.*\breply$")
"""A header of which the button is a part: "Ada | 4 March 2031 at 9:15 am | Reply"."""

_HEADING = re.compile(r"\b(?:comments?|responses|replies)\b")
_BUTTON = re.compile(r"(?:like|reply|report|share|flag|[\s·•|,()\d])+")


def find_comment_thread(lines: Sequence[Line]) -> range:
    """Return the indices from the heading of a thread to the end of the page."""
    headers = [
        index
        for index, line in enumerate(lines)
        if 1 < line.size <= _MAX_HEADER_WORDS
        and line.may_match_patterns
        and len(line.text) <= _MAX_HEADER_CHARACTERS
        and (_HEADER.search(line.lowered) or _HEADER_WITH_BUTTON.search(line.lowered))
    ]
    headers = headers[_count_before_article(lines, headers) :]
    if len(headers) < _MIN_HEADERS:
        return range(0)
    # Counted once: a page may have thousands of comments.
    buttons_above = [0, *accumulate(map(_is_button, lines))]
    paragraphs_above = [0, *accumulate(map(_is_paragraph, lines))]
    for position, first in enumerate(headers[: 1 - _MIN_HEADERS]):
        start = _find_heading(lines, first)
        buttons = buttons_above[-1] - buttons_above[first]
        if start is None and buttons >= len(headers) - position:
            start = first
        if start is not None and paragraphs_above[start] >= _MIN_ARTICLE_PARAGRAPHS:
            return range(start, len(lines))
    return range(0)


def _count_before_article(lines: Sequence[Line], headers: Sequence[int]) -> int:
    """Count the headers that have a long text between them and the next."""
    count = 0
    for position, (start, stop) in enumerate(pairwise(headers)):
        words = sum(line.size for line in lines[start + 1 : stop] if is_prose(line))
        if words > _MAX_COMMENT_WORDS:
            count = position + 1
    return count


def _find_heading(lines: Sequence[Line], first: int) -> int | None:
    for index in range(first - 1, max(-1, first - 1 - _MAX_HEADING_DISTANCE_LINES), -1):
        line = lines[index]
        if line.size <= _MAX_HEADING_WORDS and _HEADING.search(line.lowered):
            return index
    return None


def _is_button(line: Line) -> bool:
    return (
        line.may_match_patterns
        and "reply" in line.lowered
        and (
            _BUTTON.fullmatch(line.lowered) is not None
            or _HEADER_WITH_BUTTON.search(line.lowered) is not None
        )
    )


def _is_paragraph(line: Line) -> bool:
    return line.ends_sentence and line.size >= MIN_PARAGRAPH_WORDS
