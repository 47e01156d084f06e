"""Articles and their paragraphs."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class ParagraphKind(StrEnum):
    """The role of a paragraph, as the markup declares it."""

    PARAGRAPH = "paragraph"
    """Prose, or text without markup: its form may show another kind."""

    HEADING = "heading"
    LIST_ITEM = "list-item"
    QUOTATION = "quotation"
    """A paragraph of a block quotation."""

    CODE = "code"
    """Program code, which is not read."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One line of a page, with its role."""

    text: str
    kind: ParagraphKind = ParagraphKind.PARAGRAPH

    level: int | None = None
    """Level of a heading, from 1 to 6; None for other kinds."""


class ContentSource(StrEnum):
    """What a text or a page contains, as its sender states it."""

    PAGE = "page"
    """A page, or a copy of one: its article, and what the site puts around it."""

    ARTICLE = "article"
    """The article alone, as a publishing system stores it."""


@dataclass(frozen=True, slots=True)
class Extraction:
    """How well the markup of a page separated its article from the rest."""

    confidence: float
    """How surely the article is complete and alone, from 0 to 1; not a probability."""

    doubts: tuple[str, ...] = ()
    """What lowers the confidence, as sentences; empty if nothing does."""


def plain_paragraphs(lines: Iterable[str]) -> tuple[Paragraph, ...]:
    """Return a paragraph per line, for text without markup."""
    return tuple(Paragraph(line) for line in lines)


@dataclass(frozen=True, slots=True)
class Omitted:
    """A line of a page that its markup excludes."""

    line: int
    """Its index among the paragraphs, from 0."""

    rule: str
    """Name of the rule, such as "opted-out"."""


@dataclass(frozen=True, slots=True)
class Article:
    """A news article, before or after cleaning."""

    title: str | None
    """The headline; None until cleaning finds it, if none was given."""

    paragraphs: tuple[Paragraph, ...]
    """The text; before cleaning, every non-blank line of the page."""

    byline: str | None = None
    """Author line, as printed."""

    published: str | None = None
    """Time of publication in RFC 3339; None if unknown."""

    language: str = "en"
    """BCP 47 tag of its language."""

    url: str | None = None
    """Address on the publisher's site."""

    image: str | None = None
    """Address of the main image."""

    omitted: tuple[Omitted, ...] = ()
    """Lines not to be read, in order; empty after cleaning."""

    source: ContentSource | None = None
    """What the sender states that it sent; None if cleaning should detect it."""

    extraction: Extraction | None = None
    """How markup selected the lines; None for text, and for a page whose markup shows
    no article: cleaning then decides by the lines alone."""

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts of its paragraphs."""
        return tuple(paragraph.text for paragraph in self.paragraphs)
