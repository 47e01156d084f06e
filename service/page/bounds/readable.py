"""Refuse what is sent as text and is none: `check_readable`."""

import re

from service.errors import UnreadableInput

_SIGNATURES = {
    "%PDF-": "a PDF",
    "PK\x03\x04": "a ZIP archive or a Word document",
    "{\\rtf": "an RTF document",
    "\x89PNG": "an image",
    "\xff\xd8\xff": "an image",
    "GIF8": "an image",
}
"""Beginnings of files, and what they are."""

_MAX_EXAMINED_CHARACTERS = 200_000
"""Characters from which a text is judged."""

_BINARY = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f\ufffd]")
"""Control characters, and what replaces bytes that cannot be decoded."""

_MOJIBAKE = re.compile(
    "[ÂÃÐÑ][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â[\x80€][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"  # noqa: RUF001
)
"""UTF-8 that was decoded as Latin-1 or Windows-1252: "CafÃ©"."""

_MIN_FOUND = 10
"""Characters from which a ratio counts: a short text may have a strange sign."""

_MAX_BINARY_RATIO = 0.01
_MAX_MOJIBAKE_RATIO = 0.02
"""Shares of a text that may be such; in a text of one broken source a quotation mark in
a hundred characters was seen, in a text in mojibake one letter in thirty."""


def check_readable(text: str) -> None:
    """Refuse binary data and text that was decoded in the wrong encoding.

    Raises:
        UnreadableInput: it is not readable.
    """
    for signature, kind in _SIGNATURES.items():
        if text.startswith(signature):
            raise UnreadableInput(
                f"The input is {kind}, not text; send the text of the article."
            )
    examined = text[:_MAX_EXAMINED_CHARACTERS]
    if _is_common(_BINARY, examined, _MAX_BINARY_RATIO):
        raise UnreadableInput(
            "The input is binary, or is not encoded in UTF-8; send the text of the"
            " article as UTF-8."
        )
    if _is_common(_MOJIBAKE, examined, _MAX_MOJIBAKE_RATIO):
        raise UnreadableInput(
            "The input was decoded in the wrong encoding, as in “CafÃ©”; decode it as"
            " UTF-8 and send it again."
        )


def _is_common(pattern: re.Pattern[str], text: str, ratio: float) -> bool:
    count = sum(1 for _ in pattern.finditer(text))
    return count >= _MIN_FOUND and count > ratio * len(text)
