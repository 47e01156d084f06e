"""Recognise the byline and the date near a headline: `is_byline`, `is_date`."""

import re

from service.cleaning.lines import Line

_MAX_DATE_WORDS = 16
"""Words of the longest line that is only a date."""

_MAX_BYLINE_WORDS = 16
"""Words of the longest byline that no rule matches."""

_BYLINE_WORDS = frozenset(
    {
        "af",
        "author",
        "autor",
        "av",
        "by",
        "di",
        "door",
        "par",
        "por",
        "tekst",
        "text",
        "von",
        "автор",
        "بقلم",
    }
)
"""First words of bylines that no rule matches, in the languages with phrases."""

# In any language: a time of day, a date in figures, a year.
_DATE = re.compile(
    r"\b(?:\d{1,2}:\d\d|\d{1,2}\.\d\d ?(?:[ap]\.?m|[A-Z]{2,4}|Uhr|h)"
    r"|\d{1,4}([-/.])\d{1,2}\1\d{2,4}|(?:19|20)\d\d)(?:\b|T)"
)


def is_byline(line: Line) -> bool:
    """Whether a line begins as a byline does and does not end as a sentence."""
    return (
        line.size <= _MAX_BYLINE_WORDS
        and not line.ends_sentence
        and bool(line.words)
        and line.words[0] in _BYLINE_WORDS
    )


def is_date(line: Line) -> bool:
    """Whether a short line has a time or a date in figures."""
    return line.size <= _MAX_DATE_WORDS and _DATE.search(line.text) is not None
