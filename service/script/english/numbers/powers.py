"""Powers, roots and signs of mathematics: "10⁻³", "x²", "10^6", "√2", "5 * 3"."""

import re

from service.script.english.names.initialisms import letters
from service.script.english.numbers.number_words import cardinal, number
from service.script.normalization import Rule, Spoken, part

SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻"
_SUPERSCRIPT_VALUES = str.maketrans(SUPERSCRIPTS, "0123456789+-")
_POWER = rf"(?P<power>[{SUPERSCRIPTS}]{{1,4}}|\^\(?[+-]?\d{{1,3}}\)?)"
_NAMED = {2: "squared", 3: "cubed"}
_SCALES = {3: "thousand", 6: "million", 9: "billion", 12: "trillion"}
_LENGTHS = frozenset({"cm", "ft", "in", "km", "m", "mi", "mm", "yd"})
"""Their powers are areas and volumes: "km²"."""

_SIGNS = {
    "√": "root",
    "∞": "infinity",
    "≠": "is not equal to",
}


def _to_the(exponent: int) -> str:
    sign = "minus " if exponent < 0 else ""
    return f"to the {sign}{cardinal(abs(exponent))}"


def _say_power(written: str) -> str | None:
    figures = written.translate(_SUPERSCRIPT_VALUES).strip("^()")
    if not re.fullmatch(r"[+-]?\d{1,3}", figures):
        return None
    exponent = int(figures)
    return _NAMED.get(exponent) or _to_the(exponent)


def _say_power_of_number(match: re.Match[str]) -> tuple[Spoken, ...] | None:
    power = _say_power(match["power"])
    if power is None:
        return None
    return part(match, "base", number(match["base"])), part(match, "power", power)


def _say_power_of_letters(match: re.Match[str]) -> tuple[Spoken, ...] | None:
    power, base = _say_power(match["power"]), match["base"]
    if power is None or base in _LENGTHS:
        return None
    said = " ".join(letters(letter.upper()) for letter in base)
    return part(match, "base", said), part(match, "power", power)


def _say_scientific(match: re.Match[str]) -> str:
    figure, exponent = number(match["figure"]), int(match["exponent"])
    if exponent in _SCALES:
        return f"{figure} {_SCALES[exponent]}"
    return f"{figure} times ten {_to_the(exponent)}"


POWER_RULES = (
    Rule(
        "power of a number",
        # A year with a raised number has a footnote.
        re.compile(rf"(?<![\w.,])(?P<base>\d{{1,3}}(?:\.\d{{1,3}})?){_POWER}(?!\w)"),
        _say_power_of_number,
    ),
    Rule(
        "power of letters",
        re.compile(rf"(?<![^\W\d_])(?<!/)(?P<base>[A-Za-z]{{1,2}}){_POWER}(?!\w)"),
        _say_power_of_letters,
    ),
    Rule(
        "scientific notation",
        re.compile(
            r"(?<![\w.,])(?P<figure>\d(?:\.\d{1,6})?)e(?P<exponent>[+-]?\d{1,2})(?!\w)"
        ),
        _say_scientific,
    ),
    Rule(
        "power of a program",
        re.compile(r"(?<=\d)\ ?\*\*\ ?(?=\d)"),
        lambda _: "to the power of",
    ),
    Rule(
        "product",
        re.compile(r"(?<=[\d)])\ ?\*\ ?(?=[\d(])"),
        lambda _: "times",
    ),
    Rule("root", re.compile(r"√(?=\ ?[\w(])"), lambda match: _SIGNS[match[0]]),
    Rule("sign of a sum", re.compile(r"[∞≠]"), lambda match: _SIGNS[match[0]]),
    Rule("arrow", re.compile(r"(?<=\w)\ ?[→⟶]\ ?(?=\w)"), lambda _: "to"),
    Rule(
        "function",
        re.compile(r"\b(?P<name>[fgh])\((?P<of>[a-z])\)(?!\w)"),
        lambda match: f"{match['name']} of {match['of']}",
    ),
)
"""Seen in science and technology pages; tried before measures."""
