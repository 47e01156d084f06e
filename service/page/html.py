"""Parse HTML into an article and the lines that its markup excludes."""

from dataclasses import replace

import lxml.html

from service.article import Article, Extraction, Omitted
from service.page.bounds.lengths import check_length, check_tree
from service.page.embeds import unmark_embeds
from service.page.extraction.exclusions import find_exclusions
from service.page.extraction.headline import find_headline
from service.page.extraction.reveal import reveal_body
from service.page.extraction.select import Selection, select_blocks
from service.page.hidden_text import find_hidden_text
from service.page.language import DEFAULT_LANGUAGE, detect_language
from service.page.metadata import Metadata, read_metadata
from service.page.options import PageOptions
from service.page.parse_html import parse
from service.page.selectors import included, skipped
from service.page.split_blocks import split_blocks
from service.page.tables import join_table_rows
from service.page.text import plain_title

_DEFAULT_OPTIONS = PageOptions()


def read_html(
    html: str,
    *,
    url: str | None = None,
    title: str | None = None,
    options: PageOptions = _DEFAULT_OPTIONS,
    limit: int | None = None,
) -> Article:
    """Split a page into lines and mark those outside its article; fetch nothing.

    If no main text is found, every line is left to `clean`, as if the page had been
    copied.  `published` is a date without a time, in the format of RFC 3339.

    Args:
        html: the page, decoded.
        url: its address.
        title: replaces the headline of the page.
        options: set by its publisher; `include` is ignored on a page without any
            of its elements.
        limit: the most characters that the page may have.

    Raises:
        PageTooLong: the page has more characters than `limit`, more text or elements
            than `check_tree` allows, or elements nested too deep.
    """
    check_length(html, limit)
    tree = parse(html)
    if tree is None:
        return Article(plain_title(title), (), url=url)
    check_tree(tree)
    metadata = read_metadata(tree)
    declared = plain_title(title) or metadata.title
    page = _select(tree, options, replace(metadata, title=declared))
    texts = [block.text for block in page.blocks]
    return Article(
        title=plain_title(title)
        or find_headline(page.blocks, page.rules, metadata.title),
        paragraphs=tuple(block.paragraph for block in page.blocks),
        byline=metadata.byline,
        published=metadata.published,
        language=metadata.language or detect_language(texts) or DEFAULT_LANGUAGE,
        url=url,
        image=metadata.image,
        omitted=tuple(
            Omitted(line, rule)
            for line, rule in enumerate(page.rules)
            if rule is not None
        ),
        extraction=page.extraction,
    )


def _select(
    tree: lxml.html.HtmlElement, options: PageOptions, metadata: Metadata
) -> Selection:
    """Split a page into blocks and select those of its article."""
    excluded = skipped(tree, options.exclude)
    if options.reads_embeds:
        unmark_embeds(tree)
    only = included(tree, options.include)
    excluded |= join_table_rows(tree, options.table_rows)
    blocks = split_blocks(tree, find_hidden_text(tree) | excluded, only)
    if only:
        # The publisher selected the article, so only elements that are hidden, or that
        # the standard defines as separate from it, are excluded.
        exclusions = find_exclusions(blocks, metadata.title)
        return Selection(blocks, list(map(exclusions.rule, blocks)), Extraction(1.0))
    displayed = sum(len(block.words) for block in blocks if block.is_prose)
    if reveal_body(tree, metadata.body, displayed):
        blocks = split_blocks(tree, find_hidden_text(tree) | excluded)
    for element in excluded:
        _remove(element)
    return select_blocks(tree, blocks, metadata)


def _remove(element: lxml.html.HtmlElement) -> None:
    # A nested one may be removed already; the root has no parent and is kept.
    if element.getparent() is not None:
        element.drop_tree()
