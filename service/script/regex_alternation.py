"""Build regular expressions from word lists."""

import re
from collections.abc import Iterable


def alternation(words: Iterable[str]) -> str:
    """Return a pattern that matches any of the words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
