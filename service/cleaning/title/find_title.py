"""Which line above the body is the headline."""

from collections.abc import Mapping, Sequence

from service.cleaning.lines import Line
from service.cleaning.markers import MarkerRule
from service.cleaning.title.title_features import (
    LONGEST,
    TitleContext,
    compute_title_features,
)
from service.cleaning.title.title_weights import ENOUGH, WEIGHTS

REACH = 200
"""Lines above the body that are looked at; the farthest headline seen is 30 above."""

UNTOLD = 0.1
"""Share of a line's words, by weight, of which the body says more below a headline.

However well it stands, a line of which nothing is told is another story's.
"""


_BEFORE_SITE = (" | ", " - ", " \N{EN DASH} ", " — ")

_SHORTEST = 3
"""Words of the shortest headline that a name may be cut off."""


def find_title(
    above: Sequence[Line], body: Sequence[Line], furniture: Mapping[int, MarkerRule]
) -> Line | None:
    """Find the headline above the body or in its opening; None when none is like one.

    Each line that may be the headline has a score, the weighted sum of its figures;
    the best one wins, of equals the nearest to the body.

    Args:
        above: the lines of the page down to the body, furniture among them.
        body: the lines of the body, furniture left out.
        furniture: rules by place.
    """
    scene = TitleContext(above[-REACH:], body, furniture)
    scored = (
        (_score(compute_title_features(scene, index)), index)
        for index, line in enumerate(scene.lines)
        if scene.candidates[index] and (scene.told[index] > UNTOLD or _unspaced(line))
    )
    score, best = max(scored, default=(ENOUGH, -1))
    return scene.lines[best] if score > ENOUGH else None


def without_site(title: str, lines: Sequence[Line]) -> str:
    """Cut the name of the site off a headline: "River floods | The Courier".

    A bar always parts the two.  A dash does where the page has the name by itself:
    in other headlines it parts two halves of a sentence.
    """
    names = {line.text.casefold() for line in lines}
    for mark in _BEFORE_SITE:
        headline, found, site = title.rpartition(mark)
        parted = mark == " | " or site.strip().casefold() in names
        if found and parted and len(headline.split()) >= _SHORTEST:
            return headline.rstrip()
    return title


def is_heading(line: Line) -> bool:
    """Whether a line that opens clean prose is its headline and not a sentence."""
    return not line.ends and line.size <= LONGEST


def _score(figures: Mapping[str, float]) -> float:
    return sum(WEIGHTS[name] * figure for name, figure in figures.items())


def _unspaced(line: Line) -> bool:
    # Its words are not told apart, so nothing is known of what the body says of them.
    return line.size > len(line.words)
