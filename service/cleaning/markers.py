"""The phrases by which furniture is known: `Markers`, read from TOML.

A phrase is matched against a whole line, never against a part of one.  Case, quotes
and punctuation do not count, save the telling signs of `service.cleaning.lines`.
Slots stand for what varies:

    {number}    one number
    {name}      one to eight capitalised words, such as a person's name
    {date}      a date, a time or both
    {words}     up to twelve words
    {text}      up to a hundred words

A phrase matches a line that ends as a sentence does only when it ends with a full stop
itself: that is how "Back" is cut and the answer "Back." is not.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from service.cleaning.lines import Line, tokens_of
from service.errors import InvalidMarkers

MOST_TOKENS = 120
"""The longest line that is held against phrases, in words and signs."""

_DATE_WORD = (
    r"(?:\d[\d.,:/]*(?:st|nd|rd|th|am|pm|h)?|\d+T[\d:.]+Z?|[ap]|m|am|pm|noon|at|on|of|"
    r"ago|hours?|minutes?|mins?|days?|weeks?|months?|today|yesterday|"
    r"mon|tues?|wed|thurs?|thu|fri|sat|sun|(?:mon|tues|wednes|thurs|fri|satur|sun)day|"
    r"jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|january|february|march|april|may|"
    r"june|july|august|september|october|november|december|"
    r"gmt|utc|est|edt|et|cst|cdt|ct|pst|pdt|pt|bst|cet|ist|sgt|hrs|\|)"
)


class _Slot(NamedTuple):
    """What varies in a phrase: so many tokens, each with a space after it."""

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
_PIECE = re.compile(r"(\{[a-z]*\})")
_RULE_KEYS = {"closes", "heads", "near", "phrases"}
_RULE_NAME = re.compile(r"[a-z]+(?:-[a-z]+)*")
_MOST_OPEN_SLOTS = 3


@dataclass(frozen=True, slots=True)
class MarkerRule:
    """A kind of furniture, and what its presence says about the lines around it."""

    name: str
    """As it stands in a `Cut`, such as "advertisement"."""

    closes: bool = False
    """Whether an article seldom goes on after it."""

    heads: bool = False
    """Whether it stands above a list of headlines that goes with it."""

    near: bool = False
    """Whether it counts only beside other furniture."""


@dataclass(frozen=True, slots=True)
class MarkerPhrase:
    """One wording of a rule."""

    rule: MarkerRule
    language: str
    """BCP 47 primary tag, such as "en"."""

    says: str
    seen: str
    """Where such a line stands, in general words."""

    pattern: re.Pattern[str]
    sentence: bool
    """Whether it may match a line that ends as a sentence does."""

    anchor: str | None
    """Its longest literal word; only lines that have it are tried."""

    tokens: range
    """How many tokens a line has that it can match; others are not tried."""


@dataclass(frozen=True, slots=True)
class Markers:
    """Phrases, found by a word that they must have."""

    phrases: tuple[MarkerPhrase, ...]
    by_anchor: dict[str, dict[str | None, list[MarkerPhrase]]] = field(init=False)
    """By language and the word."""

    def __post_init__(self) -> None:
        """Index the phrases, so that a line is held against few of them."""
        index: dict[str, dict[str | None, list[MarkerPhrase]]] = {}
        for phrase in self.phrases:
            anchored = index.setdefault(phrase.language, {})
            anchored.setdefault(phrase.anchor, []).append(phrase)
        object.__setattr__(self, "by_anchor", index)

    def rule_of(self, line: Line, language: str) -> MarkerRule | None:
        """Return the rule that a line in `language` matches as a whole, if any."""
        count = len(line.tokens)
        anchored = self.by_anchor.get(language.partition("-")[0].casefold())
        if anchored is None or not 0 < count <= MOST_TOKENS:
            return None
        whole = " ".join(line.tokens) + " "
        anchors = [word for word in map(str.casefold, line.tokens) if word in anchored]
        for anchor in (*dict.fromkeys(anchors), None):
            for phrase in anchored.get(anchor, ()):
                allowed = count in phrase.tokens and (phrase.sentence or not line.ends)
                if allowed and phrase.pattern.fullmatch(whole):
                    return phrase.rule
        return None


def load_markers(path: Path | None = None) -> Markers:
    """Read the packaged phrases and, after them, a publisher's own file.

    Raises:
        InvalidMarkers: a file cannot be read, is no TOML or says something that is no
            phrase; the message names the file and the place.
    """
    packaged = files("service.cleaning").joinpath("markers.toml")
    phrases = list(_phrases_of(packaged.read_text("utf-8"), "markers.toml"))
    if path is not None:
        try:
            own = path.read_text("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise InvalidMarkers(
                f"{path} cannot be read as UTF-8 text: give a markers file that can."
            ) from error
        phrases += _phrases_of(own, str(path))
    return Markers(tuple(phrases))


def _phrases_of(toml: str, source: str) -> Iterator[MarkerPhrase]:
    try:
        languages = tomllib.loads(toml)
    except tomllib.TOMLDecodeError as error:
        raise InvalidMarkers(f"Correct {source}, which is no TOML: {error}.") from error
    for language, rules in languages.items():
        _require(isinstance(rules, dict), source, language, "must be a table of rules")
        for name, told in rules.items():
            yield from _phrases_of_rule(source, language, name, told)


def _phrases_of_rule(
    source: str,
    language: str,
    name: str,
    told: Any,  # noqa: ANN401 - parsed TOML
) -> Iterator[MarkerPhrase]:
    where = f"{language}.{name}"
    _require(isinstance(told, dict), source, where, "must be a table")
    _require(
        _RULE_NAME.fullmatch(name) is not None,
        source,
        where,
        "must be named in small letters and hyphens",
    )
    unknown = ", ".join(sorted(told.keys() - _RULE_KEYS))
    _require(not unknown, source, where, f"has unknown keys ({unknown})")
    flags = {key: told.get(key, False) for key in ("closes", "heads", "near")}
    for key, value in flags.items():
        _require(isinstance(value, bool), source, where, f"{key} must be true or false")
    phrases = told.get("phrases")
    _require(isinstance(phrases, list), source, where, "needs a list of phrases")
    rule = MarkerRule(name, **flags)
    for number, entry in enumerate(phrases, 1):
        yield _phrase_of(source, f"{where}, phrase {number}", rule, language, entry)


def _phrase_of(
    source: str,
    where: str,
    rule: MarkerRule,
    language: str,
    entry: Any,  # noqa: ANN401 - parsed TOML
) -> MarkerPhrase:
    right = (
        isinstance(entry, dict)
        and entry.keys() == {"says", "seen"}
        and all(isinstance(value, str) and value.strip() for value in entry.values())
    )
    _require(right, source, where, "needs the two texts says and seen, no more")
    says = entry["says"]
    pieces = [piece for piece in _PIECE.split(says) if piece]
    slots = [piece for piece in pieces if piece.startswith("{")]
    wrong = ", ".join(slot for slot in slots if slot not in _SLOTS)
    _require(not wrong, source, where, f"has an unknown slot ({wrong})")
    open_slots = sum(slot not in {"{number}", "{date}"} for slot in slots)
    _require(open_slots <= _MOST_OPEN_SLOTS, source, where, "has too many open slots")
    literals = [t for p in pieces if p not in _SLOTS for t in tokens_of(p)]
    known = bool(literals) or "{date}" in slots
    _require(known, source, where, "would match any line: give it a word of its own")
    return MarkerPhrase(
        rule,
        language,
        says,
        entry["seen"],
        re.compile("".join(_regex_of(pieces)), re.IGNORECASE),
        sentence=says.endswith("."),
        anchor=max(literals, key=len).casefold() if literals else None,
        tokens=range(
            len(literals) + sum(_SLOTS[slot].fewest for slot in slots),
            len(literals) + sum(_SLOTS[slot].most for slot in slots) + 1,
        ),
    )


def _regex_of(pieces: Iterable[str]) -> Iterator[str]:
    for piece in pieces:
        if piece in _SLOTS:
            token, fewest, most = _SLOTS[piece]
            yield f"(?:{token}){{{fewest},{most}}}"
        else:
            yield from (re.escape(token) + " " for token in tokens_of(piece))


def _require(right: bool, source: str, where: str, what: str) -> None:  # noqa: FBT001 - a condition
    if not right:
        raise InvalidMarkers(f"Correct {source}: [{where}] {what}.")
