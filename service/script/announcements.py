"""Announcements before and after an article, written from templates.

    "From {publication}, {date}. {title}, by {byline}."

A clause ends with a comma, a colon, a semicolon or the end of a sentence.  A clause
whose field the article lacks is left out; without any clause there is no announcement.
A template that names {title} replaces the headline.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from string import Formatter

from service.article import Article
from service.script.calendar import MONTH_NAMES
from service.script.paragraph import ParagraphReader
from voices.sentence import TITLE, Sentence

FIELDS = ("byline", "date", "publication", "title")
"""The fields that a template may name."""

_TITLE_MARK = "\N{OBJECT REPLACEMENT CHARACTER}"
"""Placeholder in a filled template for the headline, which is read with its spans."""

_CLAUSE_END = re.compile(r"(?<=[.,;:!?…])\s+")
_SENTENCE_END = re.compile(r"[.!?…]$")
_BY = re.compile(r"by\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Announcements:
    """Templates of the first and last sentences; empty ones are not spoken."""

    intro: str = ""
    outro: str = ""
    publication: str | None = None

    @property
    def has_title(self) -> bool:
        """Whether the headline is read in the intro."""
        return "title" in set(fields_of(self.intro))


def fields_of(template: str) -> Iterator[str]:
    """Yield the fields that a template names.

    Raises:
        ValueError: A brace is unmatched or a field is not in `FIELDS`.
    """
    for _, name, format_spec, conversion in Formatter().parse(template):
        if name is None:
            continue
        if name not in FIELDS or format_spec or conversion:
            known = ", ".join(f"{{{field}}}" for field in FIELDS)
            raise ValueError(f"there is no field {{{name}}}; there are {known}")
        yield name


def announce(
    template: str, article: Article, publication: str | None, reader: ParagraphReader
) -> list[Sentence]:
    """Write the sentences of an announcement, ending with the title's pause.

    Only the words of the headline have spans: the others are not in the article.
    """
    values = {
        "byline": _byline(article),
        "date": _date(article),
        "publication": publication,
        "title": _TITLE_MARK if article.title else None,
    }
    text = _fill(template, values.get)
    sentences: list[Sentence] = []
    for piece in re.split(f"({_TITLE_MARK})", text):
        if piece == _TITLE_MARK:
            sentences += reader.read(article.title or "", TITLE)
            continue
        words = piece.strip().lstrip(",;:.")
        spoken = reader.read(words.strip(), None)
        if spoken and not _SENTENCE_END.search(words.strip()):
            spoken[-1] = _lead_into_title(spoken[-1], reader.pauses.clause)
        sentences += spoken
    if sentences:
        sentences[-1] = replace(sentences[-1], pause_after=reader.pauses.title)
    return sentences


def _lead_into_title(sentence: Sentence, pause: int) -> Sentence:
    """End a sentence before the headline: a comma and a pause (ms)."""
    *before, last = sentence.tokens
    last = replace(last, spoken=f"{last.spoken.rstrip('.,')},")
    return replace(sentence, tokens=(*before, last), pause_after=pause)


def _fill(template: str, value_of: Callable[[str], str | None]) -> str:
    """Fill in a template's clauses; leave out those that lack a field."""
    kept: list[str] = []
    for clause in filter(None, _CLAUSE_END.split(template.strip())):
        names = list(fields_of(clause))
        if all(value_of(name) for name in names):
            opens_sentence = not kept or _SENTENCE_END.search(kept[-1])
            filled = clause.format_map({name: value_of(name) for name in names})
            kept.append(filled[:1].upper() + filled[1:] if opens_sentence else filled)
        elif (
            kept and _SENTENCE_END.search(clause) and not _SENTENCE_END.search(kept[-1])
        ):
            kept[-1] = kept[-1].rstrip(",;:") + clause[-1]
    return " ".join(kept)


def _byline(article: Article) -> str:
    """Return the author, without a leading "By"."""
    printed = (article.byline or "").replace(_TITLE_MARK, "").strip()
    return _BY.sub("", printed, count=1) if _BY.match(printed) else printed


def _date(article: Article) -> str | None:
    """Return the date as an English newspaper prints it; None if unknown."""
    tag = article.language.lower().replace("_", "-")
    if article.published is None or tag.partition("-")[0] != "en":
        return None
    try:
        day = datetime.fromisoformat(article.published)
    except ValueError:
        return None
    month = MONTH_NAMES[day.month - 1]
    if tag in {"en", "en-us", "en-ph"}:
        return f"{month} {day.day}, {day.year}"
    return f"{day.day} {month} {day.year}"
