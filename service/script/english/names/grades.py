"""Grades of credit and of schools: "AAA", "BBB-", "a B+"."""

import re

from service.script.english.names.initialisms import letters
from service.script.english.numbers.number_words import cardinal
from service.script.normalization import Rule, Spoken, part

_TIMES = {1: "", 2: "double ", 3: "triple "}
_SIGNS = {"": "", "+": " plus", "-": " minus"}

_CREDIT = re.compile(
    r"\b(?:agenc(?:y|ies)|batter(?:y|ies)|bonds?|credit|debt|downgrad\w{1,4}|Fitch"
    r"|grade[ds]?|investment-grade|junk|league|loans?|Moody's|notes|outlook|rat(?:ed|es"
    r"|ing|ings)|S&P|sovereign|studios?|upgrad\w{1,4})\b"
)
"""Words in a sentence about credit, or about things that are graded likewise."""

_MARK_BEFORE = re.compile(
    r"\b(?:an?|at|below|by|earn\w{0,3}|from|gets?|gives?|gave|got|grade[ds]?|is|of|rated"
    r"|received|scored|to)\ $"
)
_SUSPENDED = re.compile(r"-(?:,| (?:and|or|to|through)) ")
"""A hyphen that waits for its word: "A- and B-listed"."""


def _repeated(capitals: str) -> str:
    return f"{_TIMES[len(capitals)]}{letters(capitals[0])}"


def _say_rating(match: re.Match[str]) -> tuple[Spoken, ...] | None:
    grade, sign = match["grade"], match["sign"] or ""
    if grade != "AAA" and not sign and not _CREDIT.search(match.string):
        return None
    said = part(match, "grade", _repeated(grade))
    return (Spoken(said.spoken + _SIGNS[sign], said.start, match.end()),)


def _say_moodys(match: re.Match[str]) -> str | None:
    if not match["number"] and match["grade"] != "Aaa":
        return None
    grade = match["grade"]
    head = letters(grade[0]) if grade[0] != "A" else ""
    same = len(grade) - len(head)
    words = f"{head} {_TIMES[same]}{letters('A')}".strip()
    return f"{words} {cardinal(int(match['number']))}" if match["number"] else words


def _say_mark(match: re.Match[str]) -> str | None:
    before = match.string[max(0, match.start() - 12) : match.start()]
    if not _MARK_BEFORE.search(before) or _SUSPENDED.match(
        match.string, match.start() + 1
    ):
        return None
    return f"{letters(match['grade'])}{_SIGNS[match['sign']]}"


GRADE_RULES = (
    Rule(
        "grade of credit",
        re.compile(
            r"(?<![\w.&-])(?P<grade>AAA?|BBB?|CCC?)(?P<sign>[+-])?(?![\w+&'-]|\.\w)"
        ),
        _say_rating,
    ),
    Rule(
        "grade of Moody's",
        re.compile(
            r"(?<![\w.-])(?P<grade>Aaa|Aa|Baa|Ba|Caa|Ca)(?P<number>[1-3])?(?!\w)"
        ),
        _say_moodys,
    ),
    Rule(
        "mark with a sign",
        re.compile(r"(?<![\w.-])(?P<grade>[A-F])(?P<sign>[+-])(?![\w+-])"),
        _say_mark,
    ),
)
"""Seen in business and school pages."""
