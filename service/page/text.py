"""Bytes become text, and text becomes paragraphs."""

import codecs

from service.article import Article, plain_paragraphs
from service.errors import UnreadableInput
from service.page.language import DEFAULT_LANGUAGE, detect_language


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
    """Take each non-blank line for a paragraph, trimmed of white space at both ends.

    Its language is found from its words; where they do not tell, it is the default.
    """
    stripped = (line.strip() for line in text.splitlines())
    lines = [line for line in stripped if line]
    language = detect_language(lines) or DEFAULT_LANGUAGE
    return Article(strip_or_none(title), plain_paragraphs(lines), language=language)


def strip_or_none(text: str | None) -> str | None:
    """Return text without white space around it; None when nothing is left."""
    return (text or "").strip() or None
