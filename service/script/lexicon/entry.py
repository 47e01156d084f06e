"""One word of a lexicon, and whether what it says can be said: `LexiconEntry`."""

import re
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum

from service.script.english.names.initialisms import letters
from service.script.plain_text import fold_characters

LONGEST_GRAPHEME, LONGEST_VALUE = 100, 200
"""In code points; a lexicon says names, not sentences."""

_WORDS = re.compile(r"[^\W\d_](?:['-]?[^\W\d_\s]|['-]? ?[^\W\d_])*'?")
_LETTER = re.compile(r"[^\W\d_]")
_SOUNDS = frozenset({"Ll", "Lo"})
"""Unicode's categories of phonetic letters; stress and length are of another."""

_SAME_SOUND = str.maketrans(
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
"""What lexicons write in other characters than voices: ligatures and ties of
affricates, the keyboard's g, stress and length; dots between syllables are silent."""


class EntryKind(StrEnum):
    """What a lexicon's entry does with a word."""

    ALIAS = "alias"
    """Other words are said in its place."""

    IPA = "ipa"
    """It is said as the phonetic alphabet has it."""

    LETTERS = "letters"
    """It is spelled."""

    WORD = "word"
    """It is read as a word although it is written like an initialism."""


@dataclass(frozen=True, slots=True)
class LexiconEntry:
    """A word as it is written, and how it is said."""

    grapheme: str
    """As written; kinds of quotes, dashes and spaces do not matter."""

    how: EntryKind

    value: str = ""
    """The words or the sounds; empty for `letters` and `word`."""

    case: bool = True
    """Whether capitals must agree."""

    whole_word: bool = True
    """Whether it must not be a part of a longer word."""

    plain: str = field(init=False, repr=False)
    """The grapheme as rules meet it in a text."""

    def __post_init__(self) -> None:
        """Make the grapheme plain once."""
        plain = " ".join(fold_characters(self.grapheme).text.split())
        object.__setattr__(self, "plain", plain)

    @property
    def letters(self) -> str:
        """The grapheme's letters and nothing else, in capitals."""
        return "".join(filter(str.isalpha, self.plain)).upper()

    @property
    def spoken(self) -> str:
        """What a voice that knows no phonemes would read."""
        if self.how is EntryKind.ALIAS:
            return " ".join(self.value.split())
        words = re.findall(r"[^\W\d_]+(?:['-][^\W\d_]+)*", self.plain)
        if self.how is EntryKind.LETTERS:
            return letters(self.letters)
        if self.how is EntryKind.WORD:
            return " ".join(word.capitalize() for word in words)
        return " ".join(words)

    @property
    def ipa(self) -> str | None:
        """The sounds as voices write them; None leaves `spoken` to the voice."""
        return plain_ipa(self.value) if self.how is EntryKind.IPA else None


def plain_ipa(value: str) -> str:
    """Return IPA as a voice writes it: one code point a sound, one space a pause."""
    decomposed = unicodedata.normalize("NFD", value.translate(_SAME_SOUND))
    return " ".join(decomposed.split())


def validation_error(entry: LexiconEntry) -> str | None:
    """Return what is wrong with an entry, such as "needs a value"; None if nothing."""
    if not _LETTER.search(entry.plain):
        return "needs a grapheme with a letter in it"
    if len(entry.grapheme) > LONGEST_GRAPHEME:
        return f"has a grapheme of more than {LONGEST_GRAPHEME} characters"
    if entry.how in {EntryKind.ALIAS, EntryKind.IPA}:
        return _fault_of_value(entry)
    if entry.value:
        return f'takes no value, because it is said as "{entry.how}"'
    return _fault_of_digits(entry)


def _fault_of_value(entry: LexiconEntry) -> str | None:
    if not entry.value.strip():
        return "needs a value"
    if len(entry.value) > LONGEST_VALUE:
        return f"has a value of more than {LONGEST_VALUE} characters"
    if entry.how is EntryKind.IPA:
        if not _SOUNDS & set(map(unicodedata.category, entry.ipa or "")):
            return "needs a value with a sound in it"
        return _fault_of_digits(entry)
    if not _WORDS.fullmatch(entry.spoken):
        return "needs a value of words only: letters, apostrophes, hyphens, spaces"
    return None


def _fault_of_digits(entry: LexiconEntry) -> str | None:
    # No digit may reach a voice, and only an alias says what it is called.
    if any(character.isdigit() for character in entry.plain):
        return 'has a digit: say it in words with as = "alias"'
    return None
