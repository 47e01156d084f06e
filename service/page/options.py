"""What a publisher sets for its own pages: `PageOptions`."""

from dataclasses import dataclass

from service.page.selectors import compiled
from service.page.tables import DEFAULT_TABLE_ROWS


@dataclass(frozen=True, slots=True)
class PageOptions:
    """Which parts of a publisher's pages are read."""

    include: tuple[str, ...] = ()
    """CSS selectors of the article.  On pages that have it, only this is read."""

    exclude: tuple[str, ...] = ()
    """CSS selectors of elements that are never read."""

    table_rows: int = DEFAULT_TABLE_ROWS
    """Rows of the longest table that is read, a row at a time; 0 to read none."""

    reads_embeds: bool = False
    """Whether embedded posts of social networks are read, as quotations."""

    def __post_init__(self) -> None:
        """Refuse strings that are not selectors; raises InvalidSelector."""
        for css in (*self.include, *self.exclude):
            compiled(css)
