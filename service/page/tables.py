"""Read tables of data a row at a time, or leave them out: `join_table_rows`.

Read cell by cell, a table is a list of numbers.  A row read as one line can be
followed; a table of many rows cannot, and is left out as a whole.
"""

import lxml.etree
import lxml.html

TABLE = "table"

DEFAULT_TABLE_ROWS = 12
"""Rows of the longest table that is read: a league table is longer, the results of a
match day are not."""

_MAX_CELL_CHARACTERS = 80
"""Characters of the longest cell of a table of data; tables that only arrange a page
have paragraphs in their cells."""

_MIN_ROWS = 2
_MIN_COLUMNS = 2
_MAX_LINKED_RATIO = 0.5
"""Share of linked characters from which a table is a menu."""


def join_table_rows(
    tree: lxml.html.HtmlElement, max_rows: int = DEFAULT_TABLE_ROWS
) -> dict[lxml.html.HtmlElement, str]:
    """Make one line of each row of data, its cells separated by commas.

    Args:
        tree: the page; its tables of data are changed.
        max_rows: rows of the longest table that is read.

    Returns:
        The tables that are left out, each with its rule.
    """
    left_out = {}
    for table in list(tree.iter("table")):
        # Tables inside tables arrange a page.  Neither their rows nor their cells are
        # looked at: each one has those of all tables inside it.
        if next(table.iterdescendants("table"), None) is not None:
            continue
        rows = [row for row in table.iter("tr") if len(row)]
        if not _has_data(table, rows):
            continue
        if len(rows) > max_rows:
            left_out[table] = TABLE
        else:
            for row in rows:
                _join(row)
    return left_out


def _has_data(table: lxml.html.HtmlElement, rows: list[lxml.html.HtmlElement]) -> bool:
    cells = [cell for row in rows for cell in row]
    sizes = [len(" ".join(cell.text_content().split())) for cell in cells]
    if len(rows) < _MIN_ROWS or len(cells) < _MIN_COLUMNS * len(rows):
        return False
    linked = sum(len(link.text_content().strip()) for link in table.iter("a"))
    return max(sizes) <= _MAX_CELL_CHARACTERS and linked < _MAX_LINKED_RATIO * max(
        1, sum(sizes)
    )


def _join(row: lxml.html.HtmlElement) -> None:
    texts = (" ".join(cell.text_content().split()) for cell in row)
    line = ", ".join(text for text in texts if text)
    for cell in list(row):
        row.remove(cell)
    lxml.etree.SubElement(row, "td").text = line
