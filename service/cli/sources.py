"""Read the input of a command: a file, or standard input."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from service.article import ContentSource
from service.errors import UnreadableInput
from service.page import decode
from service.preparation import ArticleRequest

_Command = TypeVar("_Command", bound=Callable[..., object])

_CONTENT = {
    ContentSource.PAGE: "The input is a whole page, or a copy of one.",
    ContentSource.ARTICLE: "The input is an article alone: read all but its ad"
    " markers and repeats.",
}
"""Help of each option, in reverse: decorators are applied from the last one."""

_HTML = {".htm", ".html", ".xhtml"}
_MARKDOWN = {".markdown", ".md"}


def content_options(command: _Command) -> _Command:
    """Add the options that state what a source contains, as parameter `content`."""
    for source, sentence in _CONTENT.items():
        command = click.option(
            f"--{source}",
            "content",
            flag_value=source,
            type=ContentSource,
            help=sentence,
        )(command)
    return command


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


def read_request(
    source: str, *, html: bool = False, content: ContentSource | None = None
) -> ArticleRequest:
    """Return a request to narrate a source.

    It is HTML if `html` is set; otherwise the file's suffix decides.  `content` is
    what the source contains, a page or the article alone; None to detect it.

    Raises:
        UnreadableInput: The file cannot be read, or is not text.
    """
    text = decode(read_bytes(source))
    if html or Path(source).suffix.lower() in _HTML:
        return ArticleRequest(html=text, source=content)
    if Path(source).suffix.lower() in _MARKDOWN:
        return ArticleRequest(markdown=text, source=content)
    return ArticleRequest(text=text, source=content)
