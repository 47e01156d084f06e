"""What cleaning gives: the article, and every line that it cut."""

from dataclasses import dataclass

from service.article import Article


@dataclass(frozen=True, slots=True)
class Cut:
    """A line that is not read, and why."""

    rule: str
    """Name of the rule that cut it, such as "advertisement"."""

    text: str
    """The line, code point for code point."""

    line: int
    """Its index among the incoming paragraphs, from 0."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """An article without furniture."""

    article: Article
    cuts: tuple[Cut, ...]
    """What was cut, in the order of the page."""
