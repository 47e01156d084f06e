"""Drop the surplus attributes of a tag before it is parsed: `drop_surplus_attributes`.

libxml2 compares each attribute of an element with the others, so one tag with 300,000
takes a minute.
"""

import re

_MAX_ATTRIBUTES = 2_000
"""Attributes that a tag keeps; no page has a tenth of it."""

_MIN_CHARACTERS = 2 * _MAX_ATTRIBUTES
"""Characters of the shortest tag that has more."""

# Possessive, so that each character is read once.
_ATTRIBUTE = r"[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>]*+))?+"
_ONE_ATTRIBUTE = re.compile(rf"[\s/]*+{_ATTRIBUTE}")
_TAG = re.compile(
    # In comments and scripts there are no tags; one without an end goes on to the end.
    rf"<!--(?:.*?-->|.*)|(?P<tag><(?P<raw>script|style)?+(?(raw)(?=[\s/>])|[A-Za-z])"
    rf"(?:[\s/]++|{_ATTRIBUTE})*+)(?(raw)(?:>(?:.*?</(?P=raw)|.*))?)",
    re.DOTALL | re.IGNORECASE,
)


def drop_surplus_attributes(html: str) -> str:
    """Return a page whose tags have few enough attributes."""
    pieces, end = [], 0
    for tag in _TAG.finditer(html):
        start, stop = tag.span("tag")
        if stop - start >= _MIN_CHARACTERS:
            pieces.append(html[end : _end_of_kept(html, start + 1, stop)])
            end = stop
    return "".join([*pieces, html[end:]])


def _end_of_kept(html: str, start: int, stop: int) -> int:
    """Return where the attributes end that a tag keeps."""
    for _ in range(_MAX_ATTRIBUTES + 1):
        attribute = _ONE_ATTRIBUTE.match(html, start, stop)
        if attribute is None:
            return stop
        start = attribute.end()
    return start
