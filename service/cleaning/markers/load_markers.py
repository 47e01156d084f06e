"""Load the phrases of a language when a line in it is first compared: `Markers`."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from service.cleaning.lines import Line
from service.cleaning.markers.marker_phrase import MarkerPhrase, MarkerRule
from service.cleaning.markers.parse_markers import (
    parse_phrases,
    parse_words,
    read_tables,
)
from service.cleaning.markers.slots import SlotWords
from service.errors import InvalidMarkers

_MAX_TOKENS = 120
"""Words and symbols of the longest line that is compared with phrases."""

_EVERY_LANGUAGE = "mul"
"""Tag of the phrases that apply to every language."""

_WRITTEN_ALIKE = {"nb": "no", "nn": "no"}
"""Languages that use the file of another one."""

AnchoredPhrases = Mapping[str | None, tuple[MarkerPhrase, ...]]
"""Phrases by their anchor."""


@dataclass(frozen=True, slots=True)
class Markers:
    """The packaged phrases and a publisher's own."""

    own: tuple[MarkerPhrase, ...] = ()
    """The publisher's phrases, of any language."""

    _by_language: dict[str, AnchoredPhrases] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )
    # Filled per language: reading all of them takes longer than cleaning a page.

    def phrases(self, language: str) -> tuple[MarkerPhrase, ...]:
        """Return the phrases that apply to a language, by its primary tag."""
        own = (p for p in self.own if p.language in {language, _EVERY_LANGUAGE})
        return (*packaged_phrases(language), *own)

    def find_rule(self, line: Line, language: str) -> MarkerRule | None:
        """Return the rule that a line in `language` matches, if any."""
        count = len(line.tokens)
        if not 0 < count <= _MAX_TOKENS:
            return None
        anchored = self._anchored(primary_tag(language))
        whole = ""
        anchors = [word for word in map(str.casefold, line.tokens) if word in anchored]
        for anchor in (*dict.fromkeys(anchors), None):
            for phrase in anchored.get(anchor, ()):
                if count in phrase.tokens and _may_match(phrase, line):
                    whole = whole or " ".join(line.tokens) + " "
                    if phrase.matches(whole):
                        return phrase.rule
        return None

    def _anchored(self, language: str) -> AnchoredPhrases:
        if language not in self._by_language:
            self._by_language[language] = _index(self.phrases(language))
        return self._by_language[language]


def _may_match(phrase: MarkerPhrase, line: Line) -> bool:
    if not line.ends_sentence:
        return True
    return phrase.sentence and (phrase.has_colon or not line.joins_statements)


@cache
def primary_tag(language: str) -> str:
    """Return the primary tag of a language, as the packaged files are named."""
    tag = language.replace("_", "-").partition("-")[0].casefold()
    return _WRITTEN_ALIKE.get(tag, tag)


def load_markers(path: Path | None = None) -> Markers:
    """Return the packaged phrases and, after them, those of a publisher's own file.

    Raises:
        InvalidMarkers: the file cannot be read, is not TOML, or has an invalid rule or
            phrase; the message names the file and the place.
    """
    if path is None:
        return Markers()
    try:
        own = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidMarkers(
            f"Cannot read the markers file {path} as UTF-8 text; "
            "check its path and its encoding."
        ) from error
    return Markers(tuple(_parse_own(own, str(path))))


def _parse_own(toml: str, source: str) -> Iterator[MarkerPhrase]:
    for tag, table in read_tables(toml, source).items():
        language = primary_tag(tag)
        words = _packaged_words(language) | parse_words(table, source, tag)
        yield from parse_phrases(table, source, language, words)


@cache
def packaged_languages() -> frozenset[str]:
    """Return the tags of the languages that have a file."""
    return frozenset(file.name.removesuffix(".toml") for file in _folder().iterdir())


@cache
def packaged_phrases(language: str) -> tuple[MarkerPhrase, ...]:
    """Return the packaged phrases of a language, or those of every language alone."""
    words = _packaged_words(language)
    return tuple(
        phrase
        for tag in dict.fromkeys([language, _EVERY_LANGUAGE])
        for phrase in parse_phrases(_packaged_table(tag), f"{tag}.toml", tag, words)
    )


def _packaged_words(language: str) -> SlotWords:
    return parse_words(_packaged_table(language), f"{language}.toml", language)


@cache
def _packaged_table(language: str) -> Mapping[str, object]:
    if language not in packaged_languages():
        return {}
    file = _folder().joinpath(f"{language}.toml")
    return read_tables(file.read_text("utf-8"), file.name)[language]


def _folder() -> Traversable:
    return files("service.cleaning.markers").joinpath("phrases")


def _index(phrases: Iterable[MarkerPhrase]) -> AnchoredPhrases:
    index: dict[str | None, list[MarkerPhrase]] = {}
    for phrase in phrases:
        index.setdefault(phrase.anchor, []).append(phrase)
    return {anchor: tuple(own) for anchor, own in index.items()}
