"""Parse the Range header of a request (RFC 9110, 14.2)."""

import re
from collections.abc import Mapping

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.IGNORECASE)


def requested_range(
    headers: Mapping[str, str], etag: str, size: int
) -> tuple[int, int] | None:
    """Return the first requested byte and one past the last; None for all.

    A range that cannot be parsed is ignored, as the RFC allows; one that begins past
    the end is returned empty.
    """
    if headers.get("If-Range", etag) != etag:
        return None
    match = _RANGE.fullmatch(headers.get("Range", "").strip())
    if match is None or not (match[1] or match[2]):
        return None
    first, last = match[1], match[2]
    if not first:
        return max(0, size - int(last)), size
    end = min(size, int(last) + 1) if last else size
    if last and int(last) < int(first):
        return None
    return int(first), end
