"""Numbers that nothing nearer explains: ordinals, fractions, ranges, any digit left."""

import re

from service.script.english.numbers import NUMBER, cardinal, digits, number, ordinal
from service.script.spoken import Rule

_PARTS = {2: "half", 4: "quarter"}
_GREATEST_PART = 100
_MOST_PLAIN_DIGITS = 6
"""An amount of more digits has commas or ends in noughts; without, it is a code."""

_GROUP = re.compile(r"(?<!\(0\))(?!0\))\d+")
"""Digits said together in a telephone number; "(0)" is dialled at home only."""


def _say_ordinal(match: re.Match[str]) -> str:
    return ordinal(int(match["place"].replace(",", "")))


def _say_fraction(match: re.Match[str]) -> str | None:
    above, below = int(match["above"]), int(match["below"])
    if not (0 < above < below <= _GREATEST_PART):
        return None
    part = _PARTS.get(below, ordinal(below))
    if above > 1:
        part = f"{part}s"
    if not match["whole"]:
        return f"{cardinal(above)} {part}"
    whole = number(match["whole"])
    return f"{whole} and {'a' if above == 1 else cardinal(above)} {part}"


def _say_version(match: re.Match[str]) -> str:
    return " point ".join(number(piece) for piece in match[0].split("."))


def _say_range(match: re.Match[str]) -> str:
    return f"{number(match['low'])} to {number(match['high'])}"


def _say_address(match: re.Match[str]) -> str:
    return " dot ".join(number(piece) for piece in match[0].split("."))


def _say_number(match: re.Match[str]) -> str:
    written = match[0]
    is_code = written.isdigit() and len(written) > _MOST_PLAIN_DIGITS
    return digits(written) if is_code and written[-3:] != "000" else number(written)


def _say_telephone(match: re.Match[str]) -> str:
    groups = ", ".join(digits(group) for group in _GROUP.findall(match["groups"]))
    return f"plus {groups}" if match["plus"] else groups


INTEGER_RULES = (
    Rule(
        "telephone",
        re.compile(
            r"(?<![\w.,/-])(?:(?P<plus>\+)(?=\d))?"
            r"(?P<groups>(?:1[ -])?\(?\d{3}\)?[ .-]?\d{3}[.-]\d{4}"
            r"|0\d{1,4}[ -]\d{3,4}[ -]\d{3,4}"
            r"|\(0\d{1,4}\) ?\d{3,4}[ -]\d{3,4}"
            r"|(?<=\+)\d{1,3}(?:[ -](?:\(0\) ?)?\d{1,4}){2,5})"
            r"(?![\w-]|\.\d)"
        ),
        _say_telephone,
    ),
    Rule(
        "ordinal",
        re.compile(
            r"(?<![\w.,])(?P<place>\d{1,3}(?:,\d{3})+|\d{1,15})(?i:st|nd|rd|th)\b"
        ),
        _say_ordinal,
    ),
    Rule(
        "fraction",
        re.compile(
            r"(?<![\w.,/])(?:(?P<whole>\d{1,3})\ )?"
            r"(?P<above>\d{1,2})/(?P<below>\d{1,3})(?![\w/])"
        ),
        _say_fraction,
    ),
    Rule(
        "emergency number",
        re.compile(
            r"(?<=\b(?:call|dial) )(?:911|999|112)\b(?![,.]\d)"
            r"|(?<=\b(?:called|dialed) )(?:911|999|112)\b(?![,.]\d)"
            r"|\b(?:911|999)(?= (?:call|caller|calls|dispatcher|operator)\b)"
        ),
        lambda match: digits(match[0]),
    ),
    Rule(
        "network address",
        re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w]|\.\d)"),
        _say_address,
    ),
    Rule(
        "spaced thousands",
        re.compile(r"(?<![\w.,-])\d{1,3}(?: \d{3})+(?![\w]|[ .,]\d)"),
        lambda match: number(match[0].replace(" ", "")),
    ),
    Rule("version", re.compile(r"(?<![\w.])\d+(?:\.\d+){2,}(?!\w)"), _say_version),
    Rule(
        "range",
        re.compile(
            rf"(?<![\w.,/-])(?P<low>{NUMBER})\ ?-\ ?(?P<high>{NUMBER})"
            r"(?![\w/]|-\d|\.\d)"
        ),
        _say_range,
    ),
    Rule("number", re.compile(rf"(?<![\d.,]){NUMBER}(?![.,]?\d)"), _say_number),
    Rule(
        "decimals alone",
        re.compile(r"(?<![\w.])\.\d+"),
        lambda m: f"point {digits(m[0][1:])}",
    ),
    Rule("digits left", re.compile(r"\d+"), lambda m: number(m[0])),
)
