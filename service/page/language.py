"""Detect the language of a text that declares none.

Most scripts determine a language, some together with letters that only one of their
languages has.  Languages in Latin script are detected by their most common words: by
the share of a text's words that are among them.  A short or mixed text has no result:
an article in the wrong language is refused, which is worse than a wrong accent.
"""

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

DEFAULT_LANGUAGE = "en"
"""Language of a text for which none is detected."""

_MAX_CHARACTERS = 6000
"""Code points that are examined; more do not change the result."""

_MIN_PROSE_WORDS = 8
"""Words from which on a line counts as prose; menus mix languages."""

_MIN_LETTERS = 20
_MIN_WORDS = 20
_MIN_SCRIPT_RATIO = 0.6
"""Least share of the letters in the text's main script."""

_MIN_OWN_LETTERS_RATIO = 0.004
"""Share of letters that only one language has: "ї" is 0.7 % of Ukrainian."""

_MIN_COMMON_RATIO = 0.2
"""Share of words that are among a language's most common; its own prose has 0.3 to 0.5,
another language's below 0.12."""

_DEFAULT_MARGIN_RATIO = 2.0
"""Least ratio of another language's share of words to the default language's."""

_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Language:
    """A language and the features that it is detected by."""

    tag: str
    name: str
    """In English."""

    script: str
    """Its name in Unicode, such as "CYRILLIC"."""

    words: frozenset[str]
    """Its most common words; Latin script only."""

    letters: frozenset[str]
    """Letters that distinguish it from the main language of its script."""

    excluded_letters: frozenset[str]
    """Letters that it does not have and similar languages do."""


def detect_language(paragraphs: Iterable[str]) -> str | None:
    """Return the BCP 47 tag of a text's language, or None if it is not clear."""
    sample = _take_sample(list(paragraphs))
    text = unicodedata.normalize("NFC", sample).lower()
    letters = Counter(
        {letter: count for letter, count in Counter(text).items() if letter.isalpha()}
    )
    if letters.total() < _MIN_LETTERS:
        return None
    scripts = _count_scripts(letters)
    [(script, count)] = scripts.most_common(1)
    # Japanese in newspapers is half kana; Chinese has none.
    kana = scripts["HIRAGANA"] + scripts["KATAKANA"]
    if script == "KATAKANA" or (script == "CJK" and kana > letters.total() // 10):
        script = "HIRAGANA"
    elif count < _MIN_SCRIPT_RATIO * letters.total():
        return None
    if script == "LATIN":
        return _by_words(_WORD.findall(text))
    return _by_letters(script, letters)


def _take_sample(lines: Sequence[str]) -> str:
    """Join the first lines of prose, or the first lines if none is prose."""
    prose: list[str] = []
    characters = 0
    for line in lines:
        if characters >= _MAX_CHARACTERS:
            break
        if len(_WORD.findall(line)) >= _MIN_PROSE_WORDS:
            prose.append(line)
            characters += len(line)
    return "\n".join(prose or lines)[:_MAX_CHARACTERS]


def _count_scripts(letters: Counter[str]) -> Counter[str]:
    scripts = Counter[str]()
    for letter, count in letters.items():
        scripts[_script_of(letter)] += count
    return scripts


def language_name(tag: str) -> str:
    """Return the English name of a language, or its tag if it is not listed."""
    primary = tag.replace("_", "-").partition("-")[0].lower()
    named = _languages().get(primary)
    return named.name if named else f"the language {tag!r}"


def _by_words(words: list[str]) -> str | None:
    if len(words) < _MIN_WORDS:
        return None
    counted = Counter(words)
    shares = {
        language.tag: sum([counted[word] for word in language.words & counted.keys()])
        / len(words)
        for language in _languages().values()
        if language.words
    }
    best, share = max(shares.items(), key=lambda item: item[1])
    if share < _MIN_COMMON_RATIO:
        return None
    if (
        best != DEFAULT_LANGUAGE
        and share < _DEFAULT_MARGIN_RATIO * shares[DEFAULT_LANGUAGE]
    ):
        return None
    return best


def _by_letters(script: str, counted: Counter[str]) -> str | None:
    """Return the language whose own letters occur, or the script's main language."""
    candidates = [
        language for language in _languages().values() if language.script == script
    ]
    for language in candidates:
        threshold = _MIN_OWN_LETTERS_RATIO * counted.total()
        own = sum(counted[letter] for letter in language.letters)
        foreign = sum(counted[letter] for letter in language.excluded_letters)
        if own > threshold >= foreign:
            return language.tag
    main = (language.tag for language in candidates if not language.letters)
    return next(main, None)


@cache
def _script_of(letter: str) -> str:
    return unicodedata.name(letter, "UNKNOWN").partition(" ")[0]


@cache
def _languages() -> dict[str, Language]:
    tables = tomllib.loads(
        files("service.page").joinpath("languages.toml").read_text("utf-8")
    )
    return {
        tag: Language(
            tag,
            table["name"],
            table.get("script", "LATIN").upper(),
            frozenset(table.get("words", "").split()),
            frozenset(table.get("letters", "")),
            frozenset(table.get("excluded_letters", "")),
        )
        for tag, table in tables.items()
    }
