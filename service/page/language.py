"""Which language a text is in, for texts of which nobody has said it.

Most scripts tell by themselves, some by letters that only one of their languages has.
Languages in Latin letters are told apart by their commonest words: the share of words
of a text that are among them.  Whatever is short or mixed stays unknown: an article
that is taken for another language's is refused, which is worse than an accent.
"""

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

DEFAULT_LANGUAGE = "en"
"""What a text is taken for when its words do not tell."""

_MOST_READ = 6000
"""Code points that are looked at; more do not change the answer."""

_PROSE = 8
"""Words from which on a line counts as prose; menus mix languages."""

_FEWEST_LETTERS = 20
_FEWEST_WORDS = 20
_MAIN_SCRIPT = 0.6
"""Share of the letters that a script must have to be the text's."""

_OWN_LETTER = 0.004
"""Share of the letters that are of one language only: "ї" is 0.7 % of Ukrainian."""

_COMMON = 0.2
"""Share of words that are among a language's commonest; its own prose has 0.3 to 0.5,
another language's below 0.12."""

_AHEAD = 2.0
"""So many times the share of the default language's words must another's be."""

_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Language:
    """How a language is known."""

    tag: str
    name: str
    """In English."""

    script: str
    """As Unicode names it, such as "CYRILLIC"."""

    words: frozenset[str]
    """Its commonest words; Latin script only."""

    letters: frozenset[str]
    """Letters that tell it from the language that its script stands for."""

    never: frozenset[str]
    """Letters that it does not have and its neighbours do."""


def detect_language(paragraphs: Iterable[str]) -> str | None:
    """Return the BCP 47 tag of the language of a text; None when it does not tell."""
    lines = list(paragraphs)
    prose = [line for line in lines if len(_WORD.findall(line)) >= _PROSE]
    text = unicodedata.normalize("NFC", "\n".join(prose or lines)[:_MOST_READ])
    letters = [character for character in text.lower() if character.isalpha()]
    if len(letters) < _FEWEST_LETTERS:
        return None
    [(script, count)] = Counter(map(_script_of, letters)).most_common(1)
    if script == "KATAKANA" or (script == "CJK" and _has_kana(letters)):
        script = "HIRAGANA"
    elif count < _MAIN_SCRIPT * len(letters):
        return None
    if script == "LATIN":
        return _by_words(_WORD.findall(text.lower()))
    return _by_letters(script, Counter(letters))


def language_name(tag: str) -> str:
    """Return the English name of a language; its tag where it has none here."""
    primary = tag.replace("_", "-").partition("-")[0].lower()
    named = _languages().get(primary)
    return named.name if named else f"the language {tag!r}"


def _by_words(words: list[str]) -> str | None:
    if len(words) < _FEWEST_WORDS:
        return None
    counted = Counter(words)
    shares = {
        language.tag: sum(counted[word] for word in language.words) / len(words)
        for language in _languages().values()
        if language.words
    }
    best, share = max(shares.items(), key=lambda one: one[1])
    if share < _COMMON:
        return None
    if best != DEFAULT_LANGUAGE and share < _AHEAD * shares[DEFAULT_LANGUAGE]:
        return None
    return best


def _by_letters(script: str, counted: Counter[str]) -> str | None:
    """Return the language of a script whose own letters are met, else its first."""
    found = [one for one in _languages().values() if one.script == script]
    for language in found:
        few = _OWN_LETTER * counted.total()
        own = sum(counted[letter] for letter in language.letters)
        strange = sum(counted[letter] for letter in language.never)
        if own > few >= strange:
            return language.tag
    plain = (one.tag for one in found if not one.letters)
    return next(plain, None)


def _has_kana(letters: list[str]) -> bool:
    # Newspapers' Japanese is half kana; Chinese has none.
    kana = sum(_script_of(letter) in {"HIRAGANA", "KATAKANA"} for letter in letters)
    return kana > len(letters) // 10


@cache
def _script_of(letter: str) -> str:
    return unicodedata.name(letter, "UNKNOWN").partition(" ")[0]


@cache
def _languages() -> dict[str, Language]:
    told = tomllib.loads(
        files("service.page").joinpath("languages.toml").read_text("utf-8")
    )
    return {
        tag: Language(
            tag,
            one["name"],
            one.get("script", "LATIN").upper(),
            frozenset(one.get("words", "").split()),
            frozenset(one.get("letters", "")),
            frozenset(one.get("never", "")),
        )
        for tag, one in told.items()
    }
