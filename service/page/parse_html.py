"""Parse HTML into a tree of elements."""

import re
from bisect import bisect_right

import lxml.etree
import lxml.html

from service.errors import PageTooLong
from service.page.bounds.attributes import drop_surplus_attributes

_TOO_DEEP = "ERR_RESOURCE_LIMIT"
"""How libxml2 reports that it drops elements, which it does below 2,048."""

_UNREAD = re.compile(r"<(style|svg)\b", re.IGNORECASE)
"""Elements that are dropped before parsing: their content is never read, and on some
pages most of the characters are in them.  Scripts stay: parsing one is cheap, and some
have data for search engines."""

_TEXT = re.compile(
    r"<(?:article|body|br|div|h[1-6]|li|main|p|section|td)\b", re.IGNORECASE
)
"""Elements that show that an unread element is not closed where it seems to be."""


def parse(html: str) -> lxml.html.HtmlElement | None:
    """Parse a page into a tree; None if it has no elements.

    A lone surrogate, which UTF-8 cannot encode, becomes a question mark.

    Raises:
        PageTooLong: elements are nested deeper than libxml2 reads.
    """
    # As bytes: lxml refuses a string that declares an encoding.
    page = drop_surplus_attributes(_drop_unread(html.replace("\0", "")))
    data = page.encode("utf-8", "replace")
    # Without comments: trafilatura loses the text after a comment inside a line.
    # A huge tree: pages that leave elements open nest them deeper than 256.
    parser = lxml.html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True
    )
    try:
        tree = lxml.html.document_fromstring(data, parser=parser)
    except (lxml.etree.ParserError, lxml.etree.XMLSyntaxError):
        return None
    if any(entry.type_name == _TOO_DEEP for entry in parser.error_log):
        # What is nested deeper was dropped, and cannot be reported as cut.
        message = "The page nests elements too deep; send the article's own part of it."
        raise PageTooLong(message)
    return tree


def _drop_unread(html: str) -> str:
    """Drop stylesheets and drawings that have no text inside."""
    pieces, end, text = [], 0, 0
    closings = {tag: _find_closings(html, tag) for tag in ("style", "svg")}
    for opening in _UNREAD.finditer(html):
        ends = closings[opening[1].lower()]
        following = bisect_right(ends, opening.start())
        if opening.start() < end or following == len(ends):
            continue
        closing = ends[following]
        if text < opening.start():
            found = _TEXT.search(html, opening.start())
            text = found.start() if found else len(html)
        if text >= closing:
            pieces.append(html[end : opening.start()])
            end = closing
    return "".join([*pieces, html[end:]])


def _find_closings(html: str, tag: str) -> list[int]:
    closing = re.compile(rf"</{tag}\s*>", re.IGNORECASE)
    return [match.end() for match in closing.finditer(html)]
