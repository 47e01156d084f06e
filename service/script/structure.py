"""Detect the form of a paragraph: subhead, list item or quotation."""

import re
from collections.abc import Sequence

from service.script.pauses import Pauses

_ITEM = re.compile(
    r"\s*(?:[•‣◦▪●·*\N{EN DASH}—-]|\(?(?:\d{1,2}|[a-z])[.)])\s+\S",
)
"""A bullet, a dash or a number, and a space.  Seen in explainers and in lists of key
points, copied from pages without their markup."""

_MAX_SUBHEAD_WORDS, _MAX_SUBHEAD_CHARACTERS = 12, 90
"""Longer lines without an end mark are truncated paragraphs."""

_END_MARK = re.compile(r"[.?!…:;,][\"'”\u2019)\]]*\s*$")
_QUESTION_MARK = re.compile(r"\?[\"'”\u2019)\]]*\s*$")
_CAPITAL_START = re.compile(r"\W*[^\W_a-zß-öø-ÿ]")
_QUOTATION = re.compile(
    r"\s*(?:“[^“”]+”|\"[^\"]+\"|‘[^‘’]+’|«[^«»]+»|„[^„“”]+[“”])[.,]?\s*",
)


def pause_after(paragraphs: Sequence[str], index: int, pauses: Pauses) -> int:
    """Return the pause after a paragraph by its form, in milliseconds."""
    paragraph = paragraphs[index]
    if is_item(paragraph):
        return pauses.item
    if is_subhead(paragraphs, index):
        return pauses.subhead
    if _QUOTATION.fullmatch(paragraph):
        return pauses.quotation
    return pauses.paragraph


def is_item(paragraph: str) -> bool:
    """Return whether a paragraph is an item of a list."""
    return _ITEM.match(paragraph) is not None


def is_subhead(paragraphs: Sequence[str], index: int) -> bool:
    """Return whether a short line is the heading of the next paragraph.

    It has no end mark except a question mark, begins with a capital or a digit, and
    the paragraph after it is longer.
    """
    line = paragraphs[index]
    if index + 1 >= len(paragraphs) or len(line) > _MAX_SUBHEAD_CHARACTERS:
        return False
    followed = len(paragraphs[index + 1]) > len(line) or is_item(paragraphs[index + 1])
    ended = _END_MARK.search(line) and not (_QUESTION_MARK.search(line) and index > 0)
    brief = 0 < len(line.split()) <= _MAX_SUBHEAD_WORDS
    return bool(brief and followed and not ended and _CAPITAL_START.match(line))
