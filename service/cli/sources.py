"""Read the input of a command: a file, or standard input."""

import sys
from pathlib import Path

from service.article import Article
from service.errors import UnreadableInput
from service.page import decode, read_html, read_markdown, read_text
from service.preparation import ArticleRequest
from service.reading_options import selectors_of
from service.settings import read_settings

_HTML = {".htm", ".html", ".xhtml"}
_MARKDOWN = {".markdown", ".md"}


def read_bytes(source: str) -> bytes:
    """Return the content of a file, or of standard input for "-".

    Raises:
        UnreadableInput: The file cannot be read.
    """
    if source == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(source).read_bytes()
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        message = f"{source} cannot be read ({reason}); check its name."
        raise UnreadableInput(message) from error


def read_source(source: str, *, html: bool = False) -> Article:
    """Return the article in a source, not cleaned yet.

    It is HTML if `html` is set; otherwise the file's suffix decides.

    Raises:
        UnreadableInput: The file cannot be read, or is not text.
        PageTooLong: The HTML or Markdown is longer than the limit.
        InvalidSettings: A setting cannot be used.
    """
    text = decode(read_bytes(source))
    if html or Path(source).suffix.lower() in _HTML:
        settings = read_settings()
        return read_html(
            text, selectors=selectors_of(settings), limit=settings.max_html
        )
    if Path(source).suffix.lower() in _MARKDOWN:
        return read_markdown(text, limit=read_settings().max_html)
    return read_text(text)


def read_request(source: str, *, html: bool = False) -> ArticleRequest:
    """Return a request to narrate a source; in the format that `read_source` finds.

    Raises:
        UnreadableInput: The file cannot be read, or is not text.
    """
    text = decode(read_bytes(source))
    if html or Path(source).suffix.lower() in _HTML:
        return ArticleRequest(html=text)
    if Path(source).suffix.lower() in _MARKDOWN:
        return ArticleRequest(markdown=text)
    return ArticleRequest(text=text)
