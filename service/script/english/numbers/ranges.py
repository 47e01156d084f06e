"""Ranges: "20-30 boats", "between 150-200", "Mon-Fri", "April-June"."""

import re

from service.script.calendar import MONTHS, WEEKDAYS
from service.script.english.numbers.number_words import NUMBER, number
from service.script.normalization import Rule, Spoken, part

_DAY = r"(?:Mon|Tue(?:s|sday)?|Wed(?:nesday)?|Thu(?:rs|rsday)?|Fri|Sat|Sun)"
_MONTH = (
    r"(?:Jan|Feb|Mar|Apr|Jul|Jun|Aug|Sept?|Oct|Nov|Dec)\.?|"
    r"(?:January|February|March|April|May|June|July|August|September|October|November|"
    r"December)"
)


def _full(written: str) -> str:
    name = written.rstrip(".")
    return WEEKDAYS.get(name) or MONTHS.get(name) or name


def _say_names(match: re.Match[str]) -> tuple[Spoken, ...]:
    return (
        part(match, "first", _full(match["first"])),
        part(match, "last", f"to {_full(match['last'])}"),
    )


def _say_range(match: re.Match[str]) -> str:
    between = re.search(r"\b[Bb]etween $", match.string[: match.start()])
    joint = "and" if between else "to"
    return f"{number(match['low'])} {joint} {number(match['high'])}"


NAMED_RANGE_RULES = (
    Rule(
        "days of a week",
        re.compile(
            rf"\b(?P<first>{_DAY}(?:day)?)\.?-(?P<last>{_DAY}(?:day)?)\b"
            r"(?:\.(?=\ [a-z]))?"
        ),
        _say_names,
    ),
    Rule(
        "months of a year",
        re.compile(rf"\b(?P<first>{_MONTH})-(?P<last>{_MONTH})(?!\w|\ \d{{1,2}}\b)"),
        _say_names,
    ),
    Rule(
        "to a month",
        re.compile(rf"(?<=\d)\ ?-\ ?(?=(?:{_MONTH})\ \d{{1,2}}\b)"),
        lambda _: "to",
    ),
)

NUMBER_RANGE_RULES = (
    Rule(
        "range",
        re.compile(
            rf"(?<![\w.,/-])(?P<low>{NUMBER})(?:-|\ -\ |-\ )(?P<high>{NUMBER})"
            r"(?![\w/]|-\d|\.\d)"
        ),
        _say_range,
    ),
)
