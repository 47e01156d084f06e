"""Letters separated by dots or "&": "U.S.", "J.R.R.", "R&D"."""

import re

from service.script.english.names.initialisms import letters, letters_and_s
from service.script.normalization import Rule, Spoken

_QUARTERS = ("first", "second", "third", "fourth")

_NOT_AFTER_QUARTER = "and|at|by|for|from|in|is|of|on|or|the|to|was|with"
"""Before these words a quarter has no noun: "in Q4 of 2024"."""


def _say_dotted(match: re.Match[str]) -> str:
    written = "".join(c for c in match["letters"] if c.isalpha()).upper()
    return letters_and_s(written) if match["own"] else letters(written)


def _say_joined(match: re.Match[str]) -> tuple[Spoken, ...]:
    first, last = match["first"], match["last"]
    said = letters_and_s(last) if match["own"] else letters(last)
    return (
        Spoken(letters(first), match.start("first"), match.end("first")),
        Spoken("and", match.end("first"), match.start("last")),
        Spoken(said, match.start("last"), match.end("own" if match["own"] else "last")),
    )


LETTER_RULES = (
    Rule(
        "dotted letters",
        re.compile(
            r"(?<![\w.])(?P<letters>(?:[A-Z]\.\ ?){1,5}[A-Z]\.|[A-Z]\.[A-Z](?!\w))"
            r"(?P<own>'?s\b)?(?!\w)"
        ),
        _say_dotted,
    ),
    Rule(
        "dotted small letters",
        re.compile(r"(?<![\w.])(?P<letters>(?:[a-z]\.){2,5})(?P<own>)(?!\w)"),
        _say_dotted,
    ),
    Rule(
        "initial",
        re.compile(r"(?<![\w.'])(?P<letters>[A-Z])\.(?P<own>)(?=\ ?[A-Z][\w'-])"),
        _say_dotted,
    ),
    Rule(
        "quarter",
        re.compile(rf"\bQ(?P<quarter>[1-4])(?=\ (?!(?:{_NOT_AFTER_QUARTER})\b)[a-z])"),
        lambda match: f"{_QUARTERS[int(match['quarter']) - 1]} quarter",
    ),
    Rule(
        "joined letters",
        re.compile(
            r"\b(?P<first>[A-Z]{1,3})\ ?&\ ?(?P<last>[A-Z]{1,3})(?P<own>'?s)?\b"
        ),
        _say_joined,
    ),
)
