"""From an article to everything that will be said, in order."""

import re
from collections.abc import Iterator
from dataclasses import replace
from textwrap import wrap

from service.article import Article
from service.script.english import english_rules
from service.script.pauses import Pauses
from service.script.sentences import split_sentences
from service.script.spoken import (
    Rule,
    Word,
    claim_ranges,
    final_mark,
    inner_mark,
    words_of,
)
from service.script.typography import Plain, plain_text
from voices.sentence import TITLE, Script, Sentence, Span, Token

MOST_SPOKEN = 600
"""Code points an engine gets in one go, at most; spelled out, text grows."""

_MONTH_FIRST = frozenset({"en", "en-us", "en-ph"})
_US = english_rules(day_first=False)
_BRITISH = english_rules(day_first=True)

_ENDED = re.compile(r"[.?!…][\"'”\u2019)\]]*$")


def write_script(article: Article, pauses: Pauses = Pauses()) -> Script:  # noqa: B008 - frozen
    """Write what is said for a cleaned article: the title, then its paragraphs.

    Every token's span is in code points of its paragraph as given (`TITLE` for the
    title), in order.  A sentence with nothing to say (only symbols) is left out, so a
    script of such sentences alone is empty.  The same article and pauses give the
    same script.
    """
    language = article.language
    sentences: list[Sentence] = []
    if article.title:
        sentences += _write_paragraph(article.title, TITLE, language, pauses)
    opening = True
    for number, paragraph in enumerate(article.paragraphs):
        written = _write_paragraph(paragraph, number, language, pauses, opening=opening)
        opening = opening and not written
        sentences += written
    return Script(language, tuple(sentences))


def speak_plain(text: str, language: str = "en") -> str:
    """Return the spoken form of one piece of clean prose, on one line."""
    spoken = _write_paragraph(text, 0, language, Pauses(), opening=True)
    return " ".join(sentence.spoken for sentence in spoken)


def _rules(language: str) -> tuple[Rule, ...]:
    """Return the rules of a language; one without rules is left to the voice."""
    tag = language.lower().replace("_", "-")
    if tag.partition("-")[0] != "en":
        return ()
    return _US if tag in _MONTH_FIRST else _BRITISH


def _write_paragraph(
    paragraph: str,
    number: int,
    language: str,
    pauses: Pauses,
    *,
    opening: bool = False,
) -> list[Sentence]:
    """Sentences of one paragraph, with the paragraph's pause after the last one."""
    rules = _rules(language)
    sentences: list[Sentence] = []
    ranges = split_sentences(paragraph, language)
    for start, end in ranges:
        written = paragraph[start:end]
        whole = end == ranges[-1][1] or _ENDED.search(written) is not None
        plain = plain_text(written)
        claims = claim_ranges(plain.text, rules, opening=opening and not sentences)
        words = _located(words_of(plain.text, claims, digits=not rules), plain, start)
        for part, is_last in _breaths(words):
            clause = not (whole and is_last)
            sentences.append(
                Sentence(
                    text=paragraph[part[0].start : part[-1].end],
                    tokens=_tokens(part, number, clause=clause),
                    pause_after=pauses.clause if clause else pauses.sentence,
                )
            )
    if sentences:
        last = pauses.title if number == TITLE else pauses.paragraph
        sentences[-1] = replace(sentences[-1], pause_after=last)
    return sentences


def _located(words: list[Word], plain: Plain, offset: int) -> list[Word]:
    """Words that say something, their ranges turned into ranges of the paragraph."""
    located = []
    for word in words:
        if not any(character.isalnum() for character in word.spoken):
            continue
        start = offset + plain.starts[word.start]
        end = offset + plain.ends[word.end - 1]
        located += [
            Word(spoken, start, end, word.marks)
            for spoken in wrap(word.spoken, MOST_SPOKEN - 1, break_on_hyphens=False)
        ]
    return located


def _breaths(words: list[Word]) -> Iterator[tuple[list[Word], bool]]:
    """Runs of words that an engine can take in one go, and whether it is the last."""
    run: list[Word] = []
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


def _tokens(words: list[Word], number: int, *, clause: bool) -> tuple[Token, ...]:
    last = len(words) - 1
    return tuple(
        Token(
            word.spoken
            + (
                final_mark(word.marks, clause=clause)
                if index == last
                else inner_mark(word.marks)
            ),
            Span(number, word.start, word.end),
        )
        for index, word in enumerate(words)
    )
