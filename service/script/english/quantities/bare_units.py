"""Units that are also letters or words: "5 V", "2 L of water", "5 in. of rain"."""

import re

from service.script.english.numbers.number_words import NUMBER, number
from service.script.english.quantities.amount_context import describes
from service.script.normalization import Rule

_LETTERS = {
    "A": ("amp", "amps"),
    "L": ("liter", "liters"),
    "V": ("volt", "volts"),
    "l": ("liter", "liters"),
}
_CONTEXTS = {
    "A": re.compile(
        r"\b(?:amps?|batter(?:y|ies)|breakers?|charger|circuit|current|fuse|motor|plug"
        r"|socket|volts?|\d+\ ?V)\b"
    ),
    "L": re.compile(
        r"\b(?:beer|blood|bottles?|capacity|engine|fuel|jugs?|kg|lb|milk|ml|mL|oil|oz"
        r"|petrol|tanks?|water|wine)\b"
    ),
    "V": re.compile(
        r"\b(?:amps?|batter(?:y|ies)|charger|circuit|current|gives?|mains|motor|plug"
        r"|power|socket|supply|voltage|wire[sd]?|\d+\ ?A)\b"
    ),
}
"""Words in a sentence where the letter is a unit."""

_CLOSED = re.compile(r"[.,;)]|\Z")
_INCHES = re.compile(r"(?<!\d)\"|\"(?=\w)")
_FEET = re.compile(r"(?:^|[\s(])'")
"""Signs before an amount that open a quotation."""

_NAME = re.compile(r" [a-z]?[A-Z]")
"""A product that an amount describes: "an 11-inch iPad"."""

_NAMED = re.compile(r"(?<=\s)[A-Z]\w+ $")
"""A noun with a number inside a sentence: "in Part 5 A"."""

_EXTENT = r"(?:across|apart|deep|from|high|long|of|tall|thick|wide)\b"
_LAMP = re.compile(r"\b(?:bulbs?|color|colour|lamps?|LEDs?|lights?|lighting|white)\b")


def _say_letter(match: re.Match[str]) -> str | None:
    unit = match["unit"]
    before, after = match.string[: match.start()], match.string[match.end() :]
    if _NAMED.search(before) or re.match(r" (?:levels?|[A-Z\d])", after):
        return None
    is_sure = unit not in _CONTEXTS or _CLOSED.match(after)
    if not (is_sure or _CONTEXTS[unit].search(match.string)):
        return None
    is_singular = match["amount"] == "1" or describes(match)
    return f"{number(match['amount'])} {_LETTERS[unit][0 if is_singular else 1]}"


def _say_length(match: re.Match[str]) -> str:
    singular, plural = ("foot", "feet") if match["unit"] == "'" else ("inch", "inches")
    is_singular = (
        match["amount"] == "1"
        or describes(match)
        or _NAME.match(match.string, match.end())
    )
    return f"{number(match['amount'])} {singular if is_singular else plural}"


def _say_sign(match: re.Match[str]) -> str | None:
    opening = _FEET if match["unit"] == "'" else _INCHES
    if opening.search(match.string[: match.start()]):
        return None
    return _say_length(match)


BARE_UNIT_RULES = (
    Rule(
        "letter of a unit",
        re.compile(
            rf"(?<![\w.,/$£€-])(?P<amount>{NUMBER})\ (?P<unit>[ALVl])(?![\w'&-]|\.\w)"
        ),
        _say_letter,
    ),
    Rule(
        "length with a sign",
        re.compile(
            rf"(?<![\w.,/'-])(?P<amount>{NUMBER})(?P<unit>'(?=\ {_EXTENT})"
            rf"|\ ?in\.(?=\ (?:{_EXTENT}|rain\b|snow\b)))"
        ),
        _say_length,
    ),
    Rule(
        "temperature of a lamp",
        re.compile(r"(?<![\w.,])(?P<amount>[1-9]\d{3})\ ?K(?!\w)"),
        lambda match: (
            f"{number(match['amount'])} kelvin" if _LAMP.search(match.string) else None
        ),
    ),
)
"""Seen in technology, health and weather pages; tried before measures."""

LENGTH_SIGN_RULES = (
    Rule(
        "sign of a length",
        # After an opening quote the sign closes a quotation.
        re.compile(
            rf"(?<![\w.,/'-])(?P<amount>{NUMBER})(?P<unit>[\"'])(?=[.,;)]|\Z|\ [a-z])"
        ),
        _say_sign,
    ),
)
"""Tried after heights and dimensions."""
