"""Parse HTML into an article and the lines that its markup excludes."""

import logging
from collections.abc import Iterator

import lxml.etree
import lxml.html

from service.article import Article, Extraction, Omitted, Paragraph
from service.errors import PageTooLong
from service.page.block_rules import rule_blocks
from service.page.blocks import split_blocks
from service.page.language import DEFAULT_LANGUAGE, detect_language
from service.page.metadata import read_metadata
from service.page.parse_html import parse
from service.page.selectors import Selectors, included, skipped
from service.page.text import strip_or_none

# It logs the text that it fails on, and an article's text is private.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL + 1)

_PARAGRAPHS = frozenset({"cell", "head", "item", "lb", "p", "quote"})
"""Elements of trafilatura's tree that are paragraphs."""

_NO_SELECTORS = Selectors()


def read_html(
    html: str,
    *,
    url: str | None = None,
    title: str | None = None,
    selectors: Selectors = _NO_SELECTORS,
    limit: int | None = None,
) -> Article:
    """Split a page into lines and mark those outside its article; fetch nothing.

    If no main text is found, every line is left to `clean`, as if the page had been
    copied.  `published` is a date without a time, in the format of RFC 3339.

    Args:
        html: the page, decoded.
        url: its address.
        title: replaces the headline of the page.
        selectors: set by its publisher; `include` is ignored on a page without any
            of its elements.
        limit: the most characters that the page may have.

    Raises:
        PageTooLong: the page has more characters than `limit`.
    """
    check_length(html, limit)
    tree = parse(html)
    if tree is None:
        return Article(strip_or_none(title), (), url=url)
    metadata = read_metadata(tree)
    paragraphs, omitted = _read_paragraphs(tree, selectors)
    texts = [paragraph.text for paragraph in paragraphs]
    return Article(
        title=strip_or_none(title) or metadata.title,
        paragraphs=paragraphs,
        byline=metadata.byline,
        published=metadata.published,
        language=metadata.language or detect_language(texts) or DEFAULT_LANGUAGE,
        url=url,
        image=metadata.image,
        omitted=omitted,
        extraction=Extraction(1.0) if omitted else None,
    )


def check_length(page: str, limit: int | None) -> None:
    """Refuse a page that has more characters than `limit`.

    Raises:
        PageTooLong: it has more.
    """
    if limit is not None and len(page) > limit:
        message = (
            f"The page has {len(page):,} characters and {limit:,} are allowed; send the"
            " article's own part of it or raise OUTSPOKEN_MAX_HTML."
        )
        raise PageTooLong(message)


def _read_paragraphs(
    tree: lxml.html.HtmlElement, selectors: Selectors
) -> tuple[tuple[Paragraph, ...], tuple[Omitted, ...]]:
    excluded = skipped(tree, selectors.exclude)
    only = included(tree, selectors.include)
    blocks = split_blocks(tree, excluded, only)
    if only:
        # The publisher selected the article, so only elements that the standard
        # defines as separate from it are excluded.
        rules = [block.skip_rule or block.container.exclusion_rule for block in blocks]
    else:
        for element in excluded:
            _remove(element)
        rules = rule_blocks(blocks, _main_text(tree))
    omitted = tuple(
        Omitted(line, rule) for line, rule in enumerate(rules) if rule is not None
    )
    return tuple(block.paragraph for block in blocks), omitted


def _remove(element: lxml.html.HtmlElement) -> None:
    # A nested one may be removed already; the root has no parent and is kept.
    if element.getparent() is not None:
        element.drop_tree()


def _main_text(tree: lxml.html.HtmlElement) -> Iterator[str]:
    """Yield the paragraphs of the main text that trafilatura extracts.

    In fast mode: the slow one compares with two more extractors, which find nothing
    that `rule_blocks` does not restore.
    """
    # It takes a quarter of a second to import, and text and Markdown do not need it.
    from trafilatura import bare_extraction  # noqa: PLC0415
    from trafilatura.settings import Document  # noqa: PLC0415

    document = bare_extraction(tree, include_comments=False, fast=True)
    if isinstance(document, Document):
        yield from _paragraph_texts(document.body)


def _paragraph_texts(body: lxml.etree._Element) -> Iterator[str]:
    texts: list[str] = []
    for event, element in lxml.etree.iterwalk(body, events=("start", "end")):
        if element.tag in _PARAGRAPHS:
            yield "".join(texts)
            texts.clear()
        texts.append((element.text if event == "start" else element.tail) or "")
    yield "".join(texts)
