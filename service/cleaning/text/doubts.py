"""Estimate how sure it is that a page was reduced to its article: `assess_choice`."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np

from service.cleaning.classifier.feature_arrays import FeatureArray
from service.cleaning.lines import Line
from service.cleaning.prose_score import prose_value
from service.cleaning.text.prose_run import find_prose_run

MIN_CONFIDENCE = 0.8
"""Confidence below which an editor should look at the article."""

_MIN_KEPT_RATIO = 0.6
"""Share of the page's prose that is kept, below which most of it was cut."""

_MAX_SECOND_RATIO = 0.5
"""Length of the longest other run of prose, relative to the article."""

_UNCERTAIN = (0.25, 0.75)
"""Likelihoods between which a line may or may not belong to the article."""

_MAX_UNCERTAIN_RATIO = 0.3
"""Share of uncertain words, relative to the words that are kept."""


class Assessment(NamedTuple):
    """How sure a choice of lines is."""

    confidence: float
    doubts: tuple[str, ...]


def assess_choice(
    lines: Sequence[Line],
    likelihood: FeatureArray,
    kept: Collection[int],
    *,
    has_headline: bool,
) -> Assessment:
    """Estimate the confidence in a choice of lines, and what lowers it.

    The confidence is the F measure that the likelihoods predict for the choice.

    Args:
        lines: the lines that are not known boilerplate.
        likelihood: of each to belong to the article, shape (lines,).
        kept: indices of those that are kept.
        has_headline: whether a headline is known.
    """
    size = np.array([float(line.size) for line in lines])
    is_kept = np.zeros(len(lines), dtype=np.bool_)
    is_kept[list(kept)] = True
    right = float((size * likelihood)[is_kept].sum())
    wrong = float((size * (1 - likelihood))[is_kept].sum())
    missed = float((size * likelihood)[~is_kept].sum())
    confidence = 2 * right / max(1.0, 2 * right + wrong + missed)
    if confidence >= MIN_CONFIDENCE:
        return Assessment(confidence, ())
    prose = np.array([float(prose_value(line)) for line in lines])
    words = max(1.0, float(prose[is_kept].sum()))
    low, high = _UNCERTAIN
    uncertain = prose[(likelihood > low) & (likelihood < high)].sum()
    others = [line for line, keeps in zip(lines, is_kept, strict=True) if not keeps]
    second = find_prose_run(others, set(), set()) or range(0)
    second_words = sum(prose_value(others[index]) for index in second)
    reasons = {
        "Most of the page's prose was cut.": words < _MIN_KEPT_RATIO * prose.sum(),
        "Another text on the page is nearly as long as the article.": second_words
        > _MAX_SECOND_RATIO * words,
        "Many lines may or may not belong to the article.": uncertain
        > _MAX_UNCERTAIN_RATIO * words,
        "The page has no headline above the article.": not has_headline,
    }
    doubts = tuple(doubt for doubt, applies in reasons.items() if applies)
    return Assessment(
        confidence, doubts or ("The lines of the article are not clear.",)
    )
