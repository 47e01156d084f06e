"""What stands on a page besides the article, line by line."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from service.cleaning.lines import Line
from service.cleaning.markers import MarkerRule, Markers
from service.cleaning.prose_score import is_prose

TITLE_REPEATED = MarkerRule("title-repeated")
NO_WORDS = MarkerRule("no-words")
_COMMENTS = MarkerRule("comments", closes=True)

_COMMENTER = re.compile(r"(?:\S+ ){1,5}(?:commented|says|wrote):")
"""A line that names who writes the comment below it, as common comment forms do."""

_COMMENTERS = 3
"""Different such lines that a page of comments has: an article may have two."""

_LISTED = range(4, 30)
"""Words of a headline in a list of other stories."""

_LIST = 8
"""The longest list that is taken for belonging to the heading above it."""


@dataclass(frozen=True, slots=True)
class Boilerplate:
    """Lines known for furniture, by their index in the lines looked at."""

    rules: dict[int, MarkerRule]

    @property
    def closing(self) -> set[int]:
        """Those after which an article seldom goes on."""
        return {index for index, rule in self.rules.items() if rule.closes}

    @property
    def telling(self) -> bool:
        """Whether the lines come from a page: clean prose has no such line."""
        return any(
            rule not in (TITLE_REPEATED, NO_WORDS) for rule in self.rules.values()
        )


def find_boilerplate(
    lines: Sequence[Line], markers: Markers, language: str, title: str | None
) -> Boilerplate:
    """Find the lines that are furniture wherever they stand.

    A weak rule (`near`), or a headline in a list, counts only beside a line that is
    furniture by itself: when that one is gone, the others are gone with it.
    """
    strong: dict[int, MarkerRule] = {}
    weak: dict[int, MarkerRule] = {}
    heading = Line(-1, title).words if title else None
    for index, line in enumerate(lines):
        rule = _rule_of(line, markers, language, heading)
        if rule is not None:
            (weak if rule.near else strong)[index] = rule
    _add_commenters(lines, strong)
    _add_listed(lines, strong)
    _add_neighbours(range(len(lines)), weak, strong)
    _add_neighbours(range(len(lines) - 1, -1, -1), weak, strong)
    return Boilerplate(strong)


def _rule_of(
    line: Line, markers: Markers, language: str, heading: tuple[str, ...] | None
) -> MarkerRule | None:
    if not line.words:
        return NO_WORDS
    if line.words == heading:
        return TITLE_REPEATED
    return markers.rule_of(line, language)


def _add_commenters(lines: Sequence[Line], strong: dict[int, MarkerRule]) -> None:
    found = {
        index: line.words
        for index, line in enumerate(lines)
        if line.text.endswith(":") and _COMMENTER.fullmatch(line.text)
    }
    if len(set(found.values())) >= _COMMENTERS:
        strong |= dict.fromkeys(found, _COMMENTS)


def _add_listed(lines: Sequence[Line], strong: dict[int, MarkerRule]) -> None:
    headings = [index for index, rule in strong.items() if rule.heads]
    for index in headings:
        for below in range(index + 1, min(index + 1 + _LIST, len(lines))):
            line = lines[below]
            if below in strong and not strong[below].heads:
                continue
            if below in strong or not _may_be_listed(line):
                break
            strong[below] = strong[index]


def _may_be_listed(line: Line) -> bool:
    leads = line.text.endswith(":")
    return line.size in _LISTED and not leads and not is_prose(line)


def _add_neighbours(
    order: range, weak: dict[int, MarkerRule], strong: dict[int, MarkerRule]
) -> None:
    for index in order:
        if index in weak and index - order.step in strong:
            strong.setdefault(index, weak[index])
