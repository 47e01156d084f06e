"""Years and decades: "2023-24", "the 1990s", "c. 1850", "in 2024"."""

import re

from service.script.english.numbers.number_words import cardinal, decade, year
from service.script.english.quantities.amount_context import COUNT_NOUNS, PLURAL
from service.script.normalization import Rule

YEAR = r"(?P<year>1[0-9]\d\d|20\d\d)"
_SHORT_YEAR_DIGITS = 2
_FIRST_LONG_YEAR = "2000"
_FIRST_SURE_YEAR, _LAST_SURE_YEAR = "1900", "2039"


def _say_years(match: re.Match[str]) -> str | None:
    first, last = match["year"], match["last"]
    if len(last) > _SHORT_YEAR_DIGITS:
        return f"{year(first)} to {year(last)}" if int(last) > int(first) else None
    last = first[:2] + last
    if int(last) == int(first) + 1:
        # A season: "twenty twenty three twenty four".
        return f"{year(first)} {year(last).partition(' ')[2] or year(last)}"
    if int(last) <= int(first):
        return None
    # "Two thousand one to nine" would sound like numbers.
    short = first < _FIRST_LONG_YEAR and last[2] != "0"
    return f"{year(first)} to {cardinal(int(last[2:])) if short else year(last)}"


def _say_decades(match: re.Match[str]) -> str:
    return f"{decade(match['first'])} to {decade(match['decade'])}"


def _say_bare_year(match: re.Match[str]) -> str | None:
    before, after = match.string[: match.start()], match.string[match.end() :]
    if re.match(PLURAL, after) and _COUNTED.search(before):
        return None
    sure = _OF_A_YEAR.search(before) and not (
        before.endswith("he ") and match["year"].endswith("00")
    )
    if _COUNT_NOUN.match(after) and not sure:
        return None
    old = not _FIRST_SURE_YEAR <= match["year"] <= _LAST_SURE_YEAR
    if old and re.match(PLURAL, after):
        # "1035 cans": a number outside these years is a count before a plural.
        return None
    return year(match["year"]) + (match["own"] or "")


_COUNTED = re.compile(
    r"\b(?:about|almost|approximately|around|bought|employs|had|has|have|hired|killed|least"
    r"|lost|most|nearly|over|roughly|sold|some|than|with)\ $"
)
"""Words before a count of four digits and a plural: "nearly 2000 homes"."""

_OF_A_YEAR = re.compile(r"(?:\b(?:[Ii]n|[Ss]ince|[Tt]he|his|her|its)\ |'s\ |[a-z]-)$")
"""Words before a year, even if a plural follows: "in 2024 voters chose"."""

_COUNT_NOUN = re.compile(rf"\ (?:{COUNT_NOUNS}|percent|per\ cent|million|billion)\b")

YEAR_RULES = (
    Rule(
        "about a year",
        re.compile(rf"(?<![\w.])ca?\.\ ?(?:{YEAR}|(?=\d{{3}}\b))(?!\d|,\d)"),
        lambda match: f"circa {year(match['year'])}" if match["year"] else "circa",
    ),
    Rule(
        "years",
        re.compile(
            rf"(?<![\w.,$£€-]){YEAR}[-/](?P<last>20\d\d|1\d{{3}}|\d\d)(?![\w/-]|\.\d)"
        ),
        _say_years,
    ),
    Rule(
        "decades",
        re.compile(
            r"(?<![\w.,])(?P<first>1\d\d0|20\d0)'?s-(?P<decade>1\d\d0|20\d0|[2-9]0)'?s\b"
        ),
        _say_decades,
    ),
    Rule(
        "decade",
        re.compile(r"(?<![\w.,])'?(?P<decade>1\d\d0|20\d0|[2-9]0)'?s\b"),
        lambda match: decade(match["decade"]),
    ),
    Rule(
        "year of a century",
        re.compile(r"(?<!\w)'0(?P<ones>[1-9])\b"),
        lambda match: f"oh {cardinal(int(match['ones']))}",
    ),
    Rule(
        "year",
        re.compile(
            rf"(?<![\w.,$£€#/\N{{MULTIPLICATION SIGN}}])(?<![^a-z]-){YEAR}(?P<own>'s)?"
            r"(?![\w%°/]|[.,:]\d|-\d|\ ?[x\N{MULTIPLICATION SIGN}]\ ?\d)"
        ),
        _say_bare_year,
    ),
)
