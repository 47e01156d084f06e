"""What is said before and after an article: sentences from a template.

    "From {publication}, {date}. {title}, by {byline}."

A clause is what ends with a comma, a colon, a semicolon or the end of a sentence.  One
whose field the article does not have is left out, and with all its clauses the whole
announcement.  A template that names {title} stands in for the headline.
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
"""What a template may name."""

_TITLE = "\N{OBJECT REPLACEMENT CHARACTER}"
"""Stands where the headline is read from the article, with its spans."""

_CLAUSE_END = re.compile(r"(?<=[.,;:!?…])\s+")
_ENDED = re.compile(r"[.!?…]$")
_BY = re.compile(r"by\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Announcements:
    """Templates of the first and the last sentences; an empty one says nothing."""

    intro: str = ""
    outro: str = ""
    publication: str | None = None

    @property
    def has_title(self) -> bool:
        """Whether the headline is read in the intro."""
        return "title" in set(fields_of(self.intro))


def fields_of(template: str) -> Iterator[str]:
    """Yield the fields that a template names.

    Raises ValueError for a brace without its fellow and for what is not in `FIELDS`.
    """
    for _, name, form, conversion in Formatter().parse(template):
        if name is None:
            continue
        if name not in FIELDS or form or conversion:
            known = ", ".join(f"{{{one}}}" for one in FIELDS)
            raise ValueError(f"there is no field {{{name}}}; there are {known}")
        yield name


def announce(
    template: str, article: Article, publication: str | None, reader: ParagraphReader
) -> list[Sentence]:
    """Write the sentences of an announcement, a title's pause after the last.

    Its words have no spans, for no one wrote them, but those of the headline have.
    """
    told = {
        "byline": _byline(article),
        "date": _date(article),
        "publication": publication,
        "title": _TITLE if article.title else None,
    }
    said = _filled(template, told.get)
    sentences: list[Sentence] = []
    for piece in re.split(f"({_TITLE})", said):
        if piece == _TITLE:
            sentences += reader.read(article.title or "", TITLE)
            continue
        words = piece.strip().lstrip(",;:.")
        read = reader.read(words.strip(), None)
        if read and not _ENDED.search(words.strip()):
            read[-1] = _going_on(read[-1], reader.pauses.clause)
        sentences += read
    if sentences:
        sentences[-1] = replace(sentences[-1], pause_after=reader.pauses.title)
    return sentences


def _going_on(sentence: Sentence, pause: int) -> Sentence:
    """Let a sentence go on with the headline: no full stop, no long silence."""
    *before, last = sentence.tokens
    last = replace(last, spoken=f"{last.spoken.rstrip('.,')},")
    return replace(sentence, tokens=(*before, last), pause_after=pause)


def _filled(template: str, told: Callable[[str], str | None]) -> str:
    """Fill a template's clauses in and leave out those that lack a field."""
    kept: list[str] = []
    for clause in filter(None, _CLAUSE_END.split(template.strip())):
        names = list(fields_of(clause))
        if all(told(name) for name in names):
            begins = not kept or _ENDED.search(kept[-1])
            filled = clause.format_map({name: told(name) for name in names})
            kept.append(filled[:1].upper() + filled[1:] if begins else filled)
        elif kept and _ENDED.search(clause) and not _ENDED.search(kept[-1]):
            kept[-1] = kept[-1].rstrip(",;:") + clause[-1]
    return " ".join(kept)


def _byline(article: Article) -> str:
    """Return who wrote it, without the "By" that is printed before."""
    printed = (article.byline or "").replace(_TITLE, "").strip()
    return _BY.sub("", printed, count=1) if _BY.match(printed) else printed


def _date(article: Article) -> str | None:
    """Return the day as an English paper prints it; None where no one told it."""
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
