"""Turn a paragraph into sentences whose words keep their spans."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap

from service.script.english import english_rules
from service.script.lexicon import Lexicon, LexiconWord
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
from voices.sentence import Sentence, Span, Token

MOST_SPOKEN = 600
"""Code points an engine gets in one go, at most; spelled out, text grows."""

_MONTH_FIRST = frozenset({"en", "en-us", "en-ph"})
_US = english_rules(day_first=False)
_BRITISH = english_rules(day_first=True)

_ENDED = re.compile(r"[.?!…][\"'”\u2019)\]]*$")
_GOING_ON = re.compile(r"\s*[a-z]")
"""Who asks is still a part of the sentence: "Is it safe?" he asked."""

_OWN = "'s"
_OWN_SYLLABLE = "ɪz"  # noqa: RUF001 - phonetic signs
_HISSING = re.compile(r"[szʃʒ]\W*$")
_VOICELESS = re.compile(r"[fkpt\u03b8]\W*$")


@dataclass(slots=True)
class _Sounded(Word):
    """A word of which a lexicon may know the sounds."""

    ipa: str | None = None


@dataclass(frozen=True, slots=True)
class ParagraphReader:
    """Whoever reads text in one language."""

    language: str
    """BCP 47 tag."""

    lexicon: Lexicon
    pauses: Pauses

    @property
    def own_rules(self) -> tuple[Rule, ...]:
        """The rules of the language; one without rules is left to the voice."""
        tag = self.language.lower().replace("_", "-")
        if tag.partition("-")[0] != "en":
            return ()
        return _US if tag in _MONTH_FIRST else _BRITISH

    @property
    def rules(self) -> tuple[Rule, ...]:
        """All rules in the order in which they are tried: the lexicon's go first."""
        return self.lexicon.around(self.own_rules, self.language)

    def read(
        self, text: str, number: int | None, *, opening: bool = False
    ) -> list[Sentence]:
        """Return the sentences of a text, a sentence's pause after the last.

        Spans are in code points of `text` and in the paragraph `number`; None where no
        one wrote it gives tokens without.  `opening` is whether it opens an article.
        """
        sentences: list[Sentence] = []
        ranges = split_sentences(text, self.language)
        for start, end in ranges:
            written = text[start:end]
            whole = end == ranges[-1][1] or (
                _ENDED.search(written) is not None and not _GOING_ON.match(text, end)
            )
            plain = fold_characters(written)
            words = self._words(plain, opening=opening and not sentences)
            for part, is_last in _split_long(_located(words, plain, start)):
                clause = not (whole and is_last)
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

    def _words(self, plain: PlainText, *, opening: bool) -> list[_Sounded]:
        rules = self.rules
        claims = claim_ranges(plain.text, rules, opening=opening)
        claims = self.lexicon.rename(claims, plain.text, self.language)
        words = lay_out_words(plain.text, claims, digits=not self.own_rules)
        return list(_sounded(words, claims))


def _sounded(words: Sequence[Word], claims: Sequence[Claim]) -> Iterator[_Sounded]:
    """Yield the words with the sounds that the lexicon has for them."""
    listed = {
        said.start: said
        for claim in claims
        for said in claim.said
        if isinstance(said, LexiconWord) and said.ipa
    }
    for word in words:
        ipa = None
        if listed:
            # Marks before a word belong to it, so it may begin before what is listed.
            inside = range(word.start, word.end)
            at = next((at for at in inside if at in listed), None)
            ipa = _with_own(listed[at], word) if at is not None else None
        yield _Sounded(word.spoken, word.start, word.end, word.marks, ipa)


def _with_own(said: LexiconWord, word: Word) -> str | None:
    """Return the sounds of a word, those of its possessive "s" included."""
    if said.ipa is None or not word.spoken.endswith(_OWN):
        return said.ipa
    if said.spoken.rstrip(",:;").endswith(_OWN):
        return said.ipa
    if _HISSING.search(said.ipa):
        return f"{said.ipa}{_OWN_SYLLABLE}"
    return f"{said.ipa}s" if _VOICELESS.search(said.ipa) else f"{said.ipa}z"


def _located(words: list[_Sounded], plain: PlainText, offset: int) -> list[_Sounded]:
    """Words that say something, their ranges turned into ranges of the paragraph."""
    located = []
    for word in words:
        if not any(character.isalnum() for character in word.spoken):
            continue
        start = offset + plain.starts[word.start]
        end = offset + plain.ends[word.end - 1]
        located += [
            _Sounded(spoken, start, end, word.marks, word.ipa)
            for spoken in wrap(word.spoken, MOST_SPOKEN - 1, break_on_hyphens=False)
        ]
    return located


def _split_long(words: list[_Sounded]) -> Iterator[tuple[list[_Sounded], bool]]:
    """Runs of words that an engine can take in one go, and whether it is the last."""
    run: list[_Sounded] = []
    length = 0
    for word in words:
        # One for the mark after the word, one for the space after that.
        size = len(word.spoken) + 2
        if run and length + size > MOST_SPOKEN:
            yield run, False
            run, length = [], 0
        run.append(word)
        length += size
    if run:
        yield run, True


def _tokens(
    words: list[_Sounded], number: int | None, *, clause: bool
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
