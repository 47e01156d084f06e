"""Find lexicon entries in a sentence: `Wordlist`, `Lexicon`."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial

from service.script.english.names.initialisms import letters_and_s
from service.script.lexicon.entry import EntryKind, LexiconEntry
from service.script.normalization import Claim, Rule, Spoken

_ADDRESS = re.compile(r"://|\bwww\.|@|#(?=\w)|\.[a-z]{2,}(?![a-z])", re.IGNORECASE)
"""Marks of an address, a handle or a hashtag; a name inside one is left to the rule for
the whole."""

_DATELINE = re.compile(r"[A-Z][A-Z' .-]+(?=,\ [A-Z]|\ ?\(|:|\ ?-)")
_MAX_NAME_WORDS = 4


@dataclass(frozen=True, slots=True)
class LexiconWord(Spoken):
    """The spoken words of an entry."""

    entry: LexiconEntry
    source: str
    """The name of the entry's file."""

    ipa: str | None
    """Phonemes of these words; None leaves them to the voice."""


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
        """Index the entries by their graphemes."""
        exact = {entry.plain: entry for entry in self.entries if entry.case}
        folded = {
            entry.plain.casefold(): entry for entry in self.entries if not entry.case
        }
        object.__setattr__(self, "exact", exact)
        object.__setattr__(self, "folded", folded)

    def find(self, written: str, *, inside: bool = False) -> LexiconEntry | None:
        """Return the entry of a word or phrase; `inside` if in a longer word."""
        candidates = (self.exact.get(written), self.folded.get(written.casefold()))
        matching = (
            entry for entry in candidates if entry and not (inside and entry.whole_word)
        )
        return next(matching, None)

    def say(self, written: str, start: int, end: int) -> tuple[LexiconWord, ...] | None:
        """Return the spoken words of a word or phrase at a range."""
        entry = self.find(written)
        return self._words_of(entry, written, start) if entry and end > start else None

    def rules(self, *, datelines: bool) -> tuple[Rule, ...]:
        """Build the rules that claim entries, those with most words first.

        Without `datelines`, a place in capitals that opens a report is left to the
        dateline rule; with it, places that the dateline rule did not claim are claimed.
        """
        by_length: defaultdict[int, list[LexiconEntry]] = defaultdict(list)
        for entry in self.entries:
            # Only entries that ignore case are left to the dateline rule.
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
        if _is_in_address(match):
            return None
        written = " ".join(match[0].split())
        entry = self.find(written, inside=_is_inside_word(match))
        if entry is None:
            return self._say_ending(match, written)
        if not entry.case and not datelines and _is_in_dateline(match):
            return None
        return self._words_of(entry, match[0], match.start())

    def _say_ending(
        self, match: re.Match[str], written: str
    ) -> tuple[LexiconWord, ...] | None:
        """Spell letters with an "s": plural and possessive sound the same."""
        entry = self.find(re.sub(r"'?s$", "", written))
        if entry is None or entry.kind is not EntryKind.LETTERS:
            return None
        spoken = letters_and_s(entry.letters)
        return (LexiconWord(spoken, *match.span(), entry, self.source, ipa=None),)

    def _words_of(
        self, entry: LexiconEntry, written: str, start: int
    ) -> tuple[LexiconWord, ...]:
        """Return word for word if the numbers are equal, otherwise one text."""
        spoken = entry.spoken.split()
        phonemes: list[str | None] = [*(entry.ipa or "").split()]
        phonemes = phonemes or [None] * len(spoken)
        matches = list(re.finditer(r"\S+", written))
        if not len(matches) == len(spoken) == len(phonemes):
            end = start + len(written)
            word = LexiconWord(entry.spoken, start, end, entry, self.source, entry.ipa)
            return (word,)
        return tuple(
            LexiconWord(
                word,
                start + match.start(),
                start + match.end(),
                entry,
                self.source,
                ipa,
            )
            for word, match, ipa in zip(spoken, matches, phonemes, strict=True)
        )


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Wordlists in order of precedence."""

    wordlists: tuple[Wordlist, ...]

    early_rules: dict[str, tuple[Rule, ...]] = field(
        init=False, repr=False, compare=False
    )
    """By language, the rules to try before all others."""

    late_rules: dict[str, tuple[Rule, ...]] = field(
        init=False, repr=False, compare=False
    )
    """By language, the rules to try last: names in capitals outside datelines."""

    def __post_init__(self) -> None:
        """Build the rules of every language once."""
        languages = {wordlist.language for wordlist in self.wordlists}
        for name, datelines in (("early_rules", False), ("late_rules", True)):
            rules = {
                language: tuple(
                    rule
                    for wordlist in self.of(language)
                    for rule in wordlist.rules(datelines=datelines)
                )
                for language in languages
            }
            object.__setattr__(self, name, rules)

    def of(self, language: str) -> tuple[Wordlist, ...]:
        """Return the wordlists of a language."""
        tag = primary(language)
        return tuple(
            wordlist for wordlist in self.wordlists if wordlist.language == tag
        )

    def surround(self, rules: Iterable[Rule], language: str) -> tuple[Rule, ...]:
        """Return a language's rules between the early and the late ones."""
        tag = primary(language)
        return (*self.early_rules.get(tag, ()), *rules, *self.late_rules.get(tag, ()))

    def replace_names(
        self, claims: Iterable[Claim], text: str, language: str
    ) -> list[Claim]:
        """Replace names in claims that differ only in case: "KYIV:" as "Kyiv"."""
        lists = self.of(language)
        if not lists:
            return list(claims)
        return [
            Claim(
                claim.start, claim.end, tuple(_replace_names(claim.said, text, lists))
            )
            for claim in claims
        ]


