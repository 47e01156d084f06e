"""How much a line speaks for being part of an article."""

from service.cleaning.lines import Line

SENTENCE = 12
"""Words from which a line that ends as a sentence is taken for a paragraph.

Shorter ones stand in menus and boxes as often as in articles.
"""

LONG = 30
"""Words from which a line is prose however it ends: no menu entry is that long."""

MOST = 100
"""The most one line counts, in words, so that one giant line decides nothing."""


def prose_value(line: Line) -> int:
    """Return the words the line adds to a body; 0 when it is no prose."""
    if line.ends:
        return min(line.size, MOST) if line.size >= SENTENCE else line.size // 3
    return min(line.size // 2, MOST) if _leads(line) or line.size >= LONG else 0


def is_prose(line: Line) -> bool:
    """Whether the line is a paragraph or a short sentence, not a label."""
    return line.ends or line.size >= LONG or _leads(line)


def _leads(line: Line) -> bool:
    """Whether it is a sentence that leads to a list or a quotation below it."""
    return line.size >= SENTENCE and line.text.endswith(":")
