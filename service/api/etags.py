"""Entity tags, and answers to If-None-Match (RFC 9110, 13.1.2)."""

import hashlib
import re
from collections.abc import Mapping
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.responses import Response

_TAG = re.compile(r'"[^"]*"')
"""An entity tag without `W/`: If-None-Match compares weakly."""


def is_current(headers: Headers, etag: str) -> bool:
    """Return whether the client has the representation with this tag.

    Several header lines are one list.
    """
    lines = headers.getlist("If-None-Match")
    return any(line.strip() == "*" or etag in _TAG.findall(line) for line in lines)


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
