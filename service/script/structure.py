"""What a paragraph is by its form: a heading, an item of a list, a quotation."""

import re
from collections.abc import Sequence

from service.article import Paragraph, ParagraphKind
from service.script.pauses import Pauses

_ITEM = re.compile(
    r"\s*(?:[•‣◦▪●·*\N{EN DASH}—-]|\(?(?:\d{1,2}|[a-z])[.)])\s+\S",
)
"""A bullet, a dash or a number, and a space.  Seen in explainers and in lists of what
to know, copied from pages whose markup is gone."""

_MOST_WORDS, _MOST_CHARACTERS = 12, 90
"""Of a subhead; longer lines without an end mark are paragraphs cut short."""

_ENDED = re.compile(r"[.?!…:;,][\"'”\u2019)\]]*\s*$")
_ASKED = re.compile(r"\?[\"'”\u2019)\]]*\s*$")
_BEGUN = re.compile(r"\W*[^\W_a-zß-öø-ÿ]")
_QUOTED = re.compile(
    r"\s*(?:“[^“”]+”|\"[^\"]+\"|‘[^‘’]+’|«[^«»]+»|„[^„“”]+[“”])[.,]?\s*",
)


def pause_after(paragraphs: Sequence[Paragraph], index: int, pauses: Pauses) -> int:
    """Return the silence after a paragraph, in milliseconds, by its kind."""
    match _kind_of(paragraphs, index):
        case ParagraphKind.HEADING:
            return pauses.subhead
        case ParagraphKind.LIST_ITEM:
            return pauses.item
        case ParagraphKind.QUOTATION:
            return pauses.quotation
        case _:
            return pauses.paragraph


def _kind_of(paragraphs: Sequence[Paragraph], index: int) -> ParagraphKind:
    """Return the kind that the markup declares; without one, guess it from the text."""
    paragraph = paragraphs[index]
    if paragraph.kind is not ParagraphKind.PARAGRAPH:
        return paragraph.kind
    if is_item(paragraph):
        return ParagraphKind.LIST_ITEM
    if is_subhead(paragraphs, index):
        return ParagraphKind.HEADING
    if _QUOTED.fullmatch(paragraph.text):
        return ParagraphKind.QUOTATION
    return ParagraphKind.PARAGRAPH


def is_item(paragraph: Paragraph) -> bool:
    """Whether a paragraph is an item of a list."""
    is_marked = paragraph.kind is ParagraphKind.LIST_ITEM
    return is_marked or _ITEM.match(paragraph.text) is not None


def is_subhead(paragraphs: Sequence[Paragraph], index: int) -> bool:
    """Whether a short line heads the paragraph behind it.

    It has no end mark but a question mark, begins with a capital or a digit and stands
    before a paragraph that is longer.
    """
    line = paragraphs[index].text
    if index + 1 >= len(paragraphs) or len(line) > _MOST_CHARACTERS:
        return False
    following = paragraphs[index + 1]
    followed = len(following.text) > len(line) or is_item(following)
    ended = _ENDED.search(line) and not (_ASKED.search(line) and index > 0)
    brief = 0 < len(line.split()) <= _MOST_WORDS
    return bool(brief and followed and not ended and _BEGUN.match(line))
