"""Extract the main text of a page with trafilatura: `main_text`."""

import logging
from collections.abc import Iterator

import lxml.etree
import lxml.html

# It logs the text that it fails on, and an article's text is private.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL + 1)

_PARAGRAPHS = frozenset({"cell", "head", "item", "lb", "p", "quote"})
"""Elements of trafilatura's tree that are paragraphs."""


def main_text(tree: lxml.html.HtmlElement, *, fast: bool) -> list[str]:
    """Return the paragraphs that trafilatura extracts; empty if it finds none.

    Args:
        tree: the page; it is not changed.
        fast: whether to omit the comparison with two more extractors, which takes
            most of the time.
    """
    # It takes a quarter of a second to import, and text and Markdown do not need it.
    from trafilatura import bare_extraction  # noqa: PLC0415
    from trafilatura.settings import Document  # noqa: PLC0415

    document = bare_extraction(tree, include_comments=False, fast=fast)
    if not isinstance(document, Document):
        return []
    return list(_paragraph_texts(document.body))


def _paragraph_texts(body: lxml.etree._Element) -> Iterator[str]:
    texts: list[str] = []
    for event, element in lxml.etree.iterwalk(body, events=("start", "end")):
        if element.tag in _PARAGRAPHS:
            yield "".join(texts)
            texts.clear()
        texts.append((element.text if event == "start" else element.tail) or "")
    yield "".join(texts)
