"""Names with numbers: products, viruses, roads, flights, forms, versions."""

import re

from service.script.english.names.initialisms import is_all_capitals, is_spelt, letters
from service.script.english.numbers.number_words import (
    cardinal,
    digits,
    number,
    pairs,
    plural,
)
from service.script.english.numbers.telephones import EMERGENCY
from service.script.normalization import Rule

_MAX_CARDINAL_DIGITS = 2
"""A code of at most this many digits is read as a number: "MH17", not "MH370"."""

_MIN_PAIRED_DIGITS = 3
"""A name of at least this many digits is read in pairs: "Flight 1549"."""

_MIN_WORD_LETTERS = 3
"""Shorter prefixes that are words ("AS") stay as they are."""

_NUMBERED = (
    "Autoroute|Channel|Exit|Flight|Form|Freeway|Gate|Highway|Hwy|Hwy\\.|Interstate|Room"
    "|Route|Rt|Rte|Section|Sections|Unit"
)
"""Nouns with a number as name.  Seen in traffic, court and aviation pages."""

_NUMBERED_ROADS = frozenset({"FM", "SR", "US"})
"""Prefixes of American roads, with or without a hyphen: "US-101"."""

_AIRLINER = r"7[0-8]7"
_VARIANT = r"(?:-(?P<variant>\d{1,4})(?P<mark>ER|LR|[A-Z])?|(?P<bare>[XF])\b)"


def _in_pairs(written: str) -> str:
    """Return three or four digits in pairs: "one oh one", "four ninety five"."""
    return pairs(written) if re.fullmatch(r"[1-9]\d{2,3}", written) else number(written)


def _say_digits(written: str, prefix: str) -> str:
    if written in EMERGENCY and len(prefix) > 1 and not prefix.isupper():
        return digits(written)
    if "." in written:
        return number(written)
    if len(prefix) == 1 or prefix in _NUMBERED_ROADS:
        return _in_pairs(written)
    if len(written) == _MIN_PAIRED_DIGITS + 1 or written.endswith("00"):
        return _in_pairs(written)
    if len(written) > _MAX_CARDINAL_DIGITS and prefix.isupper():
        return digits(written)
    return number(written)


def _head(prefix: str) -> str:
    """Return the letters before the number of a code."""
    if not prefix.isupper() or len(prefix) == 1:
        return prefix
    if is_spelt(prefix) or prefix == "NO":
        return letters(prefix)
    return prefix.capitalize() if len(prefix) >= _MIN_WORD_LETTERS else prefix


def _say_code(match: re.Match[str]) -> str:
    prefix, suffix = match["prefix"], match["suffix"]
    said = _say_digits(match["number"], prefix)
    # Hyphenated, espeak reads the letter A; alone, the article.
    head = f"A-{said}" if prefix == "A" else f"{_head(prefix)} {said}"
    if suffix == "s":
        return plural(head)
    if suffix == "o":
        return f"{head} oh"
    return f"{head} {letters(suffix) if suffix.isupper() else suffix}".rstrip()


def _say_chain(match: re.Match[str]) -> str:
    pieces = re.findall(r"\d+|[A-Za-z]+", match[0])
    return " ".join(
        number(piece)
        if piece.isdigit()
        else letters(piece)
        if piece.isupper()
        else piece
        for piece in pieces
    )


def _say_airliner(match: re.Match[str]) -> str:
    said = pairs(match["type"])
    if match["variant"]:
        said += f" {cardinal(int(match['variant']))}"
    suffix = match["mark"] or match["bare"]
    return f"{said} {letters(suffix)}" if suffix else said


def _say_section(match: re.Match[str]) -> str:
    said = _in_pairs(match["number"])
    for piece in re.findall(r"\((\w)\)", match["parts"]):
        said += f" {number(piece) if piece.isdigit() else letters(piece.upper())}"
    return plural(said) if match["several"] else said


def _say_flight(match: re.Match[str]) -> str | None:
    if is_all_capitals(match.string):
        return None
    written = match["number"]
    said = digits(written) if len(written) == _MIN_PAIRED_DIGITS else _in_pairs(written)
    return f"{match['word']}{letters(match['airline'])} {said}"


