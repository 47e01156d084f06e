"""Postal addresses: "1211 E Lake Ave", "Reno, Nev.,", "Salem, OR 97301"."""

import re

from service.script.english.numbers.number_words import digits, number, pairs
from service.script.english.places.states import POSTAL_STATES, STATES
from service.script.normalization import Rule, Spoken, part
from service.script.regex_alternation import alternation

_DIRECTIONS = {
    "E": "East",
    "N": "North",
    "NE": "Northeast",
    "NW": "Northwest",
    "S": "South",
    "SE": "Southeast",
    "SW": "Southwest",
    "W": "West",
}
_STREETS = {
    "Ave": "Avenue",
    "Blvd": "Boulevard",
    "Cres": "Crescent",
    "Ct": "Court",
    "Dr": "Drive",
    "Hwy": "Highway",
    "Ln": "Lane",
    "Pkwy": "Parkway",
    "Pl": "Place",
    "Rd": "Road",
    "Sq": "Square",
    "St": "Street",
    "Ter": "Terrace",
    "Terr": "Terrace",
}
"""Abbreviated street types.  Seen in local and police pages."""

_AMBIGUOUS = frozenset({"Ct", "Dr", "Pl", "Sq", "Ter"})
"""Court, doctor, place in a race, ...: a street only after a house number."""

_STREET = alternation(_STREETS)
_NAMES = r"(?:[A-Z][\w'-]*|\d{1,3}(?:st|nd|rd|th))"
_COMPASS = r"(?:NE|NW|SE|SW|[NESW])\b\.?"
_TOWN = r"(?<=[a-z],\ )"
_AMBIGUOUS_STATES = "CO|DE|HI|ID|IN|LA|MA|MD|ME|MS|MT|OH|OK|OR|PA"
"""Words and degrees too: a state only next to a place or a number."""


def _say_house(written: str) -> str:
    return pairs(written) if re.fullmatch(r"[1-9]\d{2,3}", written) else number(written)


def _say_direction(written: str) -> str:
    return _DIRECTIONS[written.rstrip(".")]


def _say_address(match: re.Match[str]) -> tuple[Spoken, ...]:
    said = [part(match, "house", _say_house(match["house"]))]
    if match["compass"]:
        said.append(part(match, "compass", _say_direction(match["compass"])))
    return tuple(said)


def _say_street(match: re.Match[str]) -> str | None:
    written, before = match["street"], match.string[: match.start()]
    known = _STREETS.get(written.capitalize())
    named = re.search(r"(?:\b[A-Z][\w'.-]*|\d(?:st|nd|rd|th)) $", before)
    # Lower case and ambiguous types also need a house number before the name.
    housed = re.search(r"\d\w* (?:[\w'.-]+ ){0,4}$", before)
    if written[0].islower() or written in _AMBIGUOUS:
        named = named and housed
    return known if named else None


def _say_postal(match: re.Match[str]) -> str | None:
    state = match["state"]
    before = match.string[: match.start()]
    in_place = re.search(
        r"\b(?:at|from|in|near|of|outside|to) (?:[A-Z][\w.'-]+ ){0,2}[A-Z][\w'-]+, $",
        before,
    )
    numbered = re.match(r",? \d{5}\b", match.string[match.end() :])
    if re.fullmatch(_AMBIGUOUS_STATES, state) and not (in_place or numbered):
        return None
    return POSTAL_STATES[state]


ADDRESS_RULES = (
    Rule(
        "house number",
        re.compile(
            rf"(?<![\w.,$£€#/-])(?P<house>\d{{1,5}})\ (?:(?P<compass>{_COMPASS})\ )?"
            rf"(?={_NAMES}(?:\ {_NAMES}){{0,3}}\ (?:(?i:{_STREET})\b"
            r"|Avenue|Boulevard|Drive|Highway|Lane|Road|Street))"
        ),
        _say_address,
    ),
    Rule(
        "street",
        re.compile(
            rf"(?<=\w\ )(?P<street>(?:{_STREET}|{_STREET.lower()})\b)\.?"
            r"(?=[,;:)]|\Z|\ [a-z(]|\ (?:Apt|Suite)\b|\ \d)"
        ),
        _say_street,
    ),
    Rule(
        "direction",
        re.compile(
            rf"(?<![\w.'])(?P<compass>{_COMPASS})\ (?=\d{{1,3}}(?:st|nd|rd|th)\ "
            rf"(?i:{_STREET}|street|avenue)\b)"
        ),
        lambda match: _say_direction(match["compass"]),
    ),
    Rule(
        "two states",
        re.compile(
            rf"(?<!\w)(?P<one>{alternation(STATES)})\.\ (?P<joint>and|or)\ "
            rf"(?P<other>{alternation(STATES)})\."
        ),
        lambda match: (
            part(match, "one", STATES[match["one"]]),
            part(match, "joint", match["joint"]),
            part(match, "other", STATES[match["other"]]),
        ),
    ),
    Rule(
        "state",
        re.compile(rf"(?<=,\ )(?<!\b[DIR]\.,\ )(?P<state>{alternation(STATES)})\."),
        lambda match: STATES[match["state"]],
    ),
    Rule(
        "state of the post",
        re.compile(rf"{_TOWN}(?P<state>{'|'.join(POSTAL_STATES)})(?![\w'&-])"),
        _say_postal,
    ),
    Rule(
        "post code",
        re.compile(
            r"(?:(?<=[A-Z]{2}\ )|(?<=[A-Z]{2},\ ))(?P<code>\d{5})"
            r"(?:-(?P<more>\d{4}))?(?![\w]|[.,]\d)"
        ),
        lambda match: (
            digits(match["code"] + (match["more"] or ""))
            if match.string[: match.start()].rstrip(", ")[-2:] in POSTAL_STATES
            else None
        ),
    ),
)
