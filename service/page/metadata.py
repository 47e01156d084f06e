"""Read the metadata of a page: headline, byline, date, language, picture.

From the formats that publishers provide for search engines and social networks: JSON-LD
of schema.org, Open Graph, meta elements, microdata.  Nothing is guessed from the text.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

import lxml.html

from service.page.text import single_line, strip_or_none

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_WORD = re.compile(r"\w+")
_SITE_SUFFIX = re.compile(r"\s+(?:\||[-–—])\s+[^|]{1,40}$")
_HOME = re.compile(r"(?:https?://[^/]+)?/?")
"""Address of a site's front page."""

_ADDRESS = re.compile(r"https?://", re.IGNORECASE)

_TYPE_SUFFIXES = ("Article", "BlogPosting", "Report", "Posting", "Review")
"""Suffixes of the schema.org types that are read: NewsArticle, LiveBlogPosting..."""

_NESTED_FIELDS = ("@graph", "mainEntity", "mainEntityOfPage")
"""Fields of a JSON-LD object that may contain an article."""

_MAX_HEADLINES = 20
"""Elements `h1` that are examined."""

_MIN_SHARED_RATIO = 0.3
"""Least share of an h1's words in the titles that the page declares; a site's name and
the heading of a sidebar have less."""

_MIN_WORD_LETTERS = 4
_MAX_BYLINE_CHARACTERS = 200
"""A longer byline is not a name."""

_AUTHORS = ("author", "article:author", "byl", "dc.creator", "parsely-author")
_DATES = (
    "article:published_time",
    "og:published_time",
    "datepublished",
    "date",
    "dc.date",
    "dc.date.issued",
    "pubdate",
    "publish-date",
    "parsely-pub-date",
    "sailthru.date",
)


@dataclass(frozen=True, slots=True)
class Metadata:
    """Metadata that a page declares of its article."""

    title: str | None
    byline: str | None
    published: str | None
    """A date without a time, in the format of RFC 3339."""

    language: str | None
    """BCP 47 tag; None if the page declares none."""

    image: str | None
    """Address of its main picture; it is not fetched."""

    description: str | None = None
    """One or two sentences about it."""

    body: str | None = None
    """Its text, as declared for search engines; often cut off or without paragraphs."""


def read_metadata(tree: lxml.html.HtmlElement) -> Metadata:
    """Read the metadata that a page declares."""
    meta = _meta_of(tree)
    linked = _linked_data(tree)
    return Metadata(
        title=_title_of(tree, meta, linked),
        byline=_byline_of(tree, meta, linked),
        published=_published_of(tree, meta, linked),
        language=_language_of(tree, meta),
        image=_image_of(meta, linked),
        description=single_line(meta.get("og:description") or meta.get("description")),
        body=_body_of(linked),
    )


def _meta_of(tree: lxml.html.HtmlElement) -> dict[str, str]:
    """Return contents of meta elements by lower-case name; the first one wins."""
    meta: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or ""
        name = name or element.get("itemprop") or element.get("http-equiv") or ""
        # Some systems write the value of Open Graph as that of a form.
        content = strip_or_none(element.get("content") or element.get("value"))
        if content:
            meta.setdefault(name.lower(), content)
    return meta


def _linked_data(tree: lxml.html.HtmlElement) -> dict[str, Any]:
    """Return the page's article in JSON-LD, or an empty object."""
    for script in tree.iter("script"):
        if script.get("type") != "application/ld+json" or not script.text:
            continue
        try:
            data = json.loads(script.text, strict=False)
        except (ValueError, RecursionError):
            continue
        for thing in _things(data):
            if any(
                kind.endswith(_TYPE_SUFFIXES) for kind in _texts(thing.get("@type"))
            ):
                return thing
    return {}


def _things(data: object) -> Iterator[dict[str, Any]]:
    waiting = [data]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(reversed(value))
        elif isinstance(value, dict):
            yield value
            waiting.extend(value.get(name) for name in _NESTED_FIELDS)


def _texts(data: object) -> list[str]:
    """Return the strings of a value that may be a string, a list or a named thing."""
    if isinstance(data, str):
        return [data]
    if isinstance(data, dict):
        return _texts(data.get("name") or data.get("url"))
    if isinstance(data, list):
        return [
            text
            for value in data
            if isinstance(value, str | dict)
            for text in _texts(value)
        ]
    return []


