"""Entity tags, and answers to If-None-Match (RFC 9110, 13.1.2)."""

import hashlib
import re
from collections.abc import Mapping
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response

from service.articles.preconditions import Precondition

_TAG = re.compile(r'"[^"]*"')
"""An entity tag without `W/`: If-None-Match compares weakly."""


def is_current(headers: Headers, etag: str) -> bool:
    """Return whether the client has the representation with this tag.

    Several header lines are one list.
    """
    return any(
        line.strip() == "*" or etag in _TAG.findall(line)
        for line in _if_none_match(headers)
    )


def precondition_of(request: Request) -> Precondition:
    """Return what If-Match and If-None-Match require of an article's change.

    Of If-None-Match only "*" is understood: the article must not exist.
    """
    matching = request.headers.getlist("If-Match")
    absent = any(line.strip() == "*" for line in _if_none_match(request.headers))
    if not matching:
        return Precondition(absent=absent)
    # Compared strongly: a tag with `W/` matches nothing.
    tags = [tag.strip() for line in matching for tag in line.split(",")]
    return Precondition(tuple(tags), absent)


def content_response(
    content: bytes,
    request_headers: Headers,
    headers: Mapping[str, str],
    media_type: str,
) -> Response:
    """Return content with its SHA-256 as ETag; 304 if the client has it.

    The tag is the same on every machine and differs if a release writes the content
    differently.
    """
    etag = f'"{hashlib.sha256(content).hexdigest()}"'
    headers = {**headers, "ETag": etag}
    if is_current(request_headers, etag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(content, headers=headers, media_type=media_type)


def _if_none_match(headers: Headers) -> list[str]:
    return headers.getlist("If-None-Match")
