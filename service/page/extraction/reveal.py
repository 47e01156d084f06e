"""Reveal an article that its page displays only with scripts: `reveal_body`.

Some pages deliver their text in `<noscript>`, `<template>`, a script of markup or only
in the data for search engines, and insert it when they are displayed.
"""

from collections.abc import Iterable, Iterator

import lxml.etree
import lxml.html

from service.page.parse_html import parse

_MIN_REVEALED_RATIO = 1.5
"""Words of a hidden text, as a multiple of the displayed prose, from which it is the
article: a template of comments or of a menu has fewer."""

_MIN_BODY_WORDS = 40
"""Words of the shortest article that is revealed."""

_MARKUP_TYPES = frozenset(
    ["text/html", "text/template", "text/x-handlebars-template", "text/x-template"]
)


def reveal_body(
    tree: lxml.html.HtmlElement, declared: str | None, displayed_words: int
) -> bool:
    """Make the largest hidden text part of the page if it exceeds the displayed prose.

    Args:
        tree: the page; changed if a text is revealed.
        declared: the article's text in the data for search engines, if any.
        displayed_words: words of prose that the page displays, excluded or not: what
            its author excludes is not revealed.

    Returns:
        Whether a text was revealed: the page must be split into blocks again.
    """
    least = max(_MIN_BODY_WORDS, _MIN_REVEALED_RATIO * displayed_words)
    words, container = max(
        ((_prose_words(found), found) for found in _hidden_bodies(tree, declared)),
        key=lambda pair: pair[0],
        default=(0, None),
    )
    if container is None or words < least:
        return False
    container.tag = "div"
    container.attrib.clear()
    body = tree.find("body")
    if body is not None and tree not in container.iterancestors():
        body.append(container)
    return True


def _hidden_bodies(
    tree: lxml.html.HtmlElement, declared: str | None
) -> Iterator[lxml.html.HtmlElement]:
    for element in tree.iter("noscript", "template"):
        # What is inside another one counts with it.
        if next(element.iterancestors("noscript", "template"), None) is None:
            yield element
    for script in tree.iter("script"):
        if script.get("type") in _MARKUP_TYPES and script.text:
            yield from _parsed(script.text)
    if declared and "<p" in declared:
        yield from _parsed(declared)
    elif declared:
        yield _paragraphs(declared.splitlines())


def _parsed(markup: str) -> Iterator[lxml.html.HtmlElement]:
    tree = parse(markup)
    body = None if tree is None else tree.find("body")
    if body is not None:
        yield body


def _paragraphs(lines: Iterable[str]) -> lxml.html.HtmlElement:
    container = lxml.html.Element("div")
    for line in lines:
        lxml.etree.SubElement(container, "p").text = line.replace("\0", "")
    return container


def _prose_words(container: lxml.html.HtmlElement) -> int:
    """Return the words of the paragraphs in an element."""
    return sum(len(p.text_content().split()) for p in container.iter("p"))
