"""Written characters, made plain: one kind of quote, one kind of space, no emoji.

Each plain character remembers the range of the written text it came from.
"""

import html
import re
import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlainText:
    """A text for rules to read: every space is " ", every apostrophe "'"."""

    text: str

    starts: tuple[int, ...]
    """For each code point of `text`, the first written code point it stands for."""

    ends: tuple[int, ...]
    """And one past the last."""


_REPLACED = {
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

_KEPT_SYMBOLS = frozenset("°")
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
"""Left over from other formats: HTML entities and tags, footnote numbers, the target of
a Markdown link; then single characters with the accents that follow them."""

_ESCAPED_TWICE = re.compile(r"^&(?:amp;)+(?=.)")
"""Seen in feeds: "&amp;amp;", "&amp;nbsp;"."""


def fold_characters(written: str) -> PlainText:
    """Make a text plain; the result may be shorter or longer, but in order."""
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for match in _WRITTEN.finditer(written):
        for character in _plain_of(match, characters[-1:]):
            characters.append(character)
            starts.append(match.start())
            ends.append(match.end())
    return PlainText("".join(characters), tuple(starts), tuple(ends))


def _plain_of(match: re.Match[str], before: list[str]) -> str:
    if match["tag"] or match["link"]:
        return ""
    if match["entity"]:
        entity = _ESCAPED_TWICE.sub("&", match["entity"])
        unescaped = html.unescape(entity)
        if unescaped == entity:
            return unescaped
        return "".join(_plain_cluster(character, []) for character in unescaped)
    return _plain_cluster(match["cluster"], before)


def _plain_cluster(cluster: str, before: list[str]) -> str:
    first = cluster[0]
    if first in _REPLACED:
        return _REPLACED[first]
    category = unicodedata.category(first)
    if category in _SILENT or "\ufe00" <= first <= "\ufe0f":
        return ""
    composed = unicodedata.normalize("NFKC", cluster.rstrip("\ufe0e\ufe0f"))
    if _FRACTION_SLASH in composed or (
        category == "No" and before and before[-1].isdigit()
    ):
        # "5½" and "10²" must not become "51/2" and "102".
        return " " + composed.replace(_FRACTION_SLASH, "/")
    if category in _BLANK and first not in _KEPT_SYMBOLS and not _is_word(composed):
        return " "
    return "".join(_plain_digit(character) for character in composed)


def _is_word(composed: str) -> bool:
    """Whether a compatibility symbol stands for letters, as "㎏" does for kg."""
    return composed.replace("°", "").isalpha()


def _plain_digit(character: str) -> str:
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    return " " if character.isspace() else character
