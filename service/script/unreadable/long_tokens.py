"""Codes that no listener can follow: hashes, keys, base64.

They are named in one phrase where a language has rules, and silent elsewhere: spelled,
4,000 characters would last twenty minutes.
"""

import re
from collections.abc import Iterator

from service.script.normalization import Rule

_MIN_CHARACTERS = 24
_SURE_CHARACTERS = 80
"""No word or number of this length is read aloud."""

_MIN_CHANGES = 5
"""Changes between small letters, capitals and digits; words and names have fewer."""

_CHANGE = re.compile(r"(?<=[a-z])[A-Z\d]|(?<=[A-Z])\d|(?<=\d)[A-Za-z]")

TOKEN = re.compile(
    rf"(?<![\w+/=@.-])(?:[0-9a-fA-F]{{8}}(?:-[0-9a-fA-F]{{4}}){{3}}-[0-9a-fA-F]{{12}}"
    rf"|[A-Za-z\d+/_]{{{_MIN_CHARACTERS},}}={{0,2}})(?![\w+/=@-])"
)
"""A code of letters and digits without spaces; an identifier in groups of hex."""


STAND_IN = "0a" * (_MIN_CHARACTERS // 2)
"""A code for the rules in place of a longer one, so that they take no longer."""


def find_endless_codes(text: str) -> Iterator[tuple[int, int]]:
    """Yield the ranges of codes for which `STAND_IN` may stand."""
    for token in TOKEN.finditer(text):
        if len(token[0]) >= _SURE_CHARACTERS:
            yield token.span()


def is_long_code(token: str) -> bool:
    """Return whether a match of `TOKEN` is a code and not a word."""
    if len(token) >= _SURE_CHARACTERS:
        return True
    if token.isdigit() or not any(character.isdigit() for character in token):
        return False
    return sum(1 for _ in _CHANGE.finditer(token)) >= _MIN_CHANGES


def long_code_rule(name: str) -> Rule:
    """Build the rule that says `name` for a code; it is silent if that is empty."""
    return Rule(
        "long code",
        TOKEN,
        lambda match: (name or ()) if is_long_code(match[0]) else None,
    )
