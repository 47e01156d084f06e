"""Numbers that no other rule claims: ordinals, versions, remaining digits."""

import re

from service.script.english.numbers.number_words import (
    NUMBER,
    cardinal,
    digits,
    number,
    ordinal,
    pairs,
    plural,
)
from service.script.english.numbers.ranges import NUMBER_RANGE_RULES
from service.script.normalization import Rule

_MAX_PLAIN_DIGITS = 6
"""A longer number without commas is a code, unless it ends in zeros."""

_HUNDREDS = {
    "100": "hundreds",
    "1000": "thousands",
    "10000": "tens of thousands",
    "100000": "hundreds of thousands",
    "1000000": "millions",
}


def _say_ordinal(match: re.Match[str]) -> str:
    return ordinal(int(match["place"].replace(",", "")))


def _say_version(match: re.Match[str]) -> str:
    return " point ".join(number(piece) for piece in match[0].split("."))


def _say_number(match: re.Match[str]) -> str:
    written = match[0]
    is_code = written.isdigit() and len(written) > _MAX_PLAIN_DIGITS
    return digits(written) if is_code and written[-3:] != "000" else number(written)


def _say_spaced(match: re.Match[str]) -> str | None:
    before = match.string[: match.start()]
    if re.match(r"\d ", match[0]) and re.search(r"\w [A-Z]\w+ $", before):
        # Two numbers of a name: "a Model 5 240".
        return None
    return number(match[0].replace(" ", ""))


FIXED_RULES = (
    Rule(
        "saving plan",
        re.compile(
            r"(?<![\w.])(?P<code>401|403|457|501)\(?(?P<letter>[bck])\b\)?(?:\((?P<part>\d)\))?"
        ),
        lambda match: (
            f"{pairs(match['code'])} {match['letter'].upper()}"
            + (f" {cardinal(int(match['part']))}" if match["part"] else "")
        ),
    ),
    Rule(
        "hundreds of",
        re.compile(
            rf"(?<![\w.])(?P<many>{'|'.join(_HUNDREDS)}|1,000|10,000|100,000)s"
            r"(?=\ of\b)"
        ),
        lambda match: _HUNDREDS[match["many"].replace(",", "")],
    ),
    Rule(
        "level record",
        re.compile(
            r"(?<=\b(?:above|below)\ )\.500\b|(?:(?<=\bat\ )|(?<=\bover\ ))\.500\b"
            r"|(?<!\w)\.500(?=\ (?:mark|record|team)\b)"
        ),
        lambda _: "five hundred",
    ),
    Rule(
        "lines of a picture",
        re.compile(
            r"\b(?P<lines>360|480|720|1080|1200|1440|1600|2160)(?P<scan>[ip])\b"
        ),
        lambda match: f"{pairs(match['lines'])} {match['scan'].upper()}",
    ),
)
"""Fixed numbers that are not amounts."""

INTEGER_RULES = (
    Rule(
        "ordinal",
        re.compile(
            r"(?<![\w.,])(?P<place>\d{1,3}(?:,\d{3})+|\d{1,15})(?i:st|nd|rd|th)\b"
        ),
        _say_ordinal,
    ),
    Rule(
        "spaced thousands",
        re.compile(
            r"(?<![\w.,-])\d{1,3}(?: \d{3})+(?![\w]|[ .,]\d)"
            r"(?<!\ 7\d7)(?!\ (?:MAX|Max)\b)"
        ),
        _say_spaced,
    ),
    Rule("version", re.compile(r"(?<![\w.])\d+(?:\.\d+){2,}(?!\w)"), _say_version),
    Rule(
        "several of a number",
        re.compile(r"(?<=[A-Za-z]-)(?P<many>\d{1,2})'?s\b"),
        lambda match: plural(cardinal(int(match["many"]))),
    ),
    *NUMBER_RANGE_RULES,
    Rule("number", re.compile(rf"(?<![\d.,]){NUMBER}(?![.,]?\d)"), _say_number),
    Rule("decimals alone", re.compile(r"(?<![\w.])\.\d+"), lambda m: number(m[0])),
    Rule("digits left", re.compile(r"\d+"), lambda m: number(m[0])),
)
