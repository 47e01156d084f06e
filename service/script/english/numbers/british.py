"""British and Indian words: "one hundred and five", "kilometres", "one lakh"."""

import re
from collections.abc import Iterable
from dataclasses import replace

from service.script.english.numbers.number_words import lakhs
from service.script.normalization import Rule, Say, Spoken

_UNITS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|"
    "fifteen|sixteen|seventeen|eighteen|nineteen|first|second|third|fourth|fifth|sixth|"
    "seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|"
    "sixteenth|seventeenth|eighteenth|nineteenth"
)
_TENS = (
    "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|twentieth|thirtieth|"
    "fortieth|fiftieth|sixtieth|seventieth|eightieth|ninetieth"
)
_BELOW_HUNDRED = rf"(?:(?:{_TENS})(?:\ (?:{_UNITS}))?|{_UNITS})\b"

_AND = re.compile(
    rf"\b(?:hundred\ (?={_BELOW_HUNDRED})"
    rf"|(?:thousand|million|billion|trillion)\ (?={_BELOW_HUNDRED}"
    r"(?!\ (?:hundred|thousand|million|billion|trillion|one|two|three|four|five|six"
    r"|seven|eight|nine)\b)))"
)
"""Where "and" goes: before the tens and ones, unless hundreds or thousands follow."""


_METRIC = re.compile(
    r"\b(?P<unit>(?:centi|deci|kilo|micro|milli|nano)?(?:lit|met))er(?=s?\b)"
)


def with_and(spoken: str) -> str:
    """Insert the British "and" into the numbers of a text."""
    return _AND.sub(lambda match: f"{match[0]}and ", spoken)


def in_british(spoken: str) -> str:
    """Return a text with the British "and" and spelling of metric units."""
    return _METRIC.sub(lambda match: f"{match['unit']}re", with_and(spoken))


def british(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Return rules whose numbers and units are British."""
    return tuple(replace(rule, say=_british_say(rule.say)) for rule in rules)


def _british_say(say: Say) -> Say:
    def said_british(match: re.Match[str]) -> str | tuple[Spoken, ...] | None:
        said = say(match)
        if said is None or isinstance(said, str):
            return said and in_british(said)
        return tuple(replace(piece, spoken=in_british(piece.spoken)) for piece in said)

    return said_british


INDIAN_NUMBER_RULES = (
    Rule(
        "lakhs",
        # Other figures of this length are codes of the post and the like.
        re.compile(r"(?<![\w.,/-])[1-9]\d{2,4}000(?![\w]|[.,-]\d)"),
        lambda match: lakhs(int(match[0])),
    ),
)
"""Whole thousands of six to eight figures: "150000" is one lakh fifty thousand."""
