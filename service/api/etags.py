"""Entity tags: `is_current` reads If-None-Match (RFC 9110, 13.1.2)."""

import re

from starlette.datastructures import Headers

_TAG = re.compile(r'"[^"]*"')
"""An entity tag without `W/`: If-None-Match compares weakly."""


def is_current(headers: Headers, etag: str) -> bool:
    """Return whether the client has the representation with this tag.

    Several header lines are one list.
    """
    lines = headers.getlist("If-None-Match")
    return any(line.strip() == "*" or etag in _TAG.findall(line) for line in lines)
