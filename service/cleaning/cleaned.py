"""The result of cleaning: the article, and every line that was cut."""

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
    """Index among the incoming paragraphs, from 0."""

    because: tuple[str, ...] = ()
    """For a line that the classifier cut, the features that weighed most against it,
    strongest first; empty for a line that another rule cut."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """An article without boilerplate."""

    article: Article
    cuts: tuple[Cut, ...]
    """The lines that were cut, in page order."""

    confidence: float = 1.0
    """How surely the article is complete and alone, from 0 to 1; not a probability."""

    doubts: tuple[str, ...] = ()
    """What lowers the confidence, as sentences; empty if nothing does."""
