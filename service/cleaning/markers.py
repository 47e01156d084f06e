"""Phrases that mark boilerplate: `Markers`, read from TOML.

A phrase matches a whole line, never a part of one.  Case, quotes and punctuation do not
count, except for the symbols that `service.cleaning.lines` keeps.  Slots stand for what
varies:

    {number}    one number
    {name}      one to ten words of names: capitalised, or "and", "of", ...
    {date}      a date, a time or both
    {words}     up to twelve words
    {text}      up to a hundred words

A phrase matches a line that ends as a sentence only if the phrase ends with a full stop
too: "Back" is cut, the answer "Back." is not.
"""

import functools
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from service.cleaning.lines import Line, tokenize
from service.errors import InvalidMarkers

MAX_TOKENS = 120
"""Words and symbols of the longest line that is compared with phrases."""

_DATE_WORD = (
    r"(?:\d[\d.,:/]*(?:st|nd|rd|th|am|pm|h)?|\d+T[\d:.]+Z?|[ap]|m|am|pm|noon|at|on|of|"
    r"ago|hours?|minutes?|mins?|days?|weeks?|months?|today|yesterday|"
    r"mon|tues?|wed|thurs?|thu|fri|sat|sun|(?:mon|tues|wednes|thurs|fri|satur|sun)day|"
    r"jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|january|february|march|april|may|"
    r"june|july|august|september|october|november|december|"
    r"gmt|utc|est|edt|et|cst|cdt|ct|pst|pdt|pt|bst|cet|ist|sgt|hrs|\|)"
)


class _Slot(NamedTuple):
    """The varying part of a phrase: `fewest` to `most` tokens, each with a space."""

    token: str
    fewest: int
    most: int


_SLOTS = {
    "{number}": _Slot(r"\d\S* ", 1, 1),
    "{name}": _Slot(
        r"(?-i:[A-ZÀ-ÖØ-Þ])\S* |(?:and|of|the|for|de|van|von|in) |/ ", 1, 10
    ),
    "{date}": _Slot(f"{_DATE_WORD} ", 1, 14),
    "{words}": _Slot(r"\S+ ", 0, 12),
    "{text}": _Slot(r"\S+ ", 0, 100),
}
_SLOT_NAME = re.compile(r"(\{[a-z]*\})")
_RULE_KEYS = {"closes", "heads", "near", "phrases"}
_RULE_NAME = re.compile(r"[a-z]+(?:-[a-z]+)*")
_MAX_OPEN_SLOTS = 3


