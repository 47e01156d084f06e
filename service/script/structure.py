"""Choose the pause after a paragraph by its kind, declared or detected."""

import re
from collections.abc import Sequence

from service.article import Paragraph, ParagraphKind
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


def pause_after(paragraphs: Sequence[Paragraph], index: int, pauses: Pauses) -> int:
    """Return the pause after a paragraph by its kind, in milliseconds."""
    match detect_kind(paragraphs, index):
        case ParagraphKind.HEADING:
            return pauses.subhead
        case ParagraphKind.LIST_ITEM:
            return pauses.item
        case ParagraphKind.QUOTATION:
            return pauses.quotation
        case _:
            return pauses.paragraph


def detect_kind(paragraphs: Sequence[Paragraph], index: int) -> ParagraphKind:
    """Return the kind that markup declares; if none, the kind by the text's form."""
    paragraph = paragraphs[index]
    if paragraph.kind is not ParagraphKind.PARAGRAPH:
        return paragraph.kind
    if is_item(paragraph):
        return ParagraphKind.LIST_ITEM
    if is_subhead(paragraphs, index):
        return ParagraphKind.HEADING
    if _QUOTATION.fullmatch(paragraph.text):
        return ParagraphKind.QUOTATION
    return ParagraphKind.PARAGRAPH


def is_item(paragraph: Paragraph) -> bool:
    """Return whether a paragraph is an item of a list."""
    is_declared = paragraph.kind is ParagraphKind.LIST_ITEM
    return is_declared or _ITEM.match(paragraph.text) is not None


def is_subhead(paragraphs: Sequence[Paragraph], index: int) -> bool:
    """Return whether a short line is the heading of the next paragraph.

    It has no end mark except a question mark, begins with a capital or a digit, and
    the paragraph after it is longer.
    """
    line = paragraphs[index].text
    if index + 1 >= len(paragraphs) or len(line) > _MAX_SUBHEAD_CHARACTERS:
        return False
    following = paragraphs[index + 1]
    followed = len(following.text) > len(line) or is_item(following)
    ended = _END_MARK.search(line) and not (_QUESTION_MARK.search(line) and index > 0)
    brief = 0 < len(line.split()) <= _MAX_SUBHEAD_WORDS
    return bool(brief and followed and not ended and _CAPITAL_START.match(line))
