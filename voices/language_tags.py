"""Convert the language codes of voices to BCP 47 tags."""

import re

_CODE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]+)*")
_SCRIPT_LETTERS = 4

_RENAMED_PRIMARY = {"cmn": "zh", "nb": "no"}
"""From espeak's primary subtags to those used for articles."""


def language_tag(code: str) -> str | None:
    """Return the tag of a language code, such as "en-US" for "en_US" or "en-us".

    A path prefix, as in espeak's "gmw/en-US", is dropped.  None if it is not a language
    code.
    """
    last = code.rpartition("/")[2]
    if not _CODE.fullmatch(last):
        return None
    public, private, rest = last.lower().replace("_", "-").partition("-x-")
    primary, *others = public.split("-")
    tag = "-".join(
        [_RENAMED_PRIMARY.get(primary, primary), *(_subtag(part) for part in others)]
    )
    return tag + private + rest


def _subtag(subtag: str) -> str:
    """Format a subtag by RFC 5646, 2.1.1: REGION, Script, others in lower case."""
    if len(subtag) == 2 and subtag.isalpha():  # noqa: PLR2004 - a region of ISO 3166
        return subtag.upper()
    if len(subtag) == _SCRIPT_LETTERS and subtag.isalpha():
        return subtag.title()
    return subtag
