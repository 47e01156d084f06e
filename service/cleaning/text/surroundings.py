"""Detect what is around the article in a text: `detect_surroundings`.

What counts is evidence for a site's frame: menus above, sections of other stories
below, sign-up boxes, legal lines.  An article alone may be short, a list or a poem; and
one byline, date, caption or advertisement does not make it a page.
"""

import re
from collections.abc import Sequence
from enum import Enum, auto

from service.cleaning.boilerplate import Boilerplate
from service.cleaning.lines import Line
from service.cleaning.prose_score import MIN_PARAGRAPH_WORDS

MIN_SITE_SCORE = 4
"""Score from which the text is a page: kinds of frame, and points for menus."""

MIN_TRACE_KINDS = 2
"""Kinds of boilerplate from which an article has traces of its page."""

_FRAME_RULES = frozenset(
    {
        "app",
        "audio-notice",
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
"""Kinds that are around articles."""

_INSIDE_RULES = frozenset(
    {
        "disclosure",
        "embed",
        "product-box",
        "related-line",
        "source-line",
        "timestamp-alone",
        "video",
    }
)
"""Kinds that publishing systems store in the text of an article."""

_MIN_ADVERTISEMENTS = 2
"""Markers of advertisements from which they are of a page; an article stored with one
has been seen."""

_MIN_CONTROLS = 2
_CONTROL_POINTS = 2
"""Lines such as "Skip to content" above the first paragraph, and the points that they
add: no article alone has two."""

_MENU_POINTS = ((10, 3), (20, 1))
"""Labels above the first paragraph, and the points that they add.

No article alone begins with 20, in any language.
"""

_FOOTER_POINTS = 3
"""Points for a footer: no article ends with a site's pages about itself."""

_FOOTER_LINES = 20
"""Last lines of a text that are searched for a footer."""

_MAX_FOOTER_WORDS = 60
_MIN_FOOTER_WORDS = 2
_FOOTER_WORDS = re.compile(
    r"accessibility|advertise|careers|complaints|contact us|cookie|masthead|privacy"
    r"|terms"
)
"""Two of them are a footer, even in one line: "About UsPrivacy PolicyTerms of Use"."""

_MAX_MENU_LABEL_WORDS = 4
_MIN_CAPITALS_RATIO = 0.8
"""Share of capitalised words of a longer entry."""

_DIGIT = re.compile(r"\d")
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
    kinds = {rule.name for rule in boilerplate.furniture.values()} - _INSIDE_RULES
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
    head = paragraphs[0] if paragraphs else 0
    labels = sum(map(is_menu_label, lines[:head]))
    controls = sum(
        index < head and rule.name == "menu"
        for index, rule in boilerplate.furniture.items()
    )
    menu = sum(points for least, points in _MENU_POINTS if labels >= least)
    return (
        len(frame)
        + menu
        + _FOOTER_POINTS * _has_footer(lines)
        + _has_advertisements(boilerplate)
        + _CONTROL_POINTS * (controls >= _MIN_CONTROLS)
    )


def _has_advertisements(boilerplate: Boilerplate) -> bool:
    names = [rule.name for rule in boilerplate.furniture.values()]
    return names.count("advertisement") >= _MIN_ADVERTISEMENTS


def _has_footer(lines: Sequence[Line]) -> bool:
    found: set[str] = set()
    for line in lines[-_FOOTER_LINES:]:
        if line.size <= _MAX_FOOTER_WORDS and not line.ends_sentence:
            found.update(_FOOTER_WORDS.findall(line.lowered))
    return len(found) >= _MIN_FOOTER_WORDS


def is_menu_label(line: Line) -> bool:
    """Whether it could be an entry of a menu: a word that begins with a capital.

    Longer lines are entries if every word does.
    """
    if line.ends_sentence or not line.words or line.text[-1] in _JOINING_MARKS:
        return False
    if _DIGIT.search(line.text) or line.is_list_item:
        return False
    words = line.text.split()
    # Letters of many scripts have no case.
    if line.size <= _MAX_MENU_LABEL_WORDS:
        return words[0][0].isalpha() and not words[0][0].islower()
    capitals = sum(not word[0].islower() for word in words)
    return capitals >= _MIN_CAPITALS_RATIO * len(words)
