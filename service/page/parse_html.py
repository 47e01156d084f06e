"""Parse HTML into a tree of elements."""

import lxml.etree
import lxml.html


def parse(html: str) -> lxml.html.HtmlElement | None:
    """Parse a page into a tree; None if it has no elements.

    A lone surrogate, which UTF-8 cannot encode, becomes a question mark.  libxml2 drops
    elements nested deeper than 256.
    """
    # As bytes: lxml refuses a string that declares an encoding.
    data = html.replace("\0", "").encode("utf-8", "replace")
    # Without comments: trafilatura loses the text after a comment inside a line.
    parser = lxml.html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True
    )
    try:
        return lxml.html.document_fromstring(data, parser=parser)
    except (lxml.etree.ParserError, lxml.etree.XMLSyntaxError):
        return None
