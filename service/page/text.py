"""Decode bytes, and split text into paragraphs."""

import codecs
import html
import re

from service.article import Article, plain_paragraphs
from service.errors import UnreadableInput
from service.page.language import DEFAULT_LANGUAGE, detect_language
from service.page.wrapped_lines import join_wrapped_lines

_ENTITY = re.compile(
    r"&(?:amp;)*(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});"
)
"""A character of HTML, escaped once or several times."""

_ATTRIBUTES = r"(?:\s+[A-Za-z-]+\s*=[^<>]{0,500}+|\s*/?)>"
_INLINE = re.compile(
    r"</?(?:abbr|a|bdi|bdo|big|b|cite|code|del|dfn|em|font|iframe|img|ins|i|kbd|mark|q"
    r"|samp|script|small|span|strike|strong|style|sub|sup|svg|s|time|tt|u|var|wbr)"
    + _ATTRIBUTES,
    re.IGNORECASE,
)
_BREAK = re.compile(r"</?(?:br|div|h[1-6]|hr|li|p)" + _ATTRIBUTES, re.IGNORECASE)
"""Tags of HTML; "<again>" and "x <b" are none."""


def decode(data: bytes) -> str:
    """Decode UTF-8, with or without a byte order mark, or UTF-16 with one.

    Raises:
        UnreadableInput: the bytes are neither, or contain NUL as binary files do.
    """
    is_utf_16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = data.decode("utf-16" if is_utf_16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableInput(
            "The input is not UTF-8 text; save it as UTF-8 and send it again."
        ) from error
    if "\0" in text:
        raise UnreadableInput("The input is binary; send the text of an article.")
    return text


def read_text(text: str, *, title: str | None = None) -> Article:
    """Make a paragraph of each non-blank line, without white space at its ends.

    The lines of hard-wrapped paragraphs are joined.  The language is detected; if that
    fails, it is the default.
    """
    lines = join_wrapped_lines(text.splitlines())
    language = detect_language(lines) or DEFAULT_LANGUAGE
    return Article(plain_title(title), plain_paragraphs(lines), language=language)


def single_line(text: str | None) -> str | None:
    """Return text on one line, or None if nothing is left."""
    return " ".join((text or "").split()) or None


def plain_title(title: str | None) -> str | None:
    """Return a title that was sent, on one line and without HTML; None without any.

    Publishing systems store titles as HTML: "Fish &amp; <em>chips</em>".
    """
    unescaped = _ENTITY.sub(_unescape, title or "")
    return single_line(_BREAK.sub(" ", _INLINE.sub("", unescaped)))


def _unescape(match: re.Match[str]) -> str:
    return html.unescape(f"&{match[1]};")


def strip_or_none(text: str | None) -> str | None:
    """Return text without white space around it, or None if nothing is left."""
    return (text or "").strip() or None
