"""Geographic coordinates: "40.7° N, 74° W", "51°30'N"."""

import re

from service.script.english.numbers.number_words import cardinal, number
from service.script.normalization import Rule

_SIDES = {"E": "east", "N": "north", "S": "south", "W": "west"}


def _say_coordinate(match: re.Match[str]) -> str:
    said = f"{number(match['degrees'])} degrees"
    for name in ("minute", "second"):
        if count := match[name]:
            ending = "" if count == "1" else "s"
            said = f"{said} {cardinal(int(count))} {name}{ending}"
    return f"{said} {_SIDES[match['side']]}"


COORDINATE_RULES = (
    Rule(
        "coordinate",
        re.compile(
            r"(?<![\w.,])(?P<degrees>\d{1,3}(?:\.\d+)?)\ ?°\ ?"
            r"(?:(?P<minute>\d{1,2})'\ ?(?:(?P<second>\d{1,2})(?:\"|'')\ ?)?)?"
            r"(?P<side>[NESW])\b"
        ),
        _say_coordinate,
    ),
)
"""Seen in reports of quakes, ships and crashes."""
