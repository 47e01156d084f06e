"""What arrives: an `Article`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Omitted:
    """A line of a page that its markup leaves out."""

    line: int
    """Its index among the paragraphs, from 0."""

    rule: str
    """Why, such as "opted-out"."""


@dataclass(frozen=True, slots=True)
class Article:
    """A news article, before or after cleaning."""

    title: str | None
    """The headline; None until cleaning finds it, if nobody gave one."""

    paragraphs: tuple[str, ...]
    """Its text; before cleaning, every non-blank line of the page."""

    byline: str | None = None
    """Who wrote it, as printed."""

    published: str | None = None
    """When, in RFC 3339; None when unknown."""

    language: str = "en"
    """BCP 47 tag of the language it is written in."""

    url: str | None = None
    """Where it stands on the publisher's site."""

    image: str | None = None
    """Address of its main picture."""

    omitted: tuple[Omitted, ...] = ()
    """Lines that are not to be read, in order; none after cleaning."""
