"""Find text inside lines that browsers do not display: `find_hidden_text`.

Notes for screen readers ("opens in a new tab") are put into a link or a sentence and
hidden by a class or a style; read aloud, they break the sentence.
"""

import re
from typing import cast

import lxml.etree
import lxml.html

from service.page.elements import BLOCKS, HIDDEN_CLASSES, NON_TEXT_TAGS

UNSEEN = "unseen"

_MAX_HIDDEN_CHARACTERS = 200
"""Characters of the longest text that is left out of a line: a longer one is a part of
the article that unfolds."""

_HIDING_STYLE = re.compile(
    r"display:none|visibility:hidden|clip:rect\(0|clip:rect\(1px|clip-path:inset\(50%"
    r"|(?:left|top|text-indent):-\d{4}"
)


_CANDIDATES = lxml.etree.XPath(
    "//*[self::a or self::abbr or self::b or self::em or self::i or self::small"
    " or self::span or self::sup][@hidden or @aria-hidden or @style or @class]"
)


def find_hidden_text(
    tree: lxml.html.HtmlElement,
) -> dict[lxml.html.HtmlElement, str]:
    """Return the inline elements that are not displayed, each with its rule.

    An element that is hidden from screen readers only is read if another one replaces
    it for them.
    """
    hidden = {}
    replaced: dict[lxml.html.HtmlElement, bool] = {}
    # An expression of elements gives elements; another might give a number.
    for element in cast("list[lxml.html.HtmlElement]", _CANDIDATES(tree)):
        unseen = is_unseen(element)
        if (unseen or _is_decorative(element, replaced)) and _is_short(element):
            hidden[element] = UNSEEN
    return hidden


def is_unseen(element: lxml.html.HtmlElement) -> bool:
    """Whether an attribute, a class or a style of an element hides it."""
    names = (element.get("class") or "")[:_MAX_HIDDEN_CHARACTERS].split()
    style = (element.get("style") or "")[:_MAX_HIDDEN_CHARACTERS].replace(" ", "")
    return (
        element.get("hidden") is not None
        or not HIDDEN_CLASSES.isdisjoint(names)
        or _HIDING_STYLE.search(style) is not None
    )


def _is_decorative(
    element: lxml.html.HtmlElement, replaced: dict[lxml.html.HtmlElement, bool]
) -> bool:
    """Whether screen readers skip an element and nothing replaces it for them."""
    if element.get("aria-hidden") != "true":
        return False
    parent = element.getparent()
    if parent is None:
        return True
    # Found once for all its children.
    if parent not in replaced:
        replaced[parent] = any(map(is_unseen, parent))
    return not replaced[parent]


def _is_short(element: lxml.html.HtmlElement) -> bool:
    """Whether it has little text and no lines; only that little is looked at."""
    size = 0
    for count, child in enumerate(element.iter()):
        size += len(child.text or "")
        size += len(child.tail or "") if count else 0
        if (
            max(count, size) > _MAX_HIDDEN_CHARACTERS
            or child.tag in BLOCKS
            or child.tag in NON_TEXT_TAGS
        ):
            return False
    return True
