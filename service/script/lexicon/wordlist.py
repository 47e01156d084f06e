"""Entries found in a sentence: `Wordlist`, `Lexicon`."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial

from service.script.english.names.initialisms import letters_and_s
from service.script.lexicon.entry import EntryKind, LexiconEntry
from service.script.normalization import Claim, Rule, Spoken

_ADDRESS = re.compile(r"://|\bwww\.|@|#(?=\w)|\.[a-z]{2,}(?![a-z])", re.IGNORECASE)
"""What the parts of addresses, handles and hashtags have beside them; a name in one is
left to the rule that says the whole."""

_DATELINE = re.compile(r"[A-Z][A-Z' .-]+(?=,\ [A-Z]|\ ?\(|:|\ ?-)")
_MOST_WORDS = 4


@dataclass(frozen=True, slots=True)
class LexiconWord(Spoken):
    """What an entry says."""

    entry: LexiconEntry
    source: str
    """The name of the entry's file."""

    ipa: str | None
    """The sounds of these words; None leaves them to the voice."""


@dataclass(frozen=True, slots=True)
class Wordlist:
    """The entries of one file, in one language."""

    source: str
    """The file's name."""

    language: str
    """BCP 47 primary tag, such as "en"."""

    entries: tuple[LexiconEntry, ...]

    exact: dict[str, LexiconEntry] = field(init=False, repr=False, compare=False)
    folded: dict[str, LexiconEntry] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the entries by what is written."""
        exact = {one.plain: one for one in self.entries if one.case}
        folded = {one.plain.casefold(): one for one in self.entries if not one.case}
        object.__setattr__(self, "exact", exact)
        object.__setattr__(self, "folded", folded)

    def find(self, written: str, *, inside: bool = False) -> LexiconEntry | None:
        """Return the entry of a plain word or phrase; `inside` a longer word or not."""
        found = (self.exact.get(written), self.folded.get(written.casefold()))
        fitting = (one for one in found if one and not (inside and one.whole_word))
        return next(fitting, None)

    def say(self, written: str, start: int, end: int) -> tuple[LexiconWord, ...] | None:
        """Return what is said for a plain word or phrase that stands at a range."""
        entry = self.find(written)
        return self._said(entry, written, start) if entry and end > start else None

    def rules(self, *, datelines: bool) -> tuple[Rule, ...]:
        """Build the rules that claim entries, those of the most words first.

        Without `datelines`, a place in capitals that opens a report is left to the
        rule of datelines; with it, what that rule has left is taken.
        """
        by_length: defaultdict[int, list[LexiconEntry]] = defaultdict(list)
        for entry in self.entries:
            # Only names in any capitals are ever left to the rule of datelines.
            if not (datelines and entry.case):
                by_length[entry.plain.count(" ")].append(entry)
        say = partial(self._say_match, datelines=datelines)
        return tuple(
            Rule(f"lexicon {self.source}", _pattern(by_length[length]), say)
            for length in sorted(by_length, reverse=True)
        )

    def _say_match(
        self, match: re.Match[str], *, datelines: bool
    ) -> tuple[Spoken, ...] | None:
        if _in_address(match):
            return None
        written = " ".join(match[0].split())
        entry = self.find(written, inside=_inside(match))
        if entry is None:
            return self._say_ending(match, written)
        if not entry.case and not datelines and _in_dateline(match):
            return None
        return self._said(entry, match[0], match.start())

    def _say_ending(
        self, match: re.Match[str], written: str
    ) -> tuple[LexiconWord, ...] | None:
        """Say spelled letters with an "s": plural and possessive sound the same."""
        entry = self.find(re.sub(r"'?s$", "", written))
        if entry is None or entry.how is not EntryKind.LETTERS:
            return None
        spoken = letters_and_s(entry.letters)
        return (LexiconWord(spoken, *match.span(), entry, self.source, ipa=None),)

    def _said(
        self, entry: LexiconEntry, written: str, start: int
    ) -> tuple[LexiconWord, ...]:
        """Word for word where the numbers agree, otherwise all in one."""
        spoken = entry.spoken.split()
        sounds: list[str | None] = [*(entry.ipa or "").split()]
        sounds = sounds or [None] * len(spoken)
        words = list(re.finditer(r"\S+", written))
        if not len(words) == len(spoken) == len(sounds):
            end = start + len(written)
            said = LexiconWord(entry.spoken, start, end, entry, self.source, entry.ipa)
            return (said,)
        return tuple(
            LexiconWord(
                one, start + at.start(), start + at.end(), entry, self.source, ipa
            )
            for one, at, ipa in zip(spoken, words, sounds, strict=True)
        )


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Wordlists, those that go before others first."""

    wordlists: tuple[Wordlist, ...]

    first: dict[str, tuple[Rule, ...]] = field(init=False, repr=False, compare=False)
    """By language, the rules to be tried before all others."""

    last: dict[str, tuple[Rule, ...]] = field(init=False, repr=False, compare=False)
    """And after them: names in capitals that turned out not to be datelines."""

    def __post_init__(self) -> None:
        """Build the rules of every language once."""
        languages = {one.language for one in self.wordlists}
        for name, datelines in (("first", False), ("last", True)):
            rules = {
                language: tuple(
                    rule
                    for one in self.of(language)
                    for rule in one.rules(datelines=datelines)
                )
                for language in languages
            }
            object.__setattr__(self, name, rules)

    def of(self, language: str) -> tuple[Wordlist, ...]:
        """Return the wordlists for articles in a language."""
        tag = primary(language)
        return tuple(one for one in self.wordlists if one.language == tag)

    def around(self, rules: Iterable[Rule], language: str) -> tuple[Rule, ...]:
        """Put the lexicon's rules before and behind those of a language."""
        tag = primary(language)
        return (*self.first.get(tag, ()), *rules, *self.last.get(tag, ()))

    def rename(self, claims: Iterable[Claim], text: str, language: str) -> list[Claim]:
        """Say names that a rule has only put into other letters: "KYIV:" as "Kyiv"."""
        lists = self.of(language)
        if not lists:
            return list(claims)
        return [
            Claim(claim.start, claim.end, tuple(_renamed(claim.said, text, lists)))
            for claim in claims
        ]


