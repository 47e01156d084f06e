"""Decode bytes, and split text into paragraphs."""

import codecs

from service.article import Article, plain_paragraphs
from service.errors import UnreadableInput
from service.page.language import DEFAULT_LANGUAGE, detect_language
from service.page.wrapped_lines import join_wrapped_lines


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
    return Article(single_line(title), plain_paragraphs(lines), language=language)


def single_line(text: str | None) -> str | None:
    """Return text on one line, or None if nothing is left."""
    return " ".join((text or "").split()) or None


def strip_or_none(text: str | None) -> str | None:
    """Return text without white space around it, or None if nothing is left."""
    return (text or "").strip() or None
