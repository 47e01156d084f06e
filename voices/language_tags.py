"""What the makers of voices call a language, as BCP 47 has it."""

import re

_CODE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]+)*")
_SCRIPT_LETTERS = 4

_OWN = {"cmn": "zh", "nb": "no"}
"""Codes of espeak, as the languages of articles are called."""


def language_tag(code: str) -> str | None:
    """Return the tag of a language's code, such as "en-US" for "en_US" or "en-us".

    A path before it, as espeak has it ("gmw/en-US"), is left out.  None when it is no
    code of a language.
    """
    last = code.rpartition("/")[2]
    if not _CODE.fullmatch(last):
        return None
    public, private, rest = last.lower().replace("_", "-").partition("-x-")
    primary, *others = public.split("-")
    tag = "-".join([_OWN.get(primary, primary), *(_subtag(one) for one in others)])
    return tag + private + rest


def _subtag(subtag: str) -> str:
    """Write a subtag as RFC 5646, 2.1.1 has it: REGION, Script, and the rest small."""
    if len(subtag) == 2 and subtag.isalpha():  # noqa: PLR2004 - a region of ISO 3166
        return subtag.upper()
    if len(subtag) == _SCRIPT_LETTERS and subtag.isalpha():
        return subtag.title()
    return subtag
