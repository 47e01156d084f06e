"""HTML becomes an article: what is read of it, and by which rule the rest is not."""

import logging
from collections.abc import Iterator

import lxml.etree
import lxml.html
import trafilatura
import trafilatura.settings

from service.article import Article, Omitted, Paragraph
from service.errors import PageTooLong
from service.page.block_rules import rule_blocks
from service.page.blocks import split_blocks
from service.page.language import DEFAULT_LANGUAGE, detect_language
from service.page.markup import parse
from service.page.metadata import read_metadata
from service.page.selectors import Selectors, included, skipped
from service.page.text import strip_or_none

# It logs what it fails on, and an article's text is private.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL + 1)

_PARAGRAPHS = frozenset({"cell", "head", "item", "lb", "p", "quote"})
"""Elements of trafilatura's tree that are read as a paragraph of their own."""

_EVERYWHERE = Selectors()


def read_html(
    html: str,
    *,
    url: str | None = None,
    title: str | None = None,
    selectors: Selectors = _EVERYWHERE,
    limit: int | None = None,
) -> Article:
    """Read a page's lines, mark those that are not its article, and fetch nothing.

    Where no main text can be told from the rest, every line is left to `clean`, as if
    the page had been copied.  `published` is a date without a time, as RFC 3339 writes
    it.

    Args:
        html: the page, decoded.
        url: where it stands.
        title: the headline, if it is known better.
        selectors: what its publisher wants read; a page that has nothing of what is
            included is read as if nothing was.
        limit: characters that the page may have.

    Raises:
        PageTooLong: the page has more characters than `limit`.
    """
    if limit is not None and len(html) > limit:
        message = (
            f"The page has {len(html):,} characters and {limit:,} are allowed; send the"
            " article's own part of it or raise OUTSPOKEN_MAX_HTML."
        )
        raise PageTooLong(message)
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
    )


def _read_paragraphs(
    tree: lxml.html.HtmlElement, selectors: Selectors
) -> tuple[tuple[Paragraph, ...], tuple[Omitted, ...]]:
    left_out = skipped(tree, selectors.exclude)
    only = included(tree, selectors.include)
    blocks = split_blocks(tree, left_out, only)
    if only:
        # Its publisher has said where the article is; only the standard's own words
        # for what is beside it count besides.
        rules = [block.skipped or block.box.outside for block in blocks]
    else:
        for element in left_out:
            _remove(element)
        rules = rule_blocks(blocks, _main_text(tree))
    omitted = tuple(
        Omitted(place, rule) for place, rule in enumerate(rules) if rule is not None
    )
    return tuple(block.paragraph for block in blocks), omitted


def _remove(element: lxml.html.HtmlElement) -> None:
    # One inside another may be gone already; the root stays, for it has no place.
    if element.getparent() is not None:
        element.drop_tree()


def _main_text(tree: lxml.html.HtmlElement) -> Iterator[str]:
    """Yield the paragraphs of the main text, in trafilatura's opinion.

    Its fast way: the slow one compares with two more extractors, which find nothing
    that `rule_blocks` does not restore.
    """
    found = trafilatura.bare_extraction(tree, include_comments=False, fast=True)
    if isinstance(found, trafilatura.settings.Document):
        yield from _paragraphs_of(found.body)


def _paragraphs_of(body: lxml.etree._Element) -> Iterator[str]:
    texts: list[str] = []
    for event, element in lxml.etree.iterwalk(body, events=("start", "end")):
        if element.tag in _PARAGRAPHS:
            yield "".join(texts)
            texts.clear()
        texts.append((element.text if event == "start" else element.tail) or "")
    yield "".join(texts)
