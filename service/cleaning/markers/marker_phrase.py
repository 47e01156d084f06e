"""A phrase that marks boilerplate, and the rule that it belongs to."""

import functools
import re
from dataclasses import dataclass


@functools.cache
def _compile(pattern: str) -> re.Pattern[str]:
    # On first use: a page needs few of about a thousand phrases, and compiling all of
    # them takes 0.3 s at each start of a process.
    return re.compile(pattern, re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MarkerRule:
    """A kind of boilerplate, and what it says about the lines around it."""

    name: str
    """The rule of a `Cut`, such as "advertisement"."""

    closes: bool = False
    """Whether an article seldom continues after it."""

    heads: bool = False
    """Whether it is the heading of a list of headlines."""

    near: bool = False
    """Whether it counts only next to other boilerplate."""


@dataclass(frozen=True, slots=True)
class MarkerPhrase:
    """One phrase of a rule."""

    rule: MarkerRule
    language: str
    """BCP 47 primary tag, such as "en"; "mul" for every language."""

    says: str
    seen: str
    """Where such a line was seen, in general words."""

    pattern: str
    """Regular expression for a whole line, each token followed by a space."""

    sentence: bool
    """Whether it may match a line that ends as a sentence does."""

    has_colon: bool
    """Whether it has a colon itself."""

    anchor: str | None
    """Its longest literal word; only lines that have it are tried."""

    tokens: range
    """Numbers of tokens that it can match; other lines are not tried."""

    def matches(self, tokens: str) -> bool:
        """Return whether the phrase matches a line, each token followed by a space."""
        return _compile(self.pattern).fullmatch(tokens) is not None
