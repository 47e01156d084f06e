"""Recognise lines that are never a headline: `is_never_headline`, `joins_label`."""

import re
from collections.abc import Container

from service.cleaning.lines import Line

_MAX_QUOTATION_WORDS = 25
"""Words of the longest headline that begins with a quotation, which is usually short; a
longer line quotes a paragraph below it, with its speaker."""

_JOINED_SENTENCES = re.compile(r"[^\W\d_]{3}[.!?][^\W\d_]{2}")
"""Two sentences without a space between them, as a page joins the texts of a box."""

_JOINED_WORDS = re.compile(r"(?<=[^\W\d_])(?=[A-Z])")
"""Where a label may be joined to the headline of another story: "SportBoats race"."""

_MAX_LABEL_CHARACTERS = 30
"""Characters of the longest such label."""

_OPENING_QUOTES = ('"', "“", "„", "«", "‘")


def is_never_headline(line: Line) -> bool:
    """Whether the line has an address, is a long quotation, or joins two texts."""
    return (
        "://" in line.text
        or (line.size > _MAX_QUOTATION_WORDS and line.text.startswith(_OPENING_QUOTES))
        or _joins_sentences(line.text)
    )


def _joins_sentences(text: str) -> bool:
    joint = _JOINED_SENTENCES.search(text)
    # The end of an address is in lower case: "example.com".
    return joint is not None and joint[0][-2].isupper()


def joins_label(line: Line, texts: Container[str]) -> bool:
    """Whether it is a label and another line's text, without a space between them.

    Args:
        line: a line of the page.
        texts: of all its lines.
    """
    return any(
        line.text[joint.start() :] in texts
        for joint in _JOINED_WORDS.finditer(line.text, 1, _MAX_LABEL_CHARACTERS)
    )