MODEL_RULES = (
    Rule(
        "airliner",
        re.compile(
            rf"(?<![\w.,$£€-])(?P<type>{_AIRLINER})(?:{_VARIANT})?(?![\w%]|[.,-]\d)"
            r"(?:(?=s?\ (?:MAX|Max|Dreamliner|jet|jets|plane|freighter)\b)"
            r"|(?<=-\d)|(?<=-\d\d)|(?<=-\d{3})|(?<=-\d{4})|(?<=-\d(?:ER|LR))"
            rf"|(?<=[Bb]oeing\ {_AIRLINER})|(?<=M(?:ax|AX)\ {_AIRLINER})"
            rf"|(?<={_AIRLINER}X)|(?<={_AIRLINER}F))"
        ),
        _say_airliner,
    ),
    Rule(
        "airliners",
        re.compile(rf"(?<![\w.,$£€-])(?P<type>{_AIRLINER})'?s\b"),
        lambda match: plural(pairs(match["type"])),
    ),
    Rule(
        "wide-body",
        re.compile(
            r"(?<![\w.-])A(?P<type>2[12]0|3[0-9]0)-(?P<variant>\d{3,4})(?P<mark>F|ULR)?"
            r"(?!\w|[.,-]\d)"
        ),
        lambda match: (
            f"A-{pairs(match['type'])} "
            + (cardinal(1000) if (v := match["variant"]) == "1000" else pairs(v))
            + (f" {letters(match['mark'])}" if match["mark"] else "")
        ),
    ),
    Rule(
        "graphics card",
        re.compile(r"(?<=\b[GR]TX\ )(?P<number>[1-9]\d{3})(?![\w%]|[.,-]\d)"),
        lambda match: pairs(match["number"]),
    ),
    Rule(
        "section of a code",
        re.compile(
            r"(?<![\w.,$£€-])(?P<number>\d{3})(?P<parts>(?:\([a-zA-Z0-9]\)){1,3})"
            r"(?P<several>s\b)?"
        ),
        _say_section,
    ),
    Rule(
        "motorway",
        re.compile(r"(?<![\w.-])A(?P<number>\d{1,4})\((?P<kind>M)\)"),
        lambda match: f"A-{_in_pairs(match['number'])} M",
    ),
    Rule(
        "flight",
        re.compile(
            r"(?P<word>\b(?:[Ff]light|[Ff]lights)\ )(?P<airline>[A-Z]{2})\ ?"
            r"(?P<number>\d{2,4})(?!\w)"
        ),
        _say_flight,
    ),
    Rule(
        "road",
        re.compile(
            rf"(?P<word>\b(?:{_NUMBERED})\ )(?P<number>\d{{3,4}})(?![\w%]|[.,:-]\d)"
        ),
        lambda match: f"{match['word']}{_in_pairs(match['number'])}",
    ),
    Rule(
        "section sign",
        re.compile(r"§\ ?(?P<number>\d{1,4})(?![\w]|[.,]\d)"),
        lambda match: f"section {_in_pairs(match['number'])}",
    ),
    Rule(
        "caliber",
        re.compile(
            r"(?<![\w.])\.(?P<number>[1-9]\d{1,2})"
            r"(?=[ -](?:cal|caliber|calibre|handguns?|Magnum|pistols?|revolvers?"
            r"|rifles?"
            r"|rounds|Special|Winchester)\b)"
        ),
        lambda match: _in_pairs(match["number"]),
    ),
    Rule(
        "two in one",
        re.compile(r"(?<![\w.])(?P<many>\d)-in-(?P<one>\d)(?P<several>s)?\b"),
        lambda match: (
            f"{number(match['many'])} in "
            + (plural(said) if match["several"] else said)
            if (said := number(match["one"]))
            else None
        ),
    ),
    Rule(
        "video standard",
        re.compile(r"\b(?P<letter>[A-Z])\.(?P<number>\d{2,4})(?!\w)"),
        lambda match: f"{match['letter']} dot {digits(match['number'])}",
    ),
    Rule(
        "version",
        re.compile(r"(?<![\w.])[vV]\.?\ ?(?P<number>\d+(?:\.\d+){1,3})(?!\w|\.\d)"),
        lambda match: (
            "version " + " point ".join(number(n) for n in match["number"].split("."))
        ),
    ),
)

CODE_RULES = (
    Rule(
        "code",
        re.compile(
            r"(?<![\w.-])(?P<prefix>[A-Z][A-Za-z]{0,9})-?"
            r"(?P<number>\d{1,6}|(?<=[A-Z])\d\.\d)"
            r"(?P<suffix>neo|[A-Za-z]{0,2})(?![\w]|[.,]\d|-\d)"
        ),
        _say_code,
    ),
    Rule(
        "chain of letters and digits",
        re.compile(r"(?<![\w.-])(?=[A-Z\d]*[A-Z])(?=[A-Z]*\d)[A-Z\d]{3,}(?!\w)"),
        _say_chain,
    ),
)
