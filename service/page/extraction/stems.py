"""Compare texts by the stems of their long words: `stems_of`."""

import re

_MIN_WORD_LETTERS = 4
_STEM_LETTERS = 5
_WORD = re.compile(r"\w+")


def stems_of(text: str) -> set[str]:
    """Return the first letters of each long word, so that inflections match."""
    words = _WORD.findall(text.lower())
    return {word[:_STEM_LETTERS] for word in words if len(word) >= _MIN_WORD_LETTERS}