def _title_of(
    tree: lxml.html.HtmlElement, meta: dict[str, str], linked: dict[str, Any]
) -> str | None:
    """Return the headline that is displayed, or the one for search engines.

    Of the h1 elements, the one that shares most words with the declared titles: the
    headline on the page is read, not the one for sharing.
    """
    declared = [
        *_texts(linked.get("headline")),
        meta.get("og:title"),
        meta.get("twitter:title"),
        tree.findtext(".//title"),
    ]
    plain = [title for title in (single_line(text) for text in declared) if title]
    words = _long_words(" ".join(plain))
    shown, most = None, 0.0
    for element in islice(filter(_may_be_headline, tree.iter("h1")), _MAX_HEADLINES):
        text = single_line(str(element.text_content()))
        own = _long_words(text or "")
        shared = len(own & words)
        if shared > most and shared >= _MIN_SHARED_RATIO * len(own):
            shown, most = text, shared
    return shown or _shown_title(tree, plain)


def _may_be_headline(element: lxml.html.HtmlElement) -> bool:
    """Whether an h1 is neither the site's name nor a second headline for sharing."""
    links = [child for child in element if child.tag == "a"]
    is_site_name = (
        len(links) == 1
        and _HOME.fullmatch(links[0].get("href", "")) is not None
        and single_line(str(element.text_content()))
        == single_line(str(links[0].text_content()))
    )
    return element.get("itemprop") != "alternativeHeadline" and not is_site_name


def _shown_title(tree: lxml.html.HtmlElement, declared: Sequence[str]) -> str | None:
    """Return the declared title that a smaller heading displays, or the first."""
    headings = {
        single_line(str(element.text_content()))
        for element in islice(tree.iter("h2", "h3", "h4"), _MAX_HEADLINES)
    }
    shown = (title for title in declared if title in headings)
    first = _SITE_SUFFIX.sub("", declared[0]) if declared else None
    return next(shown, first)


def _long_words(text: str) -> set[str]:
    """Return the words that are not likely to be articles or prepositions."""
    words = _WORD.findall(text.lower())
    return {word for word in words if len(word) >= _MIN_WORD_LETTERS} or set(words)


def _byline_of(
    tree: lxml.html.HtmlElement, meta: dict[str, str], linked: dict[str, Any]
) -> str | None:
    authors = _texts(linked.get("author"))
    authors = authors or [meta[name] for name in _AUTHORS if name in meta]
    if not authors:
        shown = tree.xpath("//*[@rel='author' or @itemprop='author'][position() <= 3]")
        authors = [str(element.text_content()) for element in shown]
    names = dict.fromkeys(
        name for name in map(single_line, authors) if name and not _ADDRESS.match(name)
    )
    byline = ", ".join(names)
    return byline if 0 < len(byline) <= _MAX_BYLINE_CHARACTERS else None


def _published_of(
    tree: lxml.html.HtmlElement, meta: dict[str, str], linked: dict[str, Any]
) -> str | None:
    dates = [
        *_texts(linked.get("datePublished")),
        *(meta[name] for name in _DATES if name in meta),
        *(element.get("datetime") or "" for element in tree.iter("time")),
    ]
    return next((day for day in map(_day, dates) if day), None)


def _day(text: str) -> str | None:
    match = _DAY.match(text.strip())
    try:
        return date.fromisoformat(match[0]).isoformat() if match else None
    except ValueError:
        return None


def _language_of(tree: lxml.html.HtmlElement, meta: dict[str, str]) -> str | None:
    for declared in (
        tree.get("lang"),
        tree.get("xml:lang"),
        meta.get("content-language"),
        meta.get("og:locale"),
    ):
        tag = (declared or "").strip().replace("_", "-")
        if _LANGUAGE.fullmatch(tag):
            return tag
    return None


def _image_of(meta: dict[str, str], linked: dict[str, Any]) -> str | None:
    image = linked.get("image")
    url = image.get("url") if isinstance(image, dict) else image
    for address in (meta.get("og:image"), *_texts(url)):
        if address and _ADDRESS.match(address):
            return address
    return None


def _body_of(linked: dict[str, Any]) -> str | None:
    body = linked.get("articleBody")
    return strip_or_none(body) if isinstance(body, str) else None
