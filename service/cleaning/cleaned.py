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

    because: tuple[str, ...] = ()
    """For a line that was judged, the measures that spoke most against it, the
    strongest first; empty for one that a rule knows."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """An article without furniture."""

    article: Article
    cuts: tuple[Cut, ...]
    """What was cut, in the order of the page."""
