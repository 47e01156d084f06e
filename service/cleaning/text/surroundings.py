"""Detect what is around the article in a text: `detect_surroundings`.

What counts is evidence for a site's frame: menus above, sections of other stories
below, sign-up boxes, legal lines.  An article alone may be short, a list or a poem; and
one byline, date, caption or advertisement does not make it a page.
"""

from collections.abc import Sequence
from enum import Enum, auto

from service.cleaning.boilerplate import Boilerplate
from service.cleaning.lines import Line
from service.cleaning.prose_score import MIN_PARAGRAPH_WORDS

MIN_SITE_SCORE = 5
"""Score from which the text is a page: kinds of frame, and points for menus."""

MIN_TRACE_KINDS = 2
"""Kinds of boilerplate from which an article has traces of its page."""

_FRAME_RULES = frozenset(
    {
        "app",
        "comments",
        "consent",
        "copyright",
        "follow",
        "menu",
        "most-read",
        "newsletter",
        "paywall",
        "related",
        "share",
    }
)
"""Kinds that are around articles; the others are in the text of an article as well."""

_FOOTER_RULES = frozenset({"consent", "copyright"})
"""Kinds that indicate the footer of a site."""

_MENU_POINTS = ((5, 1), (10, 2), (20, 2))
"""Labels above the first paragraph, and the points that they add.

No article alone begins with 20, in any language.
"""

_FOOTER_LABELS = 10
"""Labels below the last paragraph that are a footer, if one of them is known."""

_MAX_MENU_LABEL_WORDS = 4
_MIN_CAPITALS_RATIO = 0.8
"""Share of capitalised words of a longer entry."""

_JOINING_MARKS = frozenset(",:;-–—")
"""Marks with which a line of verse or of an address ends, but no label."""


class Surroundings(Enum):
    """What is around the article in a text."""

    NONE = auto()
    """Nothing: an article alone, with one kind of boilerplate at most."""

    TRACES = auto()
    """A few lines of its page, such as a byline, a date and a caption."""

    SITE = auto()
    """The frame of a site: a copied page."""


def detect_surroundings(
    lines: Sequence[Line], boilerplate: Boilerplate
) -> Surroundings:
    """Detect what is around the article; in doubt, less."""
    kinds = {rule.name for rule in boilerplate.furniture.values()}
    if site_score(lines, boilerplate) >= MIN_SITE_SCORE:
        return Surroundings.SITE
    if len(kinds) >= MIN_TRACE_KINDS:
        return Surroundings.TRACES
    return Surroundings.NONE


def site_score(lines: Sequence[Line], boilerplate: Boilerplate) -> int:
    """Add up the evidence for a site's frame: its kinds, a menu above, a footer."""
    frame = {
        rule.name
        for rule in boilerplate.furniture.values()
        if rule.name in _FRAME_RULES
    }
    paragraphs = [
        index
        for index, line in enumerate(lines)
        if line.ends_sentence and line.size >= MIN_PARAGRAPH_WORDS
    ]
    first, last = (paragraphs[0], paragraphs[-1]) if paragraphs else (len(lines), -1)
    above = sum(map(is_menu_label, lines[:first])) if paragraphs else 0
    below = sum(map(is_menu_label, lines[last + 1 :])) if paragraphs else 0
    has_footer = below >= _FOOTER_LABELS and not frame.isdisjoint(_FOOTER_RULES)
    menu = sum(points for labels, points in _MENU_POINTS if above >= labels)
    return len(frame) + menu + has_footer


def is_menu_label(line: Line) -> bool:
    """Whether it could be an entry of a menu: words that begin with a capital.

    Longer lines are entries if every word does.
    """
    if line.ends_sentence or not line.words or line.text[-1] in _JOINING_MARKS:
        return False
    if any(character.isdigit() for character in line.text) or line.is_list_item:
        return False
    words = line.text.split()
    capitals = sum(word[0].isupper() for word in words)
    if line.size <= _MAX_MENU_LABEL_WORDS:
        return words[0][0].isupper()
    return capitals >= _MIN_CAPITALS_RATIO * len(words)
