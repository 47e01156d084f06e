"""Choose the lines of the article by their likelihood: `choose_article_lines`.

What is needed depends on the place of a line: inside the best run of prose less than
outside, where most prose belongs to other stories.
"""

from collections.abc import Sequence

import numpy as np

from service.cleaning.classifier.feature_arrays import (
    FeatureArray,
    LineFlags,
    indicator,
)
from service.cleaning.classifier.features import AnalysedPage
from service.cleaning.prose_score import (
    MIN_PARAGRAPH_WORDS,
    MIN_UNENDED_PROSE_WORDS,
    prose_value,
)

MIN_PARAGRAPH_LIKELIHOOD = 0.5
"""Likelihood above which a paragraph inside the best run of prose is kept."""

MIN_LABEL_LIKELIHOOD = 0.55
"""The same for any other line inside the run."""

MIN_OUTSIDE_LIKELIHOOD = 0.75
"""The same for a line outside: there, most prose belongs to other stories."""

MIN_SHORT_PAGE_LIKELIHOOD = 0.15
"""Likelihood above which a line inside the run of a short page is kept."""

MIN_OPENING_LIKELIHOOD = 0.35
"""Likelihood above which a long paragraph between the headline and the run is kept."""

SHORT_PAGE_LINES = 60
"""Lines below which a page has too few around each for the classifier."""

MIN_RUN_RATIO = 0.4
"""Share of the prose in the best run below which a choice of lines is not believed."""

SWITCH_COST = 0.6
"""Log-odds that a change between the article and the rest of the page costs."""


def choose_article_lines(
    page: AnalysedPage, unknown: Sequence[int], likelihood: FeatureArray
) -> LineFlags:
    """Choose the lines of the article, shape (lines,).

    Args:
        page: the page, with its best run of prose.
        unknown: indices of the lines that are not known boilerplate.
        likelihood: of each of those to belong to the article.
    """
    margins = _log_odds(likelihood) - _log_odds(_likelihood_thresholds(page)[unknown])
    chosen = np.zeros(len(page.lines), dtype=np.bool_)
    chosen[unknown] = choose_lines(margins, SWITCH_COST)
    prose = np.zeros(len(page.lines))
    prose[unknown] = [prose_value(page.lines[i]) for i in unknown]
    in_run = indicator(page.run, len(page.lines)).astype(np.bool_)
    if prose[chosen].sum() < MIN_RUN_RATIO * prose[in_run].sum():
        # Both cannot be right, and a run that is too long loses nothing.
        chosen[[i for i in unknown if in_run[i]]] = True
    chosen[_find_opening(page, unknown, likelihood, chosen)] = True
    return chosen


def _find_opening(
    page: AnalysedPage,
    unknown: Sequence[int],
    likelihood: FeatureArray,
    chosen: LineFlags,
) -> list[int]:
    """Find the paragraphs between the headline and the best run of prose.

    A box parts them from the rest, so that the best run of prose begins below it.
    Standfirsts and captions, which are there too, are shorter.
    """
    if page.headline is None or not chosen.any():
        return []
    stop = min(page.run.start, int(chosen.argmax()))
    place = range(page.headline + 1, stop)
    return [
        index
        for index, value in zip(unknown, likelihood, strict=True)
        if index in place
        and value > MIN_OPENING_LIKELIHOOD
        and page.lines[index].ends_sentence
        and page.lines[index].size >= MIN_UNENDED_PROSE_WORDS
    ]


def choose_lines(margins: FeatureArray, switch_cost: float) -> list[bool]:
    """Choose the lines of an article by what speaks for each, and its neighbours.

    The choice has the largest sum of the margins of the chosen lines, less a cost for
    each change between chosen and other lines (Viterbi's algorithm).

    Args:
        margins: shape (lines,); log-odds above the threshold of each line.
        switch_cost: in the same unit.
    """
    inside = outside = 0.0
    inside = -switch_cost
    came_from: list[tuple[bool, bool]] = []
    for margin in margins.tolist():
        stays_in = inside >= outside - switch_cost
        stays_out = outside >= inside - switch_cost
        came_from.append((not stays_in, not stays_out))
        inside, outside = (
            max(inside, outside - switch_cost) + margin,
            max(outside, inside - switch_cost),
        )
    chosen: list[bool] = []
    is_inside = inside - switch_cost > outside
    for switched_in, switched_out in reversed(came_from):
        chosen.append(is_inside)
        if switched_in if is_inside else switched_out:
            is_inside = not is_inside
    return chosen[::-1]


def _log_odds(likelihood: FeatureArray) -> FeatureArray:
    bounded = np.clip(likelihood, 1e-6, 1 - 1e-6)
    return np.log(bounded) - np.log1p(-bounded)


def _likelihood_thresholds(page: AnalysedPage) -> FeatureArray:
    """Return the likelihood above which each line is kept, shape (lines,)."""
    thresholds = np.full(len(page.lines), MIN_OUTSIDE_LIKELIHOOD)
    is_short = len(page.lines) < SHORT_PAGE_LINES
    for index in page.run:
        line = page.lines[index]
        is_paragraph = line.ends_sentence and line.size >= MIN_PARAGRAPH_WORDS
        thresholds[index] = (
            MIN_SHORT_PAGE_LIKELIHOOD
            if is_short
            else MIN_PARAGRAPH_LIKELIHOOD
            if is_paragraph
            else MIN_LABEL_LIKELIHOOD
        )
    return thresholds
