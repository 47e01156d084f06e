"""Years and centuries of an era: "1500BC", "the 5th c. BCE"."""

import re

from service.script.english.numbers.number_words import number, year
from service.script.normalization import Rule

_LONG_YEAR_DIGITS = 4

ERA_RULES = (
    Rule(
        "year of an era",
        re.compile(r"(?<![\w.,])(?P<year>\d{1,4})(?=(?:AD|BCE?|CE)\b)"),
        lambda match: (
            year(match["year"])
            if len(match["year"]) == _LONG_YEAR_DIGITS
            else number(match["year"])
        ),
    ),
    Rule(
        "century",
        re.compile(r"(?<=\d(?:st|nd|rd|th)\ )c\b\.?(?!\w)"),
        lambda _: "century",
    ),
)
"""Seen in science and travel pages."""
