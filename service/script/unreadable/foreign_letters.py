"""Write letters that an English voice cannot read as letters that it can.

Marks of Vietnamese and the like are dropped; Cyrillic, Greek, Japanese syllables and
Korean are transliterated; words in other scripts are left out, since the voice would
say "Chinese letter" for each sign.
"""

import re
import unicodedata
from functools import cache

_LAST_KNOWN = "\N{LATIN SMALL LETTER Z WITH CARON}"
"""The voice knows the accented letters of Europe up to this code point."""

_KNOWN_BEYOND = frozenset("ȘșȚț")
_NEAREST = {
    "Ə": "A",
    "ə": "e",
    "Ɓ": "B",
    "ɓ": "b",
    "Ɗ": "D",
    "ɗ": "d",
    "Ƙ": "K",
    "ƙ": "k",
    "Ɛ": "E",
    "ɛ": "e",
    "Ɔ": "O",
    "ɔ": "o",
    "ẞ": "ss",
    "\N{MODIFIER LETTER TURNED COMMA}": "",
    "\N{MODIFIER LETTER APOSTROPHE}": "'",
    "\N{MODIFIER LETTER LEFT HALF RING}": "",
    "\N{MODIFIER LETTER RIGHT HALF RING}": "",
}
"""Letters without a base letter: Hausa, Azerbaijani, Ewe; signs of romanizations."""

_CYRILLIC = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґўђјљњћџ",
        "a b v g d e yo zh z i y k l m n o p r s t u f kh ts ch sh shch _ y _ e yu ya"  # noqa: SIM905
        " i yi ye g w dj y lj nj c dz".split(),
        strict=True,
    )
)
_GREEK = dict(
    zip(
        "αβγδεζηθικλμνξοπρσςτυφχψω",
        "a v g d e z i th i k l m n x o p r s s t y f ch ps o".split(),  # noqa: SIM905
        strict=True,
    )
)
_LOOKALIKES = str.maketrans("АВЕКМНОРСТХаеорсух", "ABEKMHOPCTXaeopcyx")  # noqa: RUF001 - Cyrillic
"""Letters that a slip of the keyboard puts into English words."""

_LETTERS = {
    letter: latin.replace("_", "") for letter, latin in (_CYRILLIC | _GREEK).items()
}
_SYLLABLE = re.compile(
    r"(?:HIRAGANA|KATAKANA) LETTER (?:SMALL )?(?P<kana>[A-Z]+)$"
    r"|HANGUL SYLLABLE (?P<hangul>[A-Z]+)$"
)
_GREEK_NAME = re.compile(r"GREEK (?:SMALL|CAPITAL) LETTER ([A-Z]+)$")
_GREEK_SPELLINGS = {"LAMDA": "lambda"}


def for_english_voice(word: str) -> str:
    """Return a word in letters that the voice knows; empty if it has none."""
    if word.isascii():
        return word
    if len(word) == 1 and (name := _GREEK_NAME.match(unicodedata.name(word, ""))):
        return _GREEK_SPELLINGS.get(name[1], name[1].lower())
    composed = unicodedata.normalize("NFC", word)
    if sum(map(str.isascii, composed)) * 2 > len(composed):
        composed = composed.translate(_LOOKALIKES)
    return "".join(map(_letter, composed))


@cache
def _letter(character: str) -> str:
    if character.isdigit():
        # Raised figures that no rule has claimed are those of footnotes.
        return ""
    if character <= _LAST_KNOWN or character in _KNOWN_BEYOND:
        return character
    base = unicodedata.normalize("NFD", character)[0]
    nearest = _NEAREST.get(character)
    if nearest is None and base != character and base <= _LAST_KNOWN:
        nearest = base
    return _transliterated(character, base) if nearest is None else nearest


def _transliterated(character: str, base: str) -> str:
    latin = _LETTERS.get(character.lower(), _LETTERS.get(base.lower()))
    if latin is not None:
        return latin.capitalize() if character.isupper() else latin
    syllable = _SYLLABLE.match(unicodedata.name(character, ""))
    if syllable:
        return (syllable["kana"] or syllable["hangul"]).lower()
    is_letter = unicodedata.category(character)[0] in "LM"
    return "" if is_letter else character
