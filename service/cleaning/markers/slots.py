"""The slots of a phrase as regular expressions over tokens: `build_pattern`."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from service.cleaning.lines import tokenize

SLOT_NAME = re.compile(r"(\{[a-z]*\})")

_LAST_CASED = 0x0530
"""Code point after the Latin, Greek, Cyrillic and Armenian capitals."""

_CAPITAL = "".join(
    character for character in map(chr, range(_LAST_CASED)) if character.isupper()
)
_CASELESS = (
    "\u05d0-\u05ea\u0620-\u06d3\u0904-\u0dc6\u0e01-\u0eae\u1000-\u109f"
    "\u10d0-\u10ff\u1200-\u137f\u1780-\u17ff\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3"
)
"""Letters of scripts without capitals: each word of them may be a name."""

_DATE_NUMBER = (
    r"\d[\d.,:/]*(?:st|nd|rd|th|am|pm|h|er|e|o|a)?|\d+T[\d:.]+Z?"
    # Tokens split after the digits: "14h30", "21st".
    r"|\d?h\d\d(?:min)?|st|nd|rd|th|er"
)
_UNSPACED = re.compile("[\u3041-\u30ff\u3400-\u9fff\u0e01-\u0eae]")


@dataclass(frozen=True, slots=True)
class SlotWords:
    """The lower-case words of a language that dates and names may contain."""

    date: frozenset[str] = frozenset()
    """Months, days of the week, time zones, and words such as "at" and "ago"."""

    name: frozenset[str] = frozenset()
    """Words between names and inside them, such as "and" and "van"."""

    def __or__(self, other: "SlotWords") -> "SlotWords":
        """Return the words of both."""
        return SlotWords(self.date | other.date, self.name | other.name)


class Slot(NamedTuple):
    """The varying part of a phrase: `fewest` to `most` tokens, each with a space."""

    token: str
    fewest: int
    most: int


def make_slots(words: SlotWords) -> Mapping[str, Slot]:
    """Make the slots of a language by their names in braces."""
    return {
        "{number}": Slot(r"\d\S* ", 1, 1),
        "{name}": Slot(_name_token(words.name), 1, 10),
        "{date}": Slot(_date_token(words.date), 1, 14),
        "{words}": Slot(r"\S+ ", 0, 12),
        "{text}": Slot(r"\S+ ", 0, 100),
    }


def build_pattern(pieces: Iterable[str], slots: Mapping[str, Slot]) -> str:
    """Build the regular expression of a phrase from its literals and slots."""
    return "".join(_build_pieces(pieces, slots))


def _build_pieces(pieces: Iterable[str], slots: Mapping[str, Slot]) -> Iterator[str]:
    for piece in pieces:
        if piece in slots:
            token, fewest, most = slots[piece]
            yield f"(?:{token}){{{fewest},{most}}}"
        else:
            yield from (re.escape(token) + " " for token in tokenize(piece))


def _name_token(words: frozenset[str]) -> str:
    particles = f"(?:{_any_of(words)}) |" if words else ""
    return rf"(?-i:[{_CAPITAL}{_CASELESS}])\S* |{particles}/ "


def _date_token(words: frozenset[str]) -> str:
    if not words:
        return rf"(?:{_DATE_NUMBER}|\|) "
    if any(map(_UNSPACED.search, words)):
        # Without spaces, numbers and words of a date are one token.
        return rf"(?:(?:[\d.,:/|]|{_any_of(words)})+) "
    return rf"(?:{_DATE_NUMBER}|\||{_any_of(words)}) "


def _any_of(words: frozenset[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word))))
