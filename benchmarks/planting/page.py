"""A page as a list of lines, each with what it is: `PlantedPage`."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

ARTICLE = "article"
TITLE = "title"


@dataclass(frozen=True)
class PageLine:
    """A line of a page, and what it is."""

    text: str
    what: str
    """`ARTICLE`, `TITLE`, or the variant of what was planted."""


@dataclass(frozen=True)
class PlantedPage:
    """A page in its parts, from top to bottom."""

    title: str
    menu: tuple[PageLine, ...]
    head: tuple[PageLine, ...]
    body: tuple[PageLine, ...]
    below: tuple[PageLine, ...]
    footer: tuple[PageLine, ...]

    @property
    def lines(self) -> tuple[PageLine, ...]:
        """All lines, from top to bottom."""
        return (*self.menu, *self.head, *self.body, *self.below, *self.footer)

    def without_planted(self) -> "PlantedPage":
        """Return the page with only its menu, its title, its article and its footer."""
        head = tuple(line for line in self.head if line.what == TITLE)
        body = tuple(line for line in self.body if line.what == ARTICLE)
        return replace(self, head=head, body=body, below=())


def to_lines(what: str, texts: Sequence[str]) -> list[PageLine]:
    """Return a line for each text."""
    return [PageLine(text, what) for text in texts]
