"""`Article`: a news article, before or after cleaning."""

from dataclasses import dataclass


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
    """The headline; None if none was sent and cleaning has not detected one."""

    paragraphs: tuple[str, ...]
    """Its text; before cleaning, every non-blank line of the page."""

    byline: str | None = None
    """Names of the authors, as printed."""

    published: str | None = None
    """Date of publication in RFC 3339; None if unknown."""

    language: str = "en"
    """BCP 47 tag of the language it is written in."""

    url: str | None = None
    """Address on the publisher's site."""

    image: str | None = None
    """Address of its main picture."""

    omitted: tuple[Omitted, ...] = ()
    """Lines to leave out, in order; empty after cleaning."""
