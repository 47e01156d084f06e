"""Lexicon entries and their validation."""

import re
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum

from service.script.english.names.initialisms import letters
from service.script.plain_text import fold_characters

MAX_GRAPHEME_CHARACTERS, MAX_VALUE_CHARACTERS = 100, 200
"""In code points: entries are names, not sentences."""

_WORDS = re.compile(r"[^\W\d_](?:['-]?[^\W\d_\s]|['-]? ?[^\W\d_])*'?")
_LETTER = re.compile(r"[^\W\d_]")
_PHONEME_CATEGORIES = frozenset({"Ll", "Lo"})
"""Unicode categories of phonetic letters; stress and length marks have another."""

_IPA_EQUIVALENTS = str.maketrans(
    {
        "'": "ˈ",  # noqa: RUF001 - a phonetic sign
        ".": None,
        ":": "ː",  # noqa: RUF001 - a phonetic sign
        "g": "ɡ",  # noqa: RUF001 - a phonetic sign
        "ʣ": "dz",
        "ʤ": "dʒ",
        "ʦ": "ts",
        "ʧ": "tʃ",
        "\N{COMBINING DOUBLE BREVE BELOW}": None,
        "\N{COMBINING DOUBLE INVERTED BREVE}": None,
        "\N{UNDERTIE}": None,
    }
)
"""Lexicon characters and those that voices use: ligatures and ties of affricates, the
keyboard's g, stress and length; dots between syllables are dropped."""


class EntryKind(StrEnum):
    """Kind of an entry's pronunciation."""

    ALIAS = "alias"
    """By other words."""

    IPA = "ipa"
    """By phonemes of the International Phonetic Alphabet."""

    LETTERS = "letters"
    """Letter by letter."""

    WORD = "word"
    """As a word, although it is written like an initialism."""


@dataclass(frozen=True, slots=True)
class LexiconEntry:
    """A word or phrase as written, and how it is said."""

    grapheme: str
    """As written; variants of quotes, dashes and spaces are equal."""

    kind: EntryKind

    value: str = ""
    """Words or phonemes; empty for `letters` and `word`."""

    case: bool = True
    """Whether capitals must match."""

    whole_word: bool = True
    """Whether it does not match inside a longer word."""

    plain: str = field(init=False, repr=False)
    """The grapheme with typographic characters folded, as rules see it."""

    def __post_init__(self) -> None:
        """Fold the grapheme once."""
        plain = " ".join(fold_characters(self.grapheme).text.split())
        object.__setattr__(self, "plain", plain)

    @property
    def letters(self) -> str:
        """The letters of the grapheme, in capitals."""
        return "".join(filter(str.isalpha, self.plain)).upper()

    @property
    def spoken(self) -> str:
        """The text for a voice that cannot read phonemes."""
        if self.kind is EntryKind.ALIAS:
            return " ".join(self.value.split())
        words = re.findall(r"[^\W\d_]+(?:['-][^\W\d_]+)*", self.plain)
        if self.kind is EntryKind.LETTERS:
            return letters(self.letters)
        if self.kind is EntryKind.WORD:
            return " ".join(word.capitalize() for word in words)
        return " ".join(words)

    @property
    def ipa(self) -> str | None:
        """Phonemes in the notation of voices; None if the voice reads `spoken`."""
        return plain_ipa(self.value) if self.kind is EntryKind.IPA else None


def plain_ipa(value: str) -> str:
    """Return IPA in the notation of voices: one code point per phoneme."""
    decomposed = unicodedata.normalize("NFD", value.translate(_IPA_EQUIVALENTS))
    return " ".join(decomposed.split())


def validation_error(entry: LexiconEntry) -> str | None:
    """Return the error of an entry ("needs a value"); None if valid."""
    if not _LETTER.search(entry.plain):
        return "needs a grapheme with a letter in it"
    if len(entry.grapheme) > MAX_GRAPHEME_CHARACTERS:
        return f"has a grapheme of more than {MAX_GRAPHEME_CHARACTERS} characters"
    if entry.kind in {EntryKind.ALIAS, EntryKind.IPA}:
        return _value_error(entry)
    if entry.value:
        return f'takes no value, because it is said as "{entry.kind}"'
    return _digit_error(entry)


def _value_error(entry: LexiconEntry) -> str | None:
    if not entry.value.strip():
        return "needs a value"
    if len(entry.value) > MAX_VALUE_CHARACTERS:
        return f"has a value of more than {MAX_VALUE_CHARACTERS} characters"
    if entry.kind is EntryKind.IPA:
        if not _PHONEME_CATEGORIES & set(map(unicodedata.category, entry.ipa or "")):
            return "needs a value with a sound in it"
        return _digit_error(entry)
    if not _WORDS.fullmatch(entry.spoken):
        return "needs a value of words only: letters, apostrophes, hyphens, spaces"
    return None


def _digit_error(entry: LexiconEntry) -> str | None:
    # Digits must not reach a voice, and only an alias replaces them by words.
    if any(character.isdigit() for character in entry.plain):
        return 'has a digit: say it in words with as = "alias"'
    return None
