"""Signs that are words: "and/or", "~400", "C++", "§ 4", "2 + 2"."""

import re

from service.script.english.names.initialisms import letters
from service.script.english.numbers.number_words import number
from service.script.normalization import Rule, part

_SIGNS = {
    "#": "number",
    "$": "dollar",
    "%": "percent",
    "&": "and",
    "+": "plus",
    "=": "equals",
    "@": "at",
    "£": "pound",
    "§": "section",
    "°": "degrees",
    "±": "plus or minus",
    "\N{MULTIPLICATION SIGN}": "times",
    "÷": "divided by",
    "€": "euro",
    "≈": "about",
    "≤": "at most",
    "≥": "at least",
}
"""Signs that are read as words; all others are silent."""

_CHOICES = "|".join(
    f"{first}/{second}"
    for first, second in (
        ("he", "she"),
        ("he", "they"),
        ("her", "his"),
        ("him", "her"),
        ("his", "her"),
        ("his", "hers"),
        ("she", "he"),
        ("she", "they"),
    )
)
"""Pairs read with "or"; the pronouns of a profile ("she/her") are not."""

_LABEL = re.compile(r"(?!and/)[a-z]+\ ?/\ ?[a-z]+\.?")
"""A text of only two words."""

_SUM = r"\d+(?:\.\d+)?"


def _say_item(item: str) -> str:
    return number(item) if item.isdigit() else letters(item.upper())


EARLY_SYMBOL_RULES = (
    Rule(
        "item of a list",
        re.compile(r"\A\W*(?P<item>\d{1,2}|[a-h])[.)]+(?=\ [^\W\d_])"),
        lambda match: (part(match, "item", f"{_say_item(match['item'])},"),),
    ),
    Rule(
        "number sign",
        re.compile(r"\bN°\.?\ ?(?=\d)"),
        lambda _: "number",
    ),
    Rule(
        "sum",
        re.compile(rf"(?<![\w.,-])(?P<less>{_SUM})\ ?-\ ?(?P<by>{_SUM})(?=\ ?=\ ?\d)"),
        lambda match: f"{number(match['less'])} minus {number(match['by'])}",
    ),
    Rule(
        "ratio",
        re.compile(
            r"(?<![\w.:])(?P<one>\d{1,3}):(?P<other>\d{1,3})(?=\ (?:odds|ratio)\b)"
            r"|(?<=ratio\ of\ )(?P<a>\d{1,3}):(?P<b>\d{1,3})(?![\w:])"
        ),
        lambda match: (
            f"{number(match['one'] or match['a'])} to "
            f"{number(match['other'] or match['b'])}"
        ),
    ),
)
"""Tried before ranges and times, which look like them."""

SYMBOL_RULES = (
    Rule(
        "about",
        re.compile(r"(?<![\w/~])~\ ?(?=[$£€¥]?\d)"),
        lambda _: "about",
    ),
    Rule(
        "choice",
        re.compile(rf"\b(?P<one>(?i:{_CHOICES}))\b(?!/)"),
        lambda match: match["one"].replace("/", " or "),
    ),
    Rule(
        "slash",
        # Silent between words of a sentence, as in "and/or"; spoken in a label.
        re.compile(r"(?<=[a-z])\ ?/\ ?(?=[a-z])"),
        lambda match: "slash" if _LABEL.fullmatch(match.string) else None,
    ),
    Rule(
        "plus of a name",
        re.compile(
            r"(?<=\w)(?<!\+)\+(?=[,.;:!?)\"']|\Z)(?![.,]\d)"
            r"|(?<=[a-z]\ )\+(?=[,.;:!?)\"])"
        ),
        lambda _: "plus",
    ),
    Rule(
        "plus plus",
        re.compile(r"(?<=\b[A-Za-z])\+\+(?!\w)"),
        lambda _: "plus plus",
    ),
    Rule(
        "sharp",
        re.compile(r"\b(?P<letter>[CF])\#(?!\w)"),
        lambda match: (part(match, "letter", f"{match['letter']} sharp"),),
    ),
    Rule(
        "sign",
        re.compile(
            rf"(?:(?<=\w)|(?<=\s)|\A)[{re.escape(''.join(_SIGNS))}](?=\s|\w|\Z)"
        ),
        lambda match: _SIGNS[match[0]],
    ),
)
