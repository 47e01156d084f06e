"""CSS selectors of what is read on a page, and markup that opts out of reading."""

import functools
from collections.abc import Iterable
from typing import cast

import lxml.cssselect
import lxml.html
from cssselect import SelectorError

from service.errors import InvalidSelector

_OPTED_OUT = "opted-out"
_EXCLUDED = "excluded"

_OPT_OUTS = (
    # Plug-ins that read pages aloud; marks for one of them are respected.
    ".audio-skip",
    ".skip-speech",
    "[data-audio-skip]",
    # Search engines do not quote it, so it is not read either.
    "[data-nosnippet]",
    '[data-outspoken="skip"]',
)
"""Selectors of elements that their author excluded from reading."""


@functools.cache
def compiled(css: str) -> lxml.cssselect.CSSSelector:
    """Return a compiled selector; raises InvalidSelector."""
    try:
        return lxml.cssselect.CSSSelector(css, translator="html")
    except (SelectorError, lxml.etree.XPathError) as error:
        message = f"{css!r} is not a CSS selector; correct it or leave it out."
        raise InvalidSelector(message) from error


def skipped(
    tree: lxml.html.HtmlElement, exclude: Iterable[str]
) -> dict[lxml.html.HtmlElement, str]:
    """Return the elements that are not read, each with its rule."""
    opted_out = dict.fromkeys(_elements(tree, _OPT_OUTS), _OPTED_OUT)
    return dict.fromkeys(_elements(tree, exclude), _EXCLUDED) | opted_out


def included(
    tree: lxml.html.HtmlElement, include: Iterable[str]
) -> set[lxml.html.HtmlElement]:
    """Return the elements to which reading is limited; empty if the page has none."""
    return set(_elements(tree, include))


def _elements(
    tree: lxml.html.HtmlElement, selectors: Iterable[str]
) -> list[lxml.html.HtmlElement]:
    # A selector gives elements; an XPath might give a number.
    matches = (
        cast("list[lxml.html.HtmlElement]", compiled(css)(tree)) for css in selectors
    )
    return [element for elements in matches for element in elements]
