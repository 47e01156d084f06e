"""Parse a TOML file of phrases: `parse_markers`."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from service.cleaning.lines import tokenize
from service.cleaning.markers.marker_phrase import MarkerPhrase, MarkerRule
from service.cleaning.markers.slots import (
    SLOT_NAME,
    Slot,
    SlotWords,
    build_pattern,
    make_slots,
)
from service.errors import InvalidMarkers

_WORDS = "words"
"""Table of a language that is not a rule but its words of dates and names."""

_WORD_KEYS = ("date", "name")
_RULE_KEYS = {"closes", "heads", "near", "phrases"}
_RULE_NAME = re.compile(r"[a-z]+(?:-[a-z]+)*")
_MAX_OPEN_SLOTS = 3

Fields = Any
"""A value of parsed TOML."""


@dataclass(frozen=True, slots=True)
class _TomlPlace:
    """A part of a file, for messages."""

    source: str
    where: str

    def require(self, valid: bool, problem: str) -> None:  # noqa: FBT001 - a condition
        if not valid:
            raise InvalidMarkers(
                f"Invalid markers file {self.source}: [{self.where}] {problem}."
            )


def read_tables(toml: str, source: str) -> Mapping[str, Mapping[str, Fields]]:
    """Return the tables of a file by language.

    Raises:
        InvalidMarkers: the file is not TOML, or a language is not a table.
    """
    try:
        languages = tomllib.loads(toml)
    except tomllib.TOMLDecodeError as error:
        raise InvalidMarkers(
            f"Invalid markers file {source}: not TOML: {error}."
        ) from error
    for language, rules in languages.items():
        place = _TomlPlace(source, language)
        place.require(isinstance(rules, dict), "must be a table of rules")
    return languages


def parse_words(table: Mapping[str, Fields], source: str, language: str) -> SlotWords:
    """Return the words that a language's table has for its slots.

    Raises:
        InvalidMarkers: they are not texts.
    """
    fields = table.get(_WORDS, {})
    place = _TomlPlace(source, f"{language}.{_WORDS}")
    valid = (
        isinstance(fields, dict)
        and fields.keys() <= set(_WORD_KEYS)
        and all(isinstance(value, str) for value in fields.values())
    )
    place.require(valid, "must have only the texts date and name")
    return SlotWords(*(frozenset(fields.get(key, "").split()) for key in _WORD_KEYS))


def parse_phrases(
    table: Mapping[str, Fields], source: str, language: str, words: SlotWords
) -> Iterator[MarkerPhrase]:
    """Parse the rules of a language's table.

    Raises:
        InvalidMarkers: a rule or a phrase is invalid; the message names the place.
    """
    slots = make_slots(words)
    for name, fields in table.items():
        if name != _WORDS:
            yield from _parse_rule(source, language, name, fields, slots)


def _parse_rule(
    source: str, language: str, name: str, fields: Fields, slots: Mapping[str, Slot]
) -> Iterator[MarkerPhrase]:
    place = _TomlPlace(source, f"{language}.{name}")
    place.require(isinstance(fields, dict), "must be a table")
    place.require(
        _RULE_NAME.fullmatch(name) is not None,
        "must have a name of lower-case letters and hyphens",
    )
    unknown = ", ".join(sorted(fields.keys() - _RULE_KEYS))
    place.require(not unknown, f"has unknown keys ({unknown})")
    flags = {key: fields.get(key, False) for key in ("closes", "heads", "near")}
    for key, value in flags.items():
        place.require(isinstance(value, bool), f"{key} must be true or false")
    phrases = fields.get("phrases")
    place.require(isinstance(phrases, list), "must have a list of phrases")
    rule = MarkerRule(name, **flags)
    for number, entry in enumerate(phrases, 1):
        numbered = _TomlPlace(source, f"{place.where}, phrase {number}")
        yield _parse_phrase(numbered, rule, language, entry, slots)


def _parse_phrase(
    place: _TomlPlace,
    rule: MarkerRule,
    language: str,
    entry: Fields,
    slots: Mapping[str, Slot],
) -> MarkerPhrase:
    valid = (
        isinstance(entry, dict)
        and entry.keys() == {"says", "seen"}
        and all(isinstance(value, str) and value.strip() for value in entry.values())
    )
    place.require(valid, "must have the two texts says and seen, and no other key")
    says = entry["says"]
    pieces = [piece for piece in SLOT_NAME.split(says) if piece]
    used = [piece for piece in pieces if piece.startswith("{")]
    unknown = ", ".join(slot for slot in used if slot not in slots)
    place.require(not unknown, f"has an unknown slot ({unknown})")
    open_slots = sum(slot not in {"{number}", "{date}"} for slot in used)
    place.require(open_slots <= _MAX_OPEN_SLOTS, "has too many open slots")
    literals = [t for p in pieces if p not in slots for t in tokenize(p)]
    specific = bool(literals) or "{date}" in used
    place.require(specific, "would match any line; add a literal word")
    return MarkerPhrase(
        rule,
        language,
        says,
        entry["seen"],
        build_pattern(pieces, slots),
        sentence=says.endswith("."),
        has_colon=":" in says,
        anchor=max(literals, key=len).casefold() if literals else None,
        tokens=range(
            len(literals) + sum(slots[slot].fewest for slot in used),
            len(literals) + sum(slots[slot].most for slot in used) + 1,
        ),
    )
