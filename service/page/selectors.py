"""Which parts of a page its publisher wants read, or not: `Selectors` and opt-outs."""

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

import lxml.cssselect
import lxml.html
from cssselect import SelectorError

from service.errors import InvalidSelector

OPTED_OUT = "opted-out"
EXCLUDED = "excluded"

OPT_OUTS = (
    # Plug-ins that read pages aloud; a site that marks its pages for one is heard.
    ".audio-skip",
    ".skip-speech",
    "[data-audio-skip]",
    # Search engines do not quote it, and what is not quoted is not read either.
    "[data-nosnippet]",
    '[data-outspoken="skip"]',
)
"""Selectors of elements whose author marked them as not to be read."""


@dataclass(frozen=True, slots=True)
class Selectors:
    """What a publisher says of its own pages, as CSS selectors."""

    include: tuple[str, ...] = ()
    """Where the article stands.  Only this is read, on pages that have it."""

    exclude: tuple[str, ...] = ()
    """What is never read, wherever it stands."""

    def __post_init__(self) -> None:
        """Refuse what is no selector; raises InvalidSelector."""
        for css in (*self.include, *self.exclude):
            compiled(css)


@functools.cache
def compiled(css: str) -> lxml.cssselect.CSSSelector:
    """Return a selector that can be asked for its elements; raises InvalidSelector."""
    try:
        return lxml.cssselect.CSSSelector(css, translator="html")
    except (SelectorError, lxml.etree.XPathError) as error:
        message = f"{css!r} is no CSS selector; correct it or leave it out."
        raise InvalidSelector(message) from error


def skipped(
    tree: lxml.html.HtmlElement, exclude: Iterable[str]
) -> Mapping[lxml.html.HtmlElement, str]:
    """Return the elements that are not read, each with its rule."""
    found = dict.fromkeys(_elements(tree, OPT_OUTS), OPTED_OUT)
    return dict.fromkeys(_elements(tree, exclude), EXCLUDED) | found


def included(
    tree: lxml.html.HtmlElement, include: Iterable[str]
) -> set[lxml.html.HtmlElement]:
    """Return the elements that alone are read; empty when the page has none."""
    return set(_elements(tree, include))


def _elements(
    tree: lxml.html.HtmlElement, selectors: Iterable[str]
) -> list[lxml.html.HtmlElement]:
    # A selector gives elements; an XPath might give a number.
    found = (
        cast("list[lxml.html.HtmlElement]", compiled(css)(tree)) for css in selectors
    )
    return [element for elements in found for element in elements]
