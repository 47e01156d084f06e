"""Lengths in several parts: "6ft 2in", "9 x 12in", "12st 4lb"."""

import re

from service.script.english.numbers.number_words import NUMBER, cardinal, number, pairs
from service.script.english.quantities.amount_context import describes
from service.script.english.quantities.money import SCALES
from service.script.english.quantities.units import TOUCHING_UNITS, UNITS
from service.script.normalization import Rule
from service.script.regex_alternation import alternation

ANY_UNIT = alternation(UNITS)
ALL_UNITS = UNITS | TOUCHING_UNITS

_TIMES_SIGN = r"\ ?[x\N{MULTIPLICATION SIGN}]\ ?"
_SIDES = {
    '"': ("inch", "inches"),
    "'": ("foot", "feet"),
    "in": ("inch", "inches"),
    "m": ("meter", "meters"),
}
"""Texts that are units only in dimensions."""

_RESOLUTION = re.compile(rf"[1-7]\d{{3}}{_TIMES_SIGN}[1-4]\d{{3}}")
"""Screen resolutions, read like years."""

_INCHES = re.compile(r"(?<!\d)\"")
LONG = re.compile(
    r"\ (?:across|deep|high|in\ (?:diameter|length)|long|tall|thick|wide)\b"
)


def _say_inches(match: re.Match[str]) -> str | None:
    before, after = match.string[: match.start()], match.string[match.end() :]
    quoting = len(_INCHES.findall(before)) % 2 == 1
    if quoting and not _INCHES.search(after):
        # The sign closes a quotation.
        return None
    words = f"{quantity(match)} plus" if match["more"] else quantity(match)
    is_plural = LONG.match(after) and match["amount"] != "1"
    return f"{words} {'inches' if is_plural else 'inch'}"


def _say_dimensions(match: re.Match[str]) -> str:
    unit = match["unit"]
    is_resolution = not unit and _RESOLUTION.fullmatch(match["sides"])
    say = pairs if is_resolution else number
    sides = " by ".join(say(side) for side in re.findall(NUMBER, match["sides"]))
    if match["mark"] and match["mark"] in match["sides"]:
        unit = match["mark"]
    if not unit:
        return sides
    singular, plural = _SIDES.get(unit) or ALL_UNITS[unit]
    return f"{sides} {singular if describes(match) else plural}"


def _say_height(match: re.Match[str]) -> str:
    inches = match["inches"] or ""
    half = " and a half" if match["half"] else ""
    return f"{cardinal(int(match['feet']))} foot {cardinal(int(inches))}{half}"


def quantity(match: re.Match[str]) -> str:
    """Return the words of an amount or a range, with its scale."""
    words = number(match["amount"])
    if match["scale"]:
        scale = match["scale"].strip(" -").lower()
        words = f"{words} {SCALES[scale]}"
    if match["low"]:
        between = re.search(r"\b[Bb]etween $", match.string[: match.start()])
        words = f"{number(match['low'])} {'and' if between else 'to'} {words}"
    return words


DIMENSION_RULES = (
    Rule(
        "stone",
        # "21st" is an ordinal unless pounds follow.
        re.compile(
            r"(?<![\w.,])(?P<stone>\d{1,2})st(?:\ ?(?P<pounds>\d{1,2})\ ?lbs?\b"
            r"|(?:(?<=[02-9]st)|(?<=11st))(?!\w))"
        ),
        lambda match: (
            f"{number(match['stone'])} stone"
            + (f" {number(pounds)}" if (pounds := match["pounds"]) else "")
        ),
    ),
    Rule(
        "height",
        re.compile(
            r"(?<![\w.,'])(?P<feet>[1-9])"
            r"(?:'\ ?|\ ?ft\.?\ ?|\ ?-?f(?:oo|ee)t-?\ ?(?=\d))"
            r"(?P<inches>1[01]|\d)(?P<half>\ ?1/2|\.5)?"
            r"(?:\"|''|\ ?ins?\.?(?!\w|\ (?!tall\b)[a-z])|in\b|(?![\w/-]|[.,]\d))"
        ),
        _say_height,
    ),
    Rule(
        "inches of a screen",
        re.compile(
            r"(?<![\w.,])(?P<low>)(?P<scale>)(?P<amount>\d{1,3}(?:\.\d{1,2})?)\"(?P<more>\+)?"
            r"(?=\ (?:(?:[A-Z]\w*|\d\w+)\ ){0,4}"
            r"(?:HDTV|TV|barrel|blade|board|display|gun|iMac|laptop|Laptop|monitor|Monitor"
            r"|nail|phone|pipe|screen|single|tablet|tile|vinyl|wheels)s?\b"
            rf"|\ \d{{3,4}}x\d{{3,4}}\b|{LONG.pattern})"
        ),
        _say_inches,
    ),
    Rule(
        "dimensions",
        re.compile(
            rf"(?<![\w.,/])(?P<sides>{NUMBER}(?:\ ?(?:{ANY_UNIT}|in|m)|[\"'])?"
            rf"(?:{_TIMES_SIGN}{NUMBER}"
            rf"(?:(?:\ ?(?:ft|in|cm|mm|m)|[\"'])(?={_TIMES_SIGN}))?){{1,2}})"
            rf"(?:\ ?(?P<unit>{ANY_UNIT}|in|m)(?![\w/])|(?P<mark>(?<=\d)[\"'](?!\w)))?"
            r"(?!\w|[.,]\d)"
        ),
        _say_dimensions,
    ),
)
