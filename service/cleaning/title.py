"""Which line above the body is the headline."""

from collections import Counter
from collections.abc import Mapping, Sequence

from service.cleaning.lines import Line
from service.cleaning.markers import Rule

LONGEST = 32
"""Words of the longest line that is taken for a headline."""

_USUAL = range(5, 20)
"""Words of most headlines: section names have fewer, standfirsts more."""

_REACH = 4
"""Paragraphs in which a headline's words are looked for."""

_LETTERS = 4
"""Letters from which a word tells something; shorter ones stand in every line."""

_DOUBT = 2.0
"""Words added to a line's own, so that one shared word of one proves little."""

_BOX = 5
"""Lines below a headline in which its byline or date stands."""

_BOXED = frozenset({"byline", "timestamp", "timestamp-alone", "share"})

_ENOUGH = 0.5
"""Score from which a line is a headline; its parts follow."""

_RECURS = 0.35
_USUAL_SIZE = 0.3
_ABOVE_BOX = 0.3
_NEAREST = 0.5
_STOPS = -0.35

_FADES = 8
"""Lines above the body at which nearness counts half."""


def find_title(
    above: Sequence[Line], body: Sequence[Line], furniture: Mapping[int, Rule]
) -> Line | None:
    """Find the headline among the lines above the body; None when none is like one.

    A headline shares words with the first paragraphs, has a byline or a date below it,
    often stands twice on the page, and near the body.  `furniture` is by place.
    """
    counts = Counter(line.words for line in above)
    told = {stem for line in body[:_REACH] for stem in _stems(line)}
    best, found = _ENOUGH, None
    for index, line in enumerate(above):
        if not _may_be(line, furniture.get(line.place)):
            continue
        box = (
            furniture.get(near.place) for near in above[index + 1 : index + 1 + _BOX]
        )
        score = _likeness(line, told, recurs=counts[line.words] > 1)
        score += (
            _ABOVE_BOX if any(rule and rule.name in _BOXED for rule in box) else 0.0
        )
        score += _NEAREST / (1 + (len(above) - index) / _FADES)
        if score > best:
            best, found = score, line
    return found and next(line for line in above if line.words == found.words)


def is_heading(line: Line) -> bool:
    """Whether a line that opens clean prose is its headline and not a sentence."""
    return not line.ends and line.size <= LONGEST


def _may_be(line: Line, rule: Rule | None) -> bool:
    # Below a heading such as "Latest" the headline is taken for one of a list.
    listed = rule is not None and rule.heads and line.size in _USUAL
    return 1 < line.size <= LONGEST and (rule is None or listed)


def _likeness(line: Line, told: set[str], *, recurs: bool) -> float:
    own = _stems(line)
    shared = len(own & told)
    score = shared / (len(own) + _DOUBT)
    score += _RECURS if recurs and shared else 0.0
    score += _USUAL_SIZE if line.size in _USUAL else 0.0
    return score + (_STOPS if line.text.endswith(".") else 0.0)


def _stems(line: Line) -> set[str]:
    # Five letters stand for a word, so that "strike" meets "strikes".
    return {word[:5] for word in line.words if len(word) >= _LETTERS}
