"""Find the boilerplate of a page, line by line: `find_boilerplate`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from service.cleaning.comment_thread import find_comment_thread
from service.cleaning.duplicates.resemblance import is_edited_title
from service.cleaning.lines import Line
from service.cleaning.markers import MarkerRule, Markers
from service.cleaning.prose_score import is_between_prose, is_prose

TITLE_REPEATED = MarkerRule("title-repeated")
NO_WORDS = MarkerRule("no-words")
_COMMENTS = MarkerRule("comments", closes=True)
_MENU = "menu"

_COMMENT_HEADER = re.compile(r"(?:\S+ ){1,5}(?:commented|says|wrote):")
"""A line that names the author of the comment below it, as common comment forms do."""

_MIN_COMMENT_HEADERS = 3
"""Different headers from which a page has comments: an article may have two."""

_LISTED_HEADLINE_WORDS = range(4, 30)
"""Words of a headline in a list of other stories."""

_MAX_SUBHEAD_WORDS = 2
"""Words of a menu that are a subhead as well, such as "Jobs"."""

_BOXES = frozenset({"app", "audio-notice", "consent", "newsletter", "paywall"})
"""Kinds of boilerplate that consist of several lines."""

_MAX_BOX_LINE_WORDS = 20

_MAX_LIST_LINES = 8
"""Lines of the longest list that is attributed to the heading above it."""


@dataclass(frozen=True, slots=True)
class Boilerplate:
    """The lines of a page that are known to be boilerplate."""

    rules: dict[int, MarkerRule]
    """Rule by index among the page's lines."""

    @property
    def closing(self) -> set[int]:
        """Indices of lines after which an article seldom continues."""
        return {index for index, rule in self.rules.items() if rule.closes}

    @property
    def furniture(self) -> dict[int, MarkerRule]:
        """The rules that phrases matched: what a site puts on its pages."""
        return {
            index: rule
            for index, rule in self.rules.items()
            if rule not in (TITLE_REPEATED, NO_WORDS)
        }


def find_boilerplate(
    lines: Sequence[Line], markers: Markers, language: str, title: str | None
) -> Boilerplate:
    """Find the lines that are boilerplate wherever they occur.

    A weak rule (`near`), or a headline in a list, counts only next to a line that is
    boilerplate by itself: when that line is cut, its neighbours are cut with it.
    """
    strong: dict[int, MarkerRule] = {}
    weak: dict[int, MarkerRule] = {}
    headline = Line(-1, title) if title else None
    for index, line in enumerate(lines):
        rule = _find_rule(line, markers, language, headline)
        if rule is not None:
            (weak if rule.near else strong)[index] = rule
    _drop_subheads(lines, strong)
    _add_comment_headers(lines, strong)
    strong |= dict.fromkeys(find_comment_thread(lines), _COMMENTS)
    _add_listed_headlines(lines, strong)
    _add_neighbours(range(len(lines)), weak, strong)
    _add_neighbours(range(len(lines) - 1, -1, -1), weak, strong)
    _add_box_lines(lines, strong)
    return Boilerplate(strong)


def _find_rule(
    line: Line, markers: Markers, language: str, headline: Line | None
) -> MarkerRule | None:
    if not line.words:
        return NO_WORDS
    if headline is not None and (
        line.words == headline.words or is_edited_title(line, headline)
    ):
        return TITLE_REPEATED
    return markers.find_rule(line, language)


def _drop_subheads(lines: Sequence[Line], strong: dict[int, MarkerRule]) -> None:
    """Drop the word of a menu that is alone between two paragraphs: a subhead."""
    words = [
        index
        for index, rule in strong.items()
        if rule.name == _MENU and lines[index].size <= _MAX_SUBHEAD_WORDS
    ]
    for index in words:
        if is_between_prose(lines, index) and strong.keys().isdisjoint(
            {index - 1, index + 1}
        ):
            del strong[index]


def _add_comment_headers(lines: Sequence[Line], strong: dict[int, MarkerRule]) -> None:
    headers = {
        index: line.words
        for index, line in enumerate(lines)
        if line.text.endswith(":") and _COMMENT_HEADER.fullmatch(line.text)
    }
    if len(set(headers.values())) >= _MIN_COMMENT_HEADERS:
        strong |= dict.fromkeys(headers, _COMMENTS)


def _add_listed_headlines(lines: Sequence[Line], strong: dict[int, MarkerRule]) -> None:
    headings = [index for index, rule in strong.items() if rule.heads]
    for index in headings:
        for below in range(index + 1, min(index + 1 + _MAX_LIST_LINES, len(lines))):
            line = lines[below]
            if below in strong and not strong[below].heads:
                continue
            if below in strong or not _may_be_listed(line):
                break
            strong[below] = strong[index]


def _add_box_lines(lines: Sequence[Line], strong: dict[int, MarkerRule]) -> None:
    """Add single short lines inside a box: between two lines of one appeal."""
    for index in range(1, len(lines) - 1):
        above, below = strong.get(index - 1), strong.get(index + 1)
        if (
            index not in strong
            and above is not None
            and below is not None
            and above.name == below.name
            and above.name in _BOXES
            and lines[index].size <= _MAX_BOX_LINE_WORDS
        ):
            strong[index] = above


def _may_be_listed(line: Line) -> bool:
    introduces = line.text.endswith(":")
    return line.size in _LISTED_HEADLINE_WORDS and not introduces and not is_prose(line)


def _add_neighbours(
    indices: range, weak: dict[int, MarkerRule], strong: dict[int, MarkerRule]
) -> None:
    for index in indices:
        if index in weak and index - indices.step in strong:
            strong.setdefault(index, weak[index])
