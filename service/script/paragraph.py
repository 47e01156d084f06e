"""Turn a paragraph into sentences of spoken words with their spans."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap

from service.script.english import english_rules
from service.script.lexicon import Lexicon, LexiconWord
from service.script.lexicon.wordlist import primary
from service.script.normalization import (
    Claim,
    Rule,
    Word,
    claim_ranges,
    final_mark,
    inner_mark,
    lay_out_words,
)
from service.script.pauses import Pauses
from service.script.plain_text import PlainText, fold_characters
from service.script.sentences import split_sentences
from service.script.unreadable.foreign_letters import for_english_voice
from service.script.unreadable.long_tokens import long_code_rule
from voices.sentence import Sentence, Span, Token

MAX_SPOKEN_CHARACTERS = 600
"""Longest text for one engine call, in code points; spelling numbers out adds to it."""

_MONTH_FIRST = frozenset({"en", "en-us", "en-ph"})
_US = english_rules(day_first=False)
_BRITISH = english_rules(day_first=True)
_INDIAN = english_rules(day_first=True, indian=True)
_LAKH_COUNTRIES = frozenset({"en-bd", "en-in", "en-lk", "en-np", "en-pk"})
_OTHER_LANGUAGES = (long_code_rule(""),)

_SENTENCE_END = re.compile(r"[.?!…][\"'”\u2019)\]]*$")
_CONTINUATION = re.compile(r"\s*[a-z]")
"""Lower case after a question continues its sentence: "Is it safe?" he asked."""

_POSSESSIVE = "'s"
_SYLLABLE_IPA = "ɪz"  # noqa: RUF001 - phonetic signs
_SIBILANT = re.compile(r"[szʃʒ]\W*$")
_VOICELESS = re.compile(r"[fkpt\u03b8]\W*$")


@dataclass(slots=True)
class _PronouncedWord(Word):
    """A word, with its pronunciation if a lexicon has one."""

    ipa: str | None = None


@dataclass(frozen=True, slots=True)
class ParagraphReader:
    """Reads paragraphs in one language."""

    language: str
    """BCP 47 tag."""

    lexicon: Lexicon
    pauses: Pauses

    @property
    def language_rules(self) -> tuple[Rule, ...]:
        """The rules of the language; of others, only that for codes."""
        if not self.is_english:
            return _OTHER_LANGUAGES
        tag = self.language.lower().replace("_", "-")
        if tag in _MONTH_FIRST:
            return _US
        return _INDIAN if tag in _LAKH_COUNTRIES else _BRITISH

    @property
    def is_english(self) -> bool:
        """Whether the language has rules for numbers and names."""
        return primary(self.language) == "en"

    @property
    def rules(self) -> tuple[Rule, ...]:
        """All rules in the order in which they are tried, the lexicon's first."""
        return self.lexicon.surround(self.language_rules, self.language)

    def read(
        self, text: str, number: int | None, *, opening: bool = False
    ) -> list[Sentence]:
        """Return the sentences of a text; the last has a sentence's pause.

        Spans are in code points of `text`, in paragraph `number`; with None, for text
        that is not in the article, tokens have no spans.  `opening` says whether the
        text opens an article.
        """
        sentences: list[Sentence] = []
        ranges = split_sentences(text, self.language)
        for start, end in ranges:
            written = text[start:end]
            plain = fold_characters(written)
            is_complete = end == ranges[-1][1] or (
                _SENTENCE_END.search(plain.text.rstrip()) is not None
                and not _CONTINUATION.match(text, end)
            )
            words = self._words(plain, opening=opening and not sentences)
            for part, is_last in _split_long(_locate(words, plain, start)):
                clause = not (is_complete and is_last)
                sentences.append(
                    Sentence(
                        text=text[part[0].start : part[-1].end],
                        tokens=_tokens(part, number, clause=clause),
                        pause_after=(
                            self.pauses.clause if clause else self.pauses.sentence
                        ),
                    )
                )
        return sentences

    def _words(self, plain: PlainText, *, opening: bool) -> list[_PronouncedWord]:
        rules = self.rules
        claims = claim_ranges(plain.text, rules, opening=opening)
        claims = self.lexicon.replace_names(claims, plain.text, self.language)
        words = lay_out_words(plain.text, claims, digits=not self.is_english)
        if self.is_english:
            words = _in_known_letters(words)
        return list(_pronounce(words, claims))


def _in_known_letters(words: list[Word]) -> list[Word]:
    """Return words in letters that an English voice knows, without all others."""
    known: list[Word] = []
    for word in words:
        spoken = for_english_voice(word.spoken)
        if spoken or not known:
            known.append(Word(spoken, word.start, word.end, word.marks))
        else:
            # The mark behind a word that is left out ends what comes before it.
            known[-1].marks |= word.marks
    return known


def _pronounce(
    words: Sequence[Word], claims: Sequence[Claim]
) -> Iterator[_PronouncedWord]:
    """Yield the words with the pronunciations of the lexicon."""
    by_start = {
        spoken.start: spoken
        for claim in claims
        for spoken in claim.said
        if isinstance(spoken, LexiconWord) and spoken.ipa
    }
    for word in words:
        ipa = None
        if by_start:
            # Marks before a word belong to it, so it may begin before the entry.
            positions = range(word.start, word.end)
            start = next((start for start in positions if start in by_start), None)
            ipa = _with_possessive(by_start[start], word) if start is not None else None
        yield _PronouncedWord(word.spoken, word.start, word.end, word.marks, ipa)


def _with_possessive(listed: LexiconWord, word: Word) -> str | None:
    """Return the pronunciation of a word, including a possessive "s"."""
    if listed.ipa is None or not word.spoken.endswith(_POSSESSIVE):
        return listed.ipa
    if listed.spoken.rstrip(",:;").endswith(_POSSESSIVE):
        return listed.ipa
    if _SIBILANT.search(listed.ipa):
        return f"{listed.ipa}{_SYLLABLE_IPA}"
    return f"{listed.ipa}s" if _VOICELESS.search(listed.ipa) else f"{listed.ipa}z"


def _locate(
    words: list[_PronouncedWord], plain: PlainText, offset: int
) -> list[_PronouncedWord]:
    """Return the words that are spoken, with ranges in the paragraph."""
    located = []
    for word in words:
        if not any(character.isalnum() for character in word.spoken):
            continue
        start = offset + plain.starts[word.start]
        end = offset + plain.ends[word.end - 1]
        located += [
            _PronouncedWord(spoken, start, end, word.marks, word.ipa)
            for spoken in wrap(
                word.spoken, MAX_SPOKEN_CHARACTERS - 1, break_on_hyphens=False
            )
        ]
    return located


def _split_long(
    words: list[_PronouncedWord],
) -> Iterator[tuple[list[_PronouncedWord], bool]]:
    """Yield runs of words for one engine call, and whether each is the last."""
    run: list[_PronouncedWord] = []
    length = 0
    for word in words:
        # One for the mark after the word and one for the space.
        size = len(word.spoken) + 2
        if run and length + size > MAX_SPOKEN_CHARACTERS:
            yield run, False
            run, length = [], 0
        run.append(word)
        length += size
    if run:
        yield run, True


def _tokens(
    words: list[_PronouncedWord], number: int | None, *, clause: bool
) -> tuple[Token, ...]:
    last = len(words) - 1
    return tuple(
        Token(
            word.spoken
            + (
                final_mark(word.marks, clause=clause)
                if index == last
                else inner_mark(word.marks)
            ),
            None if number is None else Span(number, word.start, word.end),
            word.ipa,
        )
        for index, word in enumerate(words)
    )
