"""Names in which a sign is a letter: "Ke$ha", "A$AP", "P!nk"."""

import re

from service.script.english.quantities.currencies import COUNTRIES
from service.script.normalization import Rule

_WORDS = "aver?|avings|elf|ex|hop|how|ign|tar|tyle|uper"
"""What follows a dollar sign that is an S; other words are variables of a program."""

_SCALE = re.compile(r"(?:bn|mn|tn|[bkm])\Z", re.IGNORECASE)


def _say_dollar(match: re.Match[str]) -> str | None:
    before, _, after = match["name"].partition("$")
    if before in COUNTRIES and (not after or _SCALE.match(after)):
        # "US$m" is a heading of a table.
        return None
    name = match["name"].replace("$", "S" if match["name"].isupper() else "s")
    return name.capitalize() if name.isupper() else name


SIGNED_NAME_RULES = (
    Rule(
        "dollar in a name",
        re.compile(
            r"(?<![\w$])(?P<name>[A-Z][A-Za-z]{0,5}\${1,2}[A-Za-z]{1,6}"
            rf"|[A-Z][A-Za-z]{{1,15}}\$\$|\$(?:{_WORDS}))(?![\w$])"
        ),
        _say_dollar,
    ),
    Rule(
        "exclamation mark in a name",
        re.compile(r"(?<!\w)(?P<name>[A-Z]![a-z]{2,12})(?!\w)"),
        lambda match: match["name"].replace("!", "i"),
    ),
)
"""Seen in culture pages."""