def primary(language: str) -> str:
    """Return the primary subtag of a BCP 47 tag, in lower case."""
    return language.replace("_", "-").partition("-")[0].lower()


def _renamed(
    said: tuple[Spoken, ...], text: str, lists: tuple[Wordlist, ...]
) -> Iterator[Spoken]:
    at = 0
    while at < len(said):
        for count in range(min(_MOST_WORDS, len(said) - at), 0, -1):
            if named := _name_of(said[at : at + count], text, lists):
                yield from named
                at += count
                break
        else:
            yield said[at]
            at += 1


def _name_of(
    said: tuple[Spoken, ...], text: str, lists: tuple[Wordlist, ...]
) -> tuple[Spoken, ...] | None:
    words = [one.spoken.rstrip(",:;") for one in said]
    start, end = said[0].start, said[-1].end
    name = " ".join(words)
    as_written = text[start : start + len(name)]
    if isinstance(said[0], LexiconWord) or as_written.casefold() != name.casefold():
        return None
    mark = said[-1].spoken[len(words[-1]) :]
    for one in lists:
        if listed := one.say(name, start, end):
            last = listed[-1]
            closing = LexiconWord(
                last.spoken + mark, last.start, end, last.entry, last.source, last.ipa
            )
            return (*listed[:-1], closing)
    return None


def _pattern(entries: list[LexiconEntry]) -> re.Pattern[str]:
    """Match any of the entries, the longest first."""
    whole = [one for one in entries if one.whole_word]
    parts = [one for one in entries if not one.whole_word]
    places = []
    if whole:
        places.append(rf"(?<!\w)(?:{_grouped_alternation(whole)})(?!\w)")
    if parts:
        places.append(_grouped_alternation(parts))
    return re.compile("|".join(places))


def _grouped_alternation(entries: list[LexiconEntry]) -> str:
    """Group entries by their first letter: where none begins, a long list costs little.

    Among those of one letter the longest comes first.
    """
    by_letter: defaultdict[str, list[LexiconEntry]] = defaultdict(list)
    for entry in entries:
        by_letter[entry.plain[0].casefold()].append(entry)
    groups = []
    for group in by_letter.values():
        group.sort(key=lambda one: (-len(one.plain), not one.case, one.plain))
        firsts = {one.plain[0] for one in group}
        cases = {c for one in firsts for c in (one, one.lower()[0], one.upper()[0])}
        begins = "".join(map(re.escape, sorted(cases)))
        groups.append(f"(?=[{begins}])(?:{'|'.join(map(_alternative, group))})")
    return "|".join(groups)


def _alternative(entry: LexiconEntry) -> str:
    written = r"\ +".join(re.escape(word) for word in entry.plain.split())
    if entry.how is EntryKind.LETTERS:
        written += r"(?:'?s(?!\w))?"
    return written if entry.case else f"(?i:{written})"


def _inside(match: re.Match[str]) -> bool:
    text, start, end = match.string, match.start(), match.end()
    return bool(re.match(r"\w", text[end : end + 1] or " ")) or bool(
        re.match(r"\w", text[start - 1 : start] or " ")
    )


def _in_dateline(match: re.Match[str]) -> bool:
    if not match[0].isupper():
        return False
    opening = _DATELINE.match(match.string)
    return opening is not None and match.end() <= opening.end()


def _in_address(match: re.Match[str]) -> bool:
    text, start, end = match.string, match.start(), match.end()
    run_start = text.rfind(" ", 0, start) + 1
    run_end = text.find(" ", end)
    found = _ADDRESS.finditer(text, run_start, len(text) if run_end < 0 else run_end)
    return any(one.start() < start or one.end() > end for one in found)