def primary(language: str) -> str:
    """Return the primary subtag of a BCP 47 tag, in lower case."""
    return language.replace("_", "-").partition("-")[0].lower()


def _replace_names(
    said: tuple[Spoken, ...], text: str, lists: tuple[Wordlist, ...]
) -> Iterator[Spoken]:
    index = 0
    while index < len(said):
        for count in range(min(_MAX_NAME_WORDS, len(said) - index), 0, -1):
            if name := _say_name(said[index : index + count], text, lists):
                yield from name
                index += count
                break
        else:
            yield said[index]
            index += 1


def _say_name(
    said: tuple[Spoken, ...], text: str, lists: tuple[Wordlist, ...]
) -> tuple[Spoken, ...] | None:
    words = [word.spoken.rstrip(",:;") for word in said]
    start, end = said[0].start, said[-1].end
    name = " ".join(words)
    as_written = text[start : start + len(name)]
    if isinstance(said[0], LexiconWord) or as_written.casefold() != name.casefold():
        return None
    mark = said[-1].spoken[len(words[-1]) :]
    for wordlist in lists:
        if listed := wordlist.say(name, start, end):
            last = listed[-1]
            closing = LexiconWord(
                last.spoken + mark, last.start, end, last.entry, last.source, last.ipa
            )
            return (*listed[:-1], closing)
    return None


def _pattern(entries: list[LexiconEntry]) -> re.Pattern[str]:
    """Return a pattern that matches any of the entries, the longest first."""
    whole = [entry for entry in entries if entry.whole_word]
    parts = [entry for entry in entries if not entry.whole_word]
    patterns = []
    if whole:
        patterns.append(rf"(?<!\w)(?:{_grouped_alternation(whole)})(?!\w)")
    if parts:
        patterns.append(_grouped_alternation(parts))
    return re.compile("|".join(patterns))


def _grouped_alternation(entries: list[LexiconEntry]) -> str:
    """Return an alternation of entries that are grouped by first letter.

    The regex tests only the first letters where no entry begins, so a long list is
    fast.  In each group the longest entry comes first.
    """
    by_letter: defaultdict[str, list[LexiconEntry]] = defaultdict(list)
    for entry in entries:
        by_letter[entry.plain[0].casefold()].append(entry)
    groups = []
    for group in by_letter.values():
        group.sort(key=lambda entry: (-len(entry.plain), not entry.case, entry.plain))
        letters = {entry.plain[0] for entry in group}
        cases = {
            case
            for letter in letters
            for case in (letter, letter.lower()[0], letter.upper()[0])
        }
        first = "".join(map(re.escape, sorted(cases)))
        groups.append(f"(?=[{first}])(?:{'|'.join(map(_alternative, group))})")
    return "|".join(groups)


def _alternative(entry: LexiconEntry) -> str:
    written = r"\ +".join(re.escape(word) for word in entry.plain.split())
    if entry.kind is EntryKind.LETTERS:
        written += r"(?:'?s(?!\w))?"
    return written if entry.case else f"(?i:{written})"


def _is_inside_word(match: re.Match[str]) -> bool:
    text, start, end = match.string, match.start(), match.end()
    return bool(re.match(r"\w", text[end : end + 1] or " ")) or bool(
        re.match(r"\w", text[start - 1 : start] or " ")
    )


def _is_in_dateline(match: re.Match[str]) -> bool:
    if not match[0].isupper():
        return False
    opening = _DATELINE.match(match.string)
    return opening is not None and match.end() <= opening.end()


def _is_in_address(match: re.Match[str]) -> bool:
    text, start, end = match.string, match.start(), match.end()
    run_start = text.rfind(" ", 0, start) + 1
    run_end = text.find(" ", end)
    marks = _ADDRESS.finditer(text, run_start, len(text) if run_end < 0 else run_end)
    return any(mark.start() < start or mark.end() > end for mark in marks)
