"""Find posts of social networks that are embedded in an article: `find_posts`.

A copied post is a block of lines: its author's name, the handle, the text, the time,
counters.  Its text is quoted in the article or not read at all, never in parts.
"""

import re
from collections.abc import Sequence

from service.cleaning.lines import Line

EMBEDDED_POST = "embed"
"""Name of the rule."""

_MAX_POST_LINES = 8
"""Lines from a handle to the time of the post."""

_MAX_NAME_WORDS = 6
"""Words of the longest name above a handle."""

_HANDLE = re.compile(r"@\w[\w.]*(?: ·.*)?")
_TIME = r"\d{1,2}:\d\d\s?(?:[AP]M)?"
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
_DATE = rf"(?:{_MONTH} \d{{1,2}}(?:, \d{{4}})?|\d{{1,2}} {_MONTH}(?: \d{{4}})?)"
_POSTED = re.compile(rf"{_TIME} ?[·•|,-] ?{_DATE}\b.*", re.IGNORECASE)
_COUNTER = re.compile(
    r"[\d.,]*\d[KM]? (?:bookmarks?|comments?|likes?|quotes?|quote tweets?|repl(?:y|ies)"
    r"|reposts?|retweets?|shares?|views?)|(?:(?:favorite|like|reply|repost|retweet"
    r"|copy link|view replies|read more on (?:twitter|x)|see new tweets)\s*)+",
    re.IGNORECASE,
)
_LINK_ALONE = re.compile(r"(?:https?://)?(?:pic\.twitter\.com|t\.co)/\w+")


def find_posts(lines: Sequence[Line]) -> dict[int, str]:
    """Return the rule by place of every line of an embedded post."""
    posts: set[int] = set()
    for index, line in enumerate(lines):
        if not line.may_match_patterns:
            continue
        if _HANDLE.fullmatch(line.text):
            posts.update(_find_block(lines, index))
        elif _LINK_ALONE.fullmatch(line.text):
            posts.add(index)
    return {lines[index].place: EMBEDDED_POST for index in sorted(posts)}


def is_posted_time(line: Line) -> bool:
    """Whether it is the time and date below a post."""
    return line.may_match_patterns and _POSTED.fullmatch(line.text) is not None


def _find_block(lines: Sequence[Line], handle: int) -> range:
    """Return the block around a handle; empty if no time of a post follows."""
    last = min(len(lines), handle + 1 + _MAX_POST_LINES)
    posted = next((i for i in range(handle + 1, last) if is_posted_time(lines[i])), -1)
    if posted < 0:
        return range(0)
    stop = posted + 1
    while stop < len(lines) and _is_counter(lines[stop]):
        stop += 1
    has_name = (
        handle > 0
        and lines[handle - 1].size <= _MAX_NAME_WORDS
        and not lines[handle - 1].ends_sentence
    )
    return range(handle - has_name, stop)


def _is_counter(line: Line) -> bool:
    return line.may_match_patterns and _COUNTER.fullmatch(line.text) is not None
