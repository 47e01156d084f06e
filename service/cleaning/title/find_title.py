"""Find the headline among the lines above the body: `find_title`."""

import re
from collections.abc import Iterable, Mapping, Sequence

from service.cleaning.lines import Line
from service.cleaning.markers import MarkerRule
from service.cleaning.title.byline import is_byline
from service.cleaning.title.title_features import (
    MAX_HEADLINE_WORDS,
    TitleContext,
    compute_title_features,
)
from service.cleaning.title.title_weights import MIN_SCORE, WEIGHTS

MAX_LINES_ABOVE = 200
"""Lines above the body that are searched; the farthest headline seen is 30 above."""

MIN_OVERLAP = 0.1
"""Share of a headline's words, by weight, above which the body repeats it.

However well it is placed, a line that the body does not repeat is another story's.
"""

_SITE_SEPARATORS = (" | ", " - ", " \N{EN DASH} ", " — ")

_MAX_BYLINE_DISTANCE_LINES = 3
"""Lines below a headline inside the body, among which is its byline or its date."""

_COMMENTS_ON = re.compile(r"\d+ \S+ \S+ [“„\"«‘](?P<headline>.+)[”“\"»’]")
"""A count, two words and a headline: "5 comments on “River floods”"."""

_MIN_HEADLINE_WORDS = 3
"""Words of the shortest headline from which a site's name is stripped."""


def find_title(
    above: Sequence[Line], body: Sequence[Line], boilerplate: Mapping[int, MarkerRule]
) -> Line | None:
    """Find the headline above the body or in its opening, if there is one.

    Each candidate's score is the weighted sum of its features.  The best score wins;
    of equal scores, the line nearest to the body.

    Args:
        above: the lines of the page above the body, including boilerplate.
        body: the lines of the body, without boilerplate.
        boilerplate: rules by place.
    """
    context = TitleContext(above[-MAX_LINES_ABOVE:], body, boilerplate)
    start = len(context.above)
    # A subhead repeats more of the text around it, but is below a paragraph.
    return _find_best(
        context,
        [
            index
            for index in range(len(context.lines))
            if index < start or not context.paragraphs_above[index]
        ],
    ) or _find_best(
        context,
        [
            index
            for index in range(start, len(context.lines))
            if _begins_a_story(context, index)
        ],
    )


def _begins_a_story(context: TitleContext, index: int) -> bool:
    """Whether a line below paragraphs is a headline, not one of their subheads.

    What is above a headline is cut; so a byline or a date below it, or a copy above the
    body, has to confirm it.
    """
    below = slice(index + 1, index + 1 + _MAX_BYLINE_DISTANCE_LINES)
    return (
        any(context.is_date[below])
        or any(map(is_byline, context.lines[below]))
        or context.copies[context.lines[index].words] > 0
    )


def _find_best(context: TitleContext, indices: Iterable[int]) -> Line | None:
    scored = (
        (_score(compute_title_features(context, index)), index)
        for index in indices
        if context.candidates[index] and context.overlap[index] > MIN_OVERLAP
    )
    score, best = max(scored, default=(MIN_SCORE, -1))
    return context.lines[best] if score > MIN_SCORE else None


def find_named_headline(lines: Sequence[Line]) -> Line | None:
    """Find the headline that the heading of the comments names, below the article."""
    places: dict[str, Line] = {}
    for line in lines:
        if line.text[:1].isdigit() and line.may_match_patterns:
            named = _COMMENTS_ON.fullmatch(line.text)
            if named is not None and named["headline"] in places:
                return places[named["headline"]]
        places[line.text] = line
    return None


def strip_site_name(title: str, lines: Sequence[Line]) -> str:
    """Strip the site's name from a headline: "River floods | The Courier".

    A bar always separates the two.  A dash does so only if the page also has the name
    on a line of its own: in other headlines it joins two halves of a sentence.
    """
    texts = {line.text.casefold() for line in lines}
    for separator in _SITE_SEPARATORS:
        headline, matched, site = title.rpartition(separator)
        is_site = separator == " | " or site.strip().casefold() in texts
        if matched and is_site and len(headline.split()) >= _MIN_HEADLINE_WORDS:
            return headline.rstrip()
    return title


def may_be_title(line: Line) -> bool:
    """Whether the first line of clean prose is its headline, not a sentence."""
    return not line.ends_sentence and line.size <= MAX_HEADLINE_WORDS


def _score(features: Mapping[str, float]) -> float:
    return sum(WEIGHTS[name] * value for name, value in features.items())
