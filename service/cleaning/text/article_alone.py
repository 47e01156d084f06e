"""Clean an article that is alone: `clean_stated_article`, `clean_article_alone`.

Nothing is cut by its position, or because it does not look like prose: lists, verse,
letters, results and questions are the article's.
"""

import re
from collections.abc import Sequence

from service.cleaning.boilerplate import NO_WORDS, TITLE_REPEATED, Boilerplate
from service.cleaning.cleaning_pass import CleaningPass
from service.cleaning.duplicates import find_duplicates_alone, find_exact_repeats
from service.cleaning.lines import Line
from service.cleaning.markers import MarkerRule
from service.cleaning.text.edges import (
    find_first_paragraph,
    find_headline_below_labels,
    find_tail_lines,
)
from service.cleaning.title.find_title import may_be_title

_ADDRESS_ALONE = re.compile(r"https?://\S+")
"""The page's own address, which some copies have above the headline."""

_ADVERTISEMENT = "advertisement"
_ALWAYS_CUT = frozenset({NO_WORDS.name, TITLE_REPEATED.name, _ADVERTISEMENT})
"""Rules that apply to any article."""

_PART_OF_ARTICLE = frozenset(
    {
        "bio",
        "byline",
        "caption-or-credit",
        "contact",
        "disclosure",
        "embed",
        "product-box",
        "related-line",
        "source-line",
        "timestamp",
        "timestamp-alone",
        "video",
    }
)
"""Rules that an article alone is not cut by, nor by headings of lists: one such line
belongs to its text."""


def clean_stated_article(
    lines: Sequence[Line], boilerplate: Boilerplate, *, has_title: bool
) -> CleaningPass:
    """Cut only advertisement markers and exact repeats, as the sender asks for.

    The words of the title are cut above the first paragraph: below, they may be an
    entry or a subhead.
    """
    first = find_first_paragraph(lines)
    rules = {
        lines[index].place: rule.name
        for index, rule in boilerplate.rules.items()
        if rule.name in _ALWAYS_CUT and not (rule == TITLE_REPEATED and index > first)
    }
    kept = [line for line in lines if line.place not in rules]
    rules |= find_exact_repeats(kept)
    return _take_title(lines, rules, has_title=has_title)


def clean_article_alone(
    lines: Sequence[Line], boilerplate: Boilerplate, *, has_title: bool
) -> CleaningPass:
    """Cut single lines that no article has, and repeats."""
    rules = {
        lines[index].place: rule.name
        for index, rule in boilerplate.rules.items()
        if _is_cut(rule, lines[index])
    }
    kept = [line for line in lines if line.place not in rules]
    if not has_title and len(kept) > 1 and _ADDRESS_ALONE.fullmatch(kept[0].text):
        rules[kept.pop(0).place] = "before-body"
    if not has_title and (headline := find_headline_below_labels(kept, {})):
        above = kept[: kept.index(headline)]
        rules |= dict.fromkeys([line.place for line in above], "before-body")
        kept = kept[len(above) :]
    rules |= find_tail_lines(kept)
    kept = [line for line in kept if line.place not in rules]
    rules |= find_duplicates_alone(kept)
    return _take_title(lines, rules, has_title=has_title)


def _is_cut(rule: MarkerRule, line: Line) -> bool:
    # A line with the sign of copyright is a credit or a footer, never a sentence.
    return line.text.startswith("©") or not (
        rule.heads or rule.name in _PART_OF_ARTICLE
    )


def _take_title(
    lines: Sequence[Line], rules: dict[int, str], *, has_title: bool
) -> CleaningPass:
    """Take the first line for the headline, if it may be one."""
    kept = tuple(line for line in lines if line.place not in rules)
    if has_title or len(kept) < 2 or not may_be_title(kept[0]):  # noqa: PLR2004 - a title and a body
        return CleaningPass(kept, rules)
    return CleaningPass(kept[1:], rules, headline=kept[0])
