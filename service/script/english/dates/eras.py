"""Years and centuries of an era: "1500BC", "the 5th c. BCE"."""

import re

from service.script.english.names.initialisms import letters
from service.script.english.numbers.number_words import number, year
from service.script.normalization import Rule, part

_LONG_YEAR_DIGITS = 4


def _say_year(written: str) -> str:
    return year(written) if len(written) == _LONG_YEAR_DIGITS else number(written)


ERA_RULES = (
    Rule(
        "year of an era",
        re.compile(r"(?<![\w.,])(?P<year>\d{1,4})(?P<era>AD|BCE?|CE)\b"),
        lambda match: (
            part(match, "year", _say_year(match["year"])),
            part(match, "era", letters(match["era"])),
        ),
    ),
    Rule(
        "century",
        re.compile(r"(?<=\d(?:st|nd|rd|th)\ )c\b\.?(?!\w)"),
        lambda _: "century",
    ),
)
"""Seen in science and travel pages."""