@functools.cache
def _compile(pattern: str) -> re.Pattern[str]:
    # On first use: a page needs few of about a thousand phrases, and compiling all of
    # them takes 0.3 s at each start of a process.
    return re.compile(pattern, re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MarkerRule:
    """A kind of boilerplate, and what it says about the lines around it."""

    name: str
    """The rule of a `Cut`, such as "advertisement"."""

    closes: bool = False
    """Whether an article seldom continues after it."""

    heads: bool = False
    """Whether it is the heading of a list of headlines."""

    near: bool = False
    """Whether it counts only next to other boilerplate."""


@dataclass(frozen=True, slots=True)
class MarkerPhrase:
    """One phrase of a rule."""

    rule: MarkerRule
    language: str
    """BCP 47 primary tag, such as "en"."""

    says: str
    seen: str
    """Where such a line was seen, in general words."""

    pattern: str
    """Regular expression for a whole line, each token followed by a space."""

    sentence: bool
    """Whether it may match a line that ends as a sentence does."""

    has_colon: bool
    """Whether it has a colon itself."""

    anchor: str | None
    """Its longest literal word; only lines that have it are tried."""

    tokens: range
    """Numbers of tokens that it can match; other lines are not tried."""

    def matches(self, tokens: str) -> bool:
        """Return whether the phrase matches a line, each token followed by a space."""
        return _compile(self.pattern).fullmatch(tokens) is not None


@dataclass(frozen=True, slots=True)
class Markers:
    """Phrases, indexed by a word that they contain."""

    phrases: tuple[MarkerPhrase, ...]
    by_anchor: dict[str, dict[str | None, list[MarkerPhrase]]] = field(init=False)
    """By language and anchor."""

    def __post_init__(self) -> None:
        """Index the phrases, so that a line is compared with few of them."""
        index: dict[str, dict[str | None, list[MarkerPhrase]]] = {}
        for phrase in self.phrases:
            anchored = index.setdefault(phrase.language, {})
            anchored.setdefault(phrase.anchor, []).append(phrase)
        object.__setattr__(self, "by_anchor", index)

    def find_rule(self, line: Line, language: str) -> MarkerRule | None:
        """Return the rule that a line in `language` matches, if any."""
        count = len(line.tokens)
        anchored = self.by_anchor.get(language.partition("-")[0].casefold())
        if anchored is None or not 0 < count <= MAX_TOKENS:
            return None
        whole = " ".join(line.tokens) + " "
        anchors = [word for word in map(str.casefold, line.tokens) if word in anchored]
        for anchor in (*dict.fromkeys(anchors), None):
            for phrase in anchored.get(anchor, ()):
                allowed = count in phrase.tokens and (
                    (
                        phrase.sentence
                        and (phrase.has_colon or not line.joins_statements)
                    )
                    or not line.ends_sentence
                )
                if allowed and phrase.matches(whole):
                    return phrase.rule
        return None


def load_markers(path: Path | None = None) -> Markers:
    """Read the packaged phrases and, after them, a publisher's own file.

    Raises:
        InvalidMarkers: a file cannot be read, is not TOML, or has an invalid rule or
            phrase; the message names the file and the place.
    """
    packaged = files("service.cleaning").joinpath("markers.toml")
    phrases = list(_parse_phrases(packaged.read_text("utf-8"), "markers.toml"))
    if path is not None:
        try:
            own = path.read_text("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise InvalidMarkers(
                f"Cannot read the markers file {path} as UTF-8 text; "
                "check its path and its encoding."
            ) from error
        phrases += _parse_phrases(own, str(path))
    return Markers(tuple(phrases))


def _parse_phrases(toml: str, source: str) -> Iterator[MarkerPhrase]:
    try:
        languages = tomllib.loads(toml)
    except tomllib.TOMLDecodeError as error:
        raise InvalidMarkers(
            f"Invalid markers file {source}: not TOML: {error}."
        ) from error
    for language, rules in languages.items():
        _require(isinstance(rules, dict), source, language, "must be a table of rules")
        for name, fields in rules.items():
            yield from _parse_rule(source, language, name, fields)


def _parse_rule(
    source: str,
    language: str,
    name: str,
    fields: Any,  # noqa: ANN401 - parsed TOML
) -> Iterator[MarkerPhrase]:
    where = f"{language}.{name}"
    _require(isinstance(fields, dict), source, where, "must be a table")
    _require(
        _RULE_NAME.fullmatch(name) is not None,
        source,
        where,
        "must have a name of lower-case letters and hyphens",
    )
    unknown = ", ".join(sorted(fields.keys() - _RULE_KEYS))
    _require(not unknown, source, where, f"has unknown keys ({unknown})")
    flags = {key: fields.get(key, False) for key in ("closes", "heads", "near")}
    for key, value in flags.items():
        _require(isinstance(value, bool), source, where, f"{key} must be true or false")
    phrases = fields.get("phrases")
    _require(isinstance(phrases, list), source, where, "must have a list of phrases")
    rule = MarkerRule(name, **flags)
    for number, entry in enumerate(phrases, 1):
        yield _parse_phrase(source, f"{where}, phrase {number}", rule, language, entry)


def _parse_phrase(
    source: str,
    where: str,
    rule: MarkerRule,
    language: str,
    entry: Any,  # noqa: ANN401 - parsed TOML
) -> MarkerPhrase:
    valid = (
        isinstance(entry, dict)
        and entry.keys() == {"says", "seen"}
        and all(isinstance(value, str) and value.strip() for value in entry.values())
    )
    _require(
        valid, source, where, "must have the two texts says and seen, and no other key"
    )
    says = entry["says"]
    pieces = [piece for piece in _SLOT_NAME.split(says) if piece]
    slots = [piece for piece in pieces if piece.startswith("{")]
    unknown = ", ".join(slot for slot in slots if slot not in _SLOTS)
    _require(not unknown, source, where, f"has an unknown slot ({unknown})")
    open_slots = sum(slot not in {"{number}", "{date}"} for slot in slots)
    _require(open_slots <= _MAX_OPEN_SLOTS, source, where, "has too many open slots")
    literals = [t for p in pieces if p not in _SLOTS for t in tokenize(p)]
    specific = bool(literals) or "{date}" in slots
    _require(specific, source, where, "would match any line; add a literal word")
    return MarkerPhrase(
        rule,
        language,
        says,
        entry["seen"],
        "".join(_build_pattern(pieces)),
        sentence=says.endswith("."),
        has_colon=":" in says,
        anchor=max(literals, key=len).casefold() if literals else None,
        tokens=range(
            len(literals) + sum(_SLOTS[slot].fewest for slot in slots),
            len(literals) + sum(_SLOTS[slot].most for slot in slots) + 1,
        ),
    )


def _build_pattern(pieces: Iterable[str]) -> Iterator[str]:
    for piece in pieces:
        if piece in _SLOTS:
            token, fewest, most = _SLOTS[piece]
            yield f"(?:{token}){{{fewest},{most}}}"
        else:
            yield from (re.escape(token) + " " for token in tokenize(piece))


def _require(valid: bool, source: str, where: str, problem: str) -> None:  # noqa: FBT001 - a condition
    if not valid:
        raise InvalidMarkers(f"Invalid markers file {source}: [{where}] {problem}.")
