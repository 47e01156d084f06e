"""Fold typographic characters: uniform quotes and spaces, no emoji.

Each plain character keeps the range of the written text it came from.
"""

import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from service.script.unreadable.footnotes import find_footnotes
from service.script.unreadable.long_tokens import STAND_IN, find_endless_codes


@dataclass(frozen=True, slots=True)
class PlainText:
    """Folded text for the rules: every space is " ", every apostrophe "'"."""

    text: str

    starts: tuple[int, ...]
    """For each code point of `text`, where its range of the written text starts."""

    ends: tuple[int, ...]
    """For each code point of `text`, where that range ends."""


_REPLACEMENTS = {
    "\N{ACUTE ACCENT}": "'",
    "\N{EN DASH}": "-",
    "\N{FIGURE DASH}": "-",
    "\N{GRAVE ACCENT}": "'",
    "\N{HORIZONTAL ELLIPSIS}": "…",
    "\N{HYPHEN}": "-",
    "\N{LEFT DOUBLE QUOTATION MARK}": '"',
    "\N{LEFT SINGLE QUOTATION MARK}": "'",
    "\N{MASCULINE ORDINAL INDICATOR}": "°",
    "\N{MINUS SIGN}": "-",
    "\N{MODIFIER LETTER APOSTROPHE}": "'",
    "\N{NON-BREAKING HYPHEN}": "-",
    "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
    "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    "\N{TRADE MARK SIGN}": "",
}
"""Seen in pages pasted from content systems and word processors."""

_KEPT_SYMBOLS = frozenset("^°★☆")
_SUPERSCRIPTS = frozenset("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
"""Kept as they are: "x²" must not become "x2"."""

_SILENT = frozenset({"Cf", "Me"})
_BLANK = frozenset({"Cc", "Cn", "Co", "Cs", "Sk", "So", "Zl", "Zp", "Zs"})
_FRACTION_SLASH = "\N{FRACTION SLASH}"

_WRITTEN = re.compile(
    r"""
      (?P<entity> &(?:amp;)*
          (?:\#\d{1,7}|\#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30}); )
    | (?P<tag> </?[A-Za-z][^<>]{0,200}> | \[\d{1,3}\] )
    | (?P<link> \[(?=[^\[\]]{1,300}\]\([^()\s]{1,500}\))
              | (?<=[^\s\]])\]\([^()\s]{1,500}\) )
    | (?P<cluster> .[\u0300-\u036F\uFE00-\uFE0F]* )
    """,
    re.VERBOSE | re.DOTALL,
)
"""Remains of other formats (HTML entities and tags, footnote numbers, the target of a
Markdown link), else one character with the accents that follow it."""

_DOUBLE_ESCAPE = re.compile(r"^&(?:amp;)+(?=.)")
"""Seen in feeds: "&amp;amp;", "&amp;nbsp;"."""


def fold_characters(written: str) -> PlainText:
    """Fold a text; the result may be shorter or longer, in the same order."""
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end, plain in _pieces(written, characters):
        for character in plain:
            characters.append(character)
            starts.append(start)
            ends.append(end)
    return PlainText("".join(characters), tuple(starts), tuple(ends))


def _pieces(written: str, before: list[str]) -> Iterator[tuple[int, int, str]]:
    """Yield the start, the end and the plain text of each piece, in order."""
    fixed = dict.fromkeys(find_footnotes(written), "")
    fixed |= dict.fromkeys(find_endless_codes(written), STAND_IN)
    position = 0
    for start, end in sorted(fixed):
        yield from _clusters(written, position, start, before)
        yield start, end, fixed[start, end]
        position = end
    yield from _clusters(written, position, len(written), before)


def _clusters(
    written: str, start: int, end: int, before: list[str]
) -> Iterator[tuple[int, int, str]]:
    for match in _WRITTEN.finditer(written, start, end):
        yield match.start(), match.end(), _plain_of(match, before[-1:])


def _plain_of(match: re.Match[str], before: list[str]) -> str:
    if match["tag"] or match["link"]:
        return ""
    if match["entity"]:
        entity = _DOUBLE_ESCAPE.sub("&", match["entity"])
        unescaped = html.unescape(entity)
        if unescaped == entity:
            return unescaped
        return "".join(_plain_cluster(character, []) for character in unescaped)
    return _plain_cluster(match["cluster"], before)


def _plain_cluster(cluster: str, before: list[str]) -> str:
    first = cluster[0]
    if first in _REPLACEMENTS:
        return _REPLACEMENTS[first]
    category = unicodedata.category(first)
    if category in _SILENT or "\ufe00" <= first <= "\ufe0f":
        return ""
    if first in _SUPERSCRIPTS:
        return first
    composed = unicodedata.normalize("NFKC", cluster.rstrip("\ufe0e\ufe0f"))
    if _FRACTION_SLASH in composed or (
        category == "No" and before and before[-1].isdigit()
    ):
        # "5½" must not become "51/2".
        return " " + composed.replace(_FRACTION_SLASH, "/")
    if category in _BLANK and first not in _KEPT_SYMBOLS and not _is_word(composed):
        return " "
    return "".join(_plain_digit(character) for character in composed)


def _is_word(composed: str) -> bool:
    """Return whether a compatibility symbol means letters, as "㎏" means kg."""
    return composed.replace("°", "").isalpha()


def _plain_digit(character: str) -> str:
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    return " " if character.isspace() else character


def find_unread_marks(written: str) -> Iterator[tuple[int, int]]:
    """Yield the ranges that readers of a text should not see, in order.

    They are references to footnotes, HTML tags, and the targets of Markdown links.
    """
    notes = set(find_footnotes(written))
    marks = {
        match.span()
        for match in _WRITTEN.finditer(written)
        if match["tag"] or match["link"]
    }
    yield from sorted(notes | marks)
