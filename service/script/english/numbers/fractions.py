"""Fractions and marks out of a maximum: "1/3", "2 1/2", "4.7/5"."""

import re

from service.script.english.numbers.number_words import (
    NUMBER,
    cardinal,
    number,
    ordinal,
    plural,
)
from service.script.normalization import Rule

_PARTS = {2: "half", 4: "quarter"}
_MAX_DIGITS = 5
_MARKS = re.compile(
    r"\b(?:averag\w*|critics?|gave|grade|mark|rank\w*|rated|ratings?|review\w*|scor\w*|stars?|verdict)\b"
)
_SHARE = re.compile(r" (?:of|an?|inch|mile|the)\b|-")


def _part(above: int, below: int) -> str:
    if below == 1:
        return "over one"
    part = _PARTS.get(below, ordinal(below))
    if above == 1:
        return part
    return "halves" if below in _PARTS and part == "half" else plural(part)


def _say_fraction(match: re.Match[str]) -> str | None:
    above, below = int(match["above"]), int(match["below"])
    if not above or not below or (not match["whole"] and above >= below):
        return None
    if match["whole"]:
        first = "a" if above == 1 and below > 1 else cardinal(above)
        return f"{number(match['whole'])} and {first} {_part(above, below)}"
    after = match.string[match.end() :]
    if (above, below) == (1, 2) and re.match(r" (?:an?|of|the|its|his|her)\b", after):
        return "half"
    return f"{cardinal(above)} {_part(above, below)}"


def _say_mark(match: re.Match[str]) -> str | None:
    around = match.string[max(0, match.start() - 60) : match.end() + 30]
    of_ten = match["most"] == "10" and not _SHARE.match(match.string[match.end() :])
    is_share = _SHARE.match(match.string[match.end() :])
    if (
        "." not in match["got"]
        and not of_ten
        and (is_share or not _MARKS.search(around))
    ):
        return None
    return f"{number(match['got'])} out of {number(match['most'])}"


FRACTION_RULES = (
    Rule(
        "marks",
        re.compile(
            rf"(?<![\w.,/$£€-])(?P<got>{NUMBER})/(?P<most>5|10|20|50|100)(?![\w/]|[.,]\d)"
        ),
        _say_mark,
    ),
    Rule(
        "fraction",
        re.compile(
            r"(?<![\w.,/])(?:(?P<whole>\d{1,3})[\ -])?"
            rf"(?P<above>\d{{1,{_MAX_DIGITS}}})/(?P<below>\d{{1,{_MAX_DIGITS}}})"
            r"(?:(?i:st|nd|rd|ths?)\b)?(?![\w/]|[.,]\d)"
        ),
        _say_fraction,
    ),
)
"""Tried after dates and scores with a slash."""
