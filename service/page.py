"""What arrives: bytes, text or HTML become an `Article` that is not cleaned yet."""

import codecs
import logging
import re
from collections.abc import Iterator

import lxml.etree
import lxml.html
import trafilatura
import trafilatura.settings

from service.article import Article
from service.errors import UnreadableInput

# It logs what it fails on, and an article's text is private.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL + 1)
logging.getLogger("htmldate").setLevel(logging.CRITICAL + 1)

_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "caption",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "head",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "nav",
        "ol",
        "option",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "td",
        "th",
        "title",
        "tr",
        "ul",
    ]
)
_UNREAD = frozenset(
    [
        "button",
        "datalist",
        "head",
        "iframe",
        "noscript",
        "script",
        "select",
        "style",
        "svg",
        "template",
        "textarea",
        "video",
    ]
)
_PARAGRAPHS = frozenset({"cell", "head", "item", "p", "quote"})
"""Elements of trafilatura's tree that are read as a paragraph of their own."""

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_BLANK = re.compile(r"\s+")


def decode(data: bytes) -> str:
    """Decode UTF-8, with or without a byte order mark, or UTF-16 with one.

    Raises:
        UnreadableInput: it is neither, or holds NUL as binary files do.
    """
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableInput(
            "The input is no UTF-8 text: save it as UTF-8 and give it again."
        ) from error
    if "\0" in text:
        raise UnreadableInput("The input is binary: give the text of an article.")
    return text


def read_text(text: str, *, title: str | None = None) -> Article:
    """Take each non-blank line for a paragraph, trimmed of white space at both ends."""
    lines = (line.strip() for line in text.splitlines())
    return Article(_told(title), tuple(line for line in lines if line))


def read_html(
    html: str, *, url: str | None = None, title: str | None = None
) -> Article:
    """Read a page's main text, headline, byline, date and language; fetch nothing.

    Where no main text can be told from the rest, every line of the page comes back,
    as if it had been copied.  `published` is a date without a time, as RFC 3339 writes
    it.  A lone surrogate, which no page can hold, becomes a question mark.
    """
    tree = _parse(html)
    if tree is None:
        return Article(_told(title), (), url=url)
    language = _language_of(tree)
    found = trafilatura.bare_extraction(
        tree, url=url, include_comments=False, with_metadata=True
    )
    if not isinstance(found, trafilatura.settings.Document):
        return Article(_told(title), tuple(_lines_of(tree)), language=language, url=url)
    return Article(
        title=_told(title) or _told(found.title),
        paragraphs=tuple(_paragraphs_of(found.body)) or tuple(_lines_of(tree)),
        byline=_told(found.author),
        published=_date_of(found.date),
        language=language,
        url=url,
    )


def _parse(html: str) -> lxml.html.HtmlElement | None:
    # As bytes: lxml refuses text that declares an encoding of its own.
    data = html.replace("\0", "").encode("utf-8", "replace")
    # Without comments, or trafilatura loses the text that follows one inside a line.
    parser = lxml.html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True
    )
    try:
        return lxml.html.document_fromstring(data, parser=parser)
    except (lxml.etree.ParserError, lxml.etree.XMLSyntaxError):
        return None


def _paragraphs_of(body: lxml.etree._Element) -> Iterator[str]:
    """Yield the texts of trafilatura's tree, one a paragraph, subhead or list item."""
    texts: list[str] = []
    for event, element in lxml.etree.iterwalk(body, events=("start", "end")):
        starts = event == "start"
        if element.tag in _PARAGRAPHS or element.tag == "lb":
            yield from _joined(texts)
            texts.clear()
        texts.append((element.text if starts else element.tail) or "")
    yield from _joined(texts)


def _lines_of(tree: lxml.html.HtmlElement) -> Iterator[str]:
    """Yield the lines of a page as a reader would copy them."""
    texts: list[str] = []
    unread = 0
    for event, element in lxml.etree.iterwalk(tree, events=("start", "end")):
        starts = event == "start"
        unread += (1 if starts else -1) if element.tag in _UNREAD else 0
        if element.tag in _BLOCKS:
            yield from _joined(texts)
            texts.clear()
        text = element.text if starts else element.tail
        if text and not unread:
            texts.append(text)
    yield from _joined(texts)


def _joined(texts: list[str]) -> Iterator[str]:
    line = _BLANK.sub(" ", "".join(texts)).strip()
    if line:
        yield line


def _language_of(tree: lxml.html.HtmlElement) -> str:
    told = (tree.get("lang") or tree.get("xml:lang") or "").strip()
    return told if _LANGUAGE.fullmatch(told) else "en"


def _date_of(told: str | None) -> str | None:
    return told if told and _DATE.fullmatch(told) else None


def _told(text: str | None) -> str | None:
    return (text or "").strip() or None
