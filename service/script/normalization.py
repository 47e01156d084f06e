"""Text normalization: spoken words for written ones, with ranges.

Rules are tried in a fixed order.  A rule claims a range of the sentence and returns
its spoken words; later rules cannot claim that range.  Every rule sees the sentence as
written and never depends on another rule's output.  Unclaimed text is read word by
word.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Spoken:
    """Spoken words and the range they replace, in code points of the sentence."""

    spoken: str
    """Words, with at most a comma, colon or semicolon at the end."""

    start: int
    end: int


Say = Callable[[re.Match[str]], str | tuple[Spoken, ...] | None]
"""Returns the spoken words of a match: one text for all of it, or texts for parts of it
(the rest is silent); None if the rule does not apply in this context."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern and the spoken words of its matches."""

    name: str
    pattern: re.Pattern[str]
    say: Say

    opening: bool = False
    """Whether it applies only to the first sentence of an article's text."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A range that a rule has claimed, with its spoken words."""

    start: int
    end: int
    said: tuple[Spoken, ...]


@dataclass(slots=True)
class Word:
    """A future token: spoken words, marks, range in the sentence."""

    spoken: str
    start: int
    end: int
    marks: set[str] = field(default_factory=set)


def part(match: re.Match[str], group: str, spoken: str) -> Spoken:
    """Return the spoken words of one named group of a match."""
    return Spoken(spoken, match.start(group), match.end(group))


def claim_ranges(
    text: str, rules: Sequence[Rule], *, opening: bool = False
) -> list[Claim]:
    """Apply rules in order; return claims that are sorted and do not overlap."""
    free = [True] * len(text)
    claims = []
    for rule in rules:
        if rule.opening and not opening:
            continue
        for claim in _claims_of(rule, text, free):
            free[claim.start : claim.end] = [False] * (claim.end - claim.start)
            claims.append(claim)
    return sorted(claims, key=lambda claim: claim.start)


def _claims_of(rule: Rule, text: str, free: list[bool]) -> Iterator[Claim]:
    position = 0
    while match := rule.pattern.search(text, position):
        start, end = match.span()
        said = rule.say(match) if end > start and all(free[start:end]) else None
        if said is None:
            # The next match may begin inside this one.
            position = start + 1
            continue
        if isinstance(said, str):
            said = (Spoken(said, start, end),)
        yield Claim(start, end, said)
        position = end


_SPOKEN_MARKS = {
    "!": "!",
    "(": ",",
    ")": ",",
    ",": ",",
    ".": ".",
    ":": ":",
    ";": ";",
    "?": "?",
    "—": ",",
    "…": ",",
    "¿": "",
    "،": ",",
    "؛": ";",
    "؟": "?",
    "।": ".",
    "、": ",",
    "。": ".",
}
"""The spoken mark of each written mark; others are silent.  espeak does not pause at
brackets and joins "one… two", so they become commas; an editor's insertion in a
quotation [like this] is read without a pause."""

_OPENING_MARKS = frozenset("([")
_POSSESSIVE = re.compile(r"'s(?!\w)")


def lay_out_words(text: str, claims: Sequence[Claim], *, digits: bool) -> list[Word]:
    """List claimed and unclaimed words in order, each with its marks.

    Args:
        text: the sentence.
        claims: sorted ranges that do not overlap.
        digits: whether unclaimed digits are part of words (a language without rules).
    """
    layout = _WordLayout(text, digits=digits)
    position = 0
    for claim in claims:
        layout.add_unclaimed(position, claim.start)
        layout.add_claim(claim)
        position = claim.end
    layout.add_unclaimed(position, len(text))
    return layout.words


class _WordLayout:
    """The words so far, and the marks between the last word and the next."""

    def __init__(self, text: str, *, digits: bool) -> None:
        self.text = text
        self.digits = digits
        self.words: list[Word] = []
        self._touching = False
        self._lead: int | None = None

    def add_claim(self, claim: Claim) -> None:
        for spoken in claim.said:
            words = spoken.spoken.rstrip(",:;")
            self._add(words, spoken.start, spoken.end)
            self.words[-1].marks.update(spoken.spoken[len(words) :])
        # A mark after a silent claim does not belong to the word before the claim.
        self._touching = bool(claim.said)

    def add_unclaimed(self, start: int, end: int) -> None:
        while start < end:
            if self.text[start] == " ":
                self._touching, self._lead, start = False, None, start + 1
                continue
            word_end = self._word_end(start, end)
            possessive = (
                _POSSESSIVE.match(self.text, start, end) if self._touching else None
            )
            if possessive:
                # The possessive of a claim: "AT&T's".
                self.words[-1].spoken += possessive[0]
                self.words[-1].end = start = possessive.end()
            elif word_end > start:
                self._add(self.text[start:word_end], start, word_end)
                start = word_end
            else:
                self._add_mark(start)
                start += 1

    def _add(self, spoken: str, start: int, end: int) -> None:
        lead, self._lead = self._lead, None
        self.words.append(Word(spoken, start if lead is None else lead, end))
        self._touching = True

    def _word_end(self, start: int, end: int) -> int:
        """Return the end of the word at `start`; `start` itself if there is none."""
        position = start
        while position < end and self._is_letter(self.text[position]):
            position += 1
            if (
                position + 1 < end
                and self.text[position] in self._inner_marks(position)
                and self._is_letter(self.text[position + 1])
            ):
                position += 1
        return position

    def _inner_marks(self, position: int) -> str:
        before, after = self.text[position - 1], self.text[position + 1]
        between_digits = before.isdigit() and after.isdigit()
        return "'-.," if self.digits and between_digits else "'-"

    def _is_letter(self, character: str) -> bool:
        return (
            character.isalpha()
            or unicodedata.category(character)[0] == "M"
            or (self.digits and character.isdigit())
        )

    def _add_mark(self, position: int) -> None:
        character = self.text[position]
        if self._touching and character not in _OPENING_MARKS:
            self.words[-1].end = position + 1
        elif self._lead is None:
            self._lead = position
        if self.words:
            self.words[-1].marks.update(self._spoken_marks(position))

    def _spoken_marks(self, position: int) -> str:
        character = self.text[position]
        before = self.text[position - 1 : position]
        after = self.text[position + 1 : position + 2]
        if character == "-":
            # A hyphen joins; between spaces, or doubled, it is a dash.
            return "," if "-" in before + after or before + after == "  " else ""
        if character == "." and "." in before + after:
            return ",."
        if character == ":" and after not in ("", " "):
            return ""
        if not self._touching and character not in "(—":
            return ""
        return _SPOKEN_MARKS.get(character, "")


def inner_mark(marks: set[str]) -> str:
    """Return the mark after an inner word; it never ends a sentence."""
    for mark in ":;":
        if mark in marks:
            return mark
    return "," if marks & {",", "?", "!"} else ""


def final_mark(marks: set[str], *, clause: bool) -> str:
    """Return the mark after the last word of a sentence or clause."""
    for mark in "?!":
        if mark in marks:
            return mark
    return "," if clause else "."
