"""Refuse texts and pages that would take many seconds to clean."""

import re

import lxml.html

from service.errors import PageTooLong
from service.page.elements import BLOCKS

MAX_TEXT_CHARACTERS = 2_000_000
"""Characters of text, without scripts, that a page may have.  The longest article that
may be read has a tenth of it; a page of more would take many seconds."""

MAX_LINES = 50_000
"""Lines of a text, without blank ones; each takes 20 microseconds however short it is.
The longest live blogs that were seen have a tenth of it."""

MAX_BLOCKS = 50_000
"""Elements of a page that begin a line; each takes 30 microseconds."""

MAX_ELEMENTS = 100_000
"""Elements of a page; one inside a line takes a fifth of that."""

_MAX_TAGS = 2 * MAX_ELEMENTS
"""Tags that are parsed at all: some are in scripts and comments, so it is a rough
bound, but a parsed element takes a hundred times the memory of its tag."""

_TAG = re.compile(r"<[A-Za-z]")


def check_length(page: str, limit: int | None) -> None:
    """Refuse a page that has more characters than `limit`, or far too many tags.

    Raises:
        PageTooLong: it has more.
    """
    if limit is not None and len(page) > limit:
        message = (
            f"The page has {len(page):,} characters and {limit:,} are allowed; send the"
            " article's own part of it or raise OUTSPOKEN_MAX_HTML."
        )
        raise PageTooLong(message)
    # Counting a character is quicker than a search, and enough for nearly all pages.
    if page.count("<") > _MAX_TAGS and sum(1 for _ in _TAG.finditer(page)) > _MAX_TAGS:
        raise _too_many(_MAX_TAGS, "tags")


def check_text_length(length: int) -> None:
    """Refuse a text that is too long to be cleaned in seconds.

    Raises:
        PageTooLong: it has more characters than `MAX_TEXT_CHARACTERS`.
    """
    if length > MAX_TEXT_CHARACTERS:
        message = (
            f"The page has {length:,} characters of text and {MAX_TEXT_CHARACTERS:,}"
            " are allowed; send the article's own part of it."
        )
        raise PageTooLong(message)


def check_text(text: str) -> None:
    """Refuse a text that has too many characters or lines.

    Raises:
        PageTooLong: it has more than `MAX_TEXT_CHARACTERS` or `MAX_LINES`.
    """
    check_text_length(len(text))
    # A blank line takes a tenth of the time, so that all may be blank but those.
    if text.count("\n") > MAX_LINES and (
        sum(1 for line in text.splitlines() if line) > MAX_LINES
    ):
        raise _too_many(MAX_LINES, "lines")


def check_tree(tree: lxml.html.HtmlElement) -> None:
    """Refuse a page that has too much text, without scripts, or too many elements.

    Raises:
        PageTooLong: it has more than `MAX_TEXT_CHARACTERS`, `MAX_ELEMENTS` or
            `MAX_BLOCKS`.
    """
    if sum(1 for _ in tree.iter()) > MAX_ELEMENTS:
        raise _too_many(MAX_ELEMENTS, "elements")
    if sum(1 for _ in tree.iter(*BLOCKS)) > MAX_BLOCKS:
        raise _too_many(MAX_BLOCKS, "lines")
    scripts = (len(script.text or "") for script in tree.iter("script", "style"))
    check_text_length(len(tree.text_content()) - sum(scripts))


def _too_many(limit: int, what: str) -> PageTooLong:
    return PageTooLong(
        f"The page has more than {limit:,} {what}; send the article's own part of it."
    )
