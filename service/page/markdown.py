"""Parse Markdown: `read_markdown`."""

import functools
import re
from typing import TYPE_CHECKING

from service.article import Article, Omitted, ParagraphKind
from service.page.bounds.lengths import check_length, check_tree
from service.page.embeds import unmark_embeds
from service.page.hidden_text import find_hidden_text
from service.page.language import DEFAULT_LANGUAGE, detect_language
from service.page.options import PageOptions
from service.page.parse_html import parse
from service.page.selectors import skipped
from service.page.split_blocks import split_blocks
from service.page.tables import join_table_rows
from service.page.text import plain_title

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_DEFAULT_OPTIONS = PageOptions()

_FRONT_MATTER = re.compile(
    r"\A---[ \t]*\r?\n(?=[\w-]+:)(.*?\n)(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL
)
"""Metadata in YAML above the text, as static site generators and editors write it."""

_MAX_NESTING = 100
"""Levels of lists and quotations, two for each level of a list."""

_TITLE = re.compile(
    # Of a longer one each character would be tried as the last.
    r"^title:[ \t]*+([\"']?)(.{1,500}?)\1[ \t]*\r?$",
    re.MULTILINE,
)


def read_markdown(
    markdown: str,
    *,
    title: str | None = None,
    options: PageOptions = _DEFAULT_OPTIONS,
    limit: int | None = None,
) -> Article:
    """Parse CommonMark with tables into an article.

    It is rendered to HTML, so that paragraphs get the same kinds as those of a page,
    and HTML inside it is handled the same.  A level 1 heading at the beginning is the
    title; without one, the front matter's.  A table's cells are paragraphs.

    Args:
        markdown: the document, decoded.
        title: replaces the title of the document.
        options: set by its publisher; selectors are ignored.
        limit: the most characters that the document may have.

    Raises:
        PageTooLong: the document has more characters than `limit`, or more text or
            elements than `check_tree` allows.
    """
    check_length(markdown, limit)
    front_matter = _FRONT_MATTER.match(markdown)
    declared = _TITLE.search(front_matter[1]) if front_matter else None
    body = markdown[front_matter.end() :] if front_matter else markdown
    tree = parse(_renderer().render(body))
    blocks = []
    if tree is not None:
        check_tree(tree)
        if options.reads_embeds:
            unmark_embeds(tree)
        left_out = skipped(tree, ()) | join_table_rows(tree, options.table_rows)
        blocks = split_blocks(tree, find_hidden_text(tree) | left_out)
    heading = None
    if blocks and blocks[0].paragraph.level == 1:
        heading = blocks.pop(0).text
    rules = [block.skip_rule or block.container.exclusion_rule for block in blocks]
    paragraphs = tuple(block.paragraph for block in blocks)
    prose = [p.text for p in paragraphs if p.kind is not ParagraphKind.CODE]
    return Article(
        plain_title(title) or heading or plain_title(declared[2] if declared else None),
        paragraphs,
        language=detect_language(prose) or DEFAULT_LANGUAGE,
        omitted=tuple(Omitted(line, rule) for line, rule in enumerate(rules) if rule),
    )


@functools.cache
def _renderer() -> "MarkdownIt":
    # Text and HTML do not need the import.
    from markdown_it import MarkdownIt  # noqa: PLC0415

    # Deeper than the default, 20, below which it drops the text.
    options = {"maxNesting": _MAX_NESTING}
    return MarkdownIt("commonmark", options).enable("table")
