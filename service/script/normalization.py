"""How written words become spoken words without losing where they stood.

A sentence is read by rules in a stated order.  A rule claims a range of the sentence
and says what is spoken for it; a claimed range is protected from every later rule.
Every rule sees the sentence as written, so a rule never depends on another's output.
What no rule claims is read word by word.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Spoken:
    """Spoken words and the range they stand for, in code points of the sentence."""

    spoken: str
    """Words, with at most a comma, colon or semicolon at the end."""

    start: int
    end: int


Say = Callable[[re.Match[str]], str | tuple[Spoken, ...] | None]
"""What a rule says for a match: words for the whole of it, words for parts of it (the
rest of the match is silent), or None when the context says it is something else."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that is written one way and said another."""

    name: str
    pattern: re.Pattern[str]
    say: Say

    opening: bool = False
    """Whether it holds only in the first sentence of an article's text."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A range that a rule has taken."""

    start: int
    end: int
    said: tuple[Spoken, ...]


@dataclass(slots=True)
class Word:
    """A token on the way: words, the marks around them, the range in the sentence."""

    spoken: str
    start: int
    end: int
    marks: set[str] = field(default_factory=set)


def part(match: re.Match[str], group: str, spoken: str) -> Spoken:
    """Words said for one named group of a match."""
    return Spoken(spoken, match.start(group), match.end(group))


def claim_ranges(
    text: str, rules: Sequence[Rule], *, opening: bool = False
) -> list[Claim]:
    """Apply rules in their order; the claims come back sorted and never overlap."""
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
    at = 0
    while match := rule.pattern.search(text, at):
        start, end = match.span()
        said = rule.say(match) if end > start and all(free[start:end]) else None
        if said is None:
            # One further, not past the match: the next reading may begin inside it.
            at = start + 1
            continue
        if isinstance(said, str):
            said = (Spoken(said, start, end),)
        yield Claim(start, end, said)
        at = end


_MARK_OF = {
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
"""What a written mark does to the voice; marks that are not here are silent.  espeak
makes no pause for brackets and runs "one… two" together, so they become commas; what
an editor put into a quotation [like this] is said without a pause."""

_OPENING_MARKS = frozenset("([")
_OWN = re.compile(r"'s(?!\w)")


def lay_out_words(text: str, claims: Sequence[Claim], *, digits: bool) -> list[Word]:
    """Lay claims and unclaimed words out in order, marks with the word they shape.

    Args:
        text: the sentence.
        claims: sorted ranges that do not overlap.
        digits: whether unclaimed digits are part of words (a language without rules).
    """
    laying = _Laying(text, digits=digits)
    at = 0
    for claim in claims:
        laying.lay_written(at, claim.start)
        laying.lay_claim(claim)
        at = claim.end
    laying.lay_written(at, len(text))
    return laying.words


class _Laying:
    """Words laid out so far, and what stands between the last one and the next."""

    def __init__(self, text: str, *, digits: bool) -> None:
        self.text = text
        self.digits = digits
        self.words: list[Word] = []
        self._touching = False
        self._lead: int | None = None

    def lay_claim(self, claim: Claim) -> None:
        for said in claim.said:
            spoken = said.spoken.rstrip(",:;")
            self._add(spoken, said.start, said.end)
            self.words[-1].marks.update(said.spoken[len(spoken) :])
        # A claim without words is silent, and what follows does not belong to it.
        self._touching = bool(claim.said)

    def lay_written(self, at: int, end: int) -> None:
        while at < end:
            if self.text[at] == " ":
                self._touching, self._lead, at = False, None, at + 1
                continue
            word_end = self._word_end(at, end)
            own = _OWN.match(self.text, at, end) if self._touching else None
            if own:
                # The possessive of what a rule has said: "AT&T's".
                self.words[-1].spoken += own[0]
                self.words[-1].end = at = own.end()
            elif word_end > at:
                self._add(self.text[at:word_end], at, word_end)
                at = word_end
            else:
                self._mark(at)
                at += 1

    def _add(self, spoken: str, start: int, end: int) -> None:
        lead, self._lead = self._lead, None
        self.words.append(Word(spoken, start if lead is None else lead, end))
        self._touching = True

    def _word_end(self, at: int, end: int) -> int:
        """Where the word that begins at `at` ends; `at` itself if none begins."""
        while at < end and self._is_letter(self.text[at]):
            at += 1
            if (
                at + 1 < end
                and self.text[at] in self._inner_marks(at)
                and self._is_letter(self.text[at + 1])
            ):
                at += 1
        return at

    def _inner_marks(self, at: int) -> str:
        between_digits = self.text[at - 1].isdigit() and self.text[at + 1].isdigit()
        return "'-.," if self.digits and between_digits else "'-"

    def _is_letter(self, character: str) -> bool:
        return (
            character.isalpha()
            or unicodedata.category(character)[0] == "M"
            or (self.digits and character.isdigit())
        )

    def _mark(self, at: int) -> None:
        character = self.text[at]
        if self._touching and character not in _OPENING_MARKS:
            self.words[-1].end = at + 1
        elif self._lead is None:
            self._lead = at
        if self.words:
            self.words[-1].marks.update(self._marks_at(at))

    def _marks_at(self, at: int) -> str:
        character = self.text[at]
        before, after = self.text[at - 1 : at], self.text[at + 1 : at + 2]
        if character == "-":
            # A hyphen joins; between spaces, or doubled, it is a dash.
            return "," if "-" in before + after or before + after == "  " else ""
        if character == "." and "." in before + after:
            return ",."
        if character == ":" and after not in ("", " "):
            return ""
        if not self._touching and character not in "(—":
            return ""
        return _MARK_OF.get(character, "")


def inner_mark(marks: set[str]) -> str:
    """Return the mark after a word inside a sentence: never one that ends it."""
    for strong in ":;":
        if strong in marks:
            return strong
    return "," if marks & {",", "?", "!"} else ""


def final_mark(marks: set[str], *, clause: bool) -> str:
    """Return the mark after the last word of what is said in one go."""
    for strong in "?!":
        if strong in marks:
            return strong
    return "," if clause else "."
