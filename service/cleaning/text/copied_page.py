"""Clean a copied page: `clean_copied_page`.

A page has a menu, boxes, other stories and a footer around its article.  The best run
of prose shows where the article is; the classifier weighs every line by what is in it
and around it.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from service.cleaning.boilerplate import Boilerplate
from service.cleaning.classifier.feature_arrays import (
    FeatureArray,
    LineFlags,
    indicator,
)
from service.cleaning.classifier.features import AnalysedPage, compute_features
from service.cleaning.classifier.line_classifier import LineClassifier
from service.cleaning.cleaning_pass import CleaningPass
from service.cleaning.duplicates import find_duplicates
from service.cleaning.line_patterns import find_author_lines, match_patterns
from service.cleaning.lines import Line
from service.cleaning.markers import MarkerRule, primary_tag
from service.cleaning.prose_score import (
    MIN_PARAGRAPH_WORDS,
    MIN_UNENDED_PROSE_WORDS,
    prose_value,
)
from service.cleaning.text.doubts import assess_choice
from service.cleaning.text.edges import find_headline_below_labels, find_tail_lines
from service.cleaning.text.embedded_posts import find_posts
from service.cleaning.text.opening import extend_to_opening
from service.cleaning.text.prose_run import find_prose_run
from service.cleaning.text.teasers import trim_teasers
from service.cleaning.title.byline import is_date
from service.cleaning.title.find_title import (
    find_named_headline,
    find_title,
    may_be_title,
)

MIN_PARAGRAPH_LIKELIHOOD = 0.5
"""Likelihood above which a paragraph inside the best run of prose is kept."""

MIN_LABEL_LIKELIHOOD = 0.55
"""The same for any other line inside the run."""

MIN_OUTSIDE_LIKELIHOOD = 0.75
"""The same for a line outside: there, most prose belongs to other stories."""

MIN_RUN_RATIO = 0.4
"""Share of the prose in the best run below which a choice of lines is not believed."""

SHORT_PAGE_LINES = 60
"""Lines below which a page has too few around each for the classifier."""

MIN_SHORT_PAGE_LIKELIHOOD = 0.15
"""Likelihood above which a line inside the run of a short page is kept."""

MIN_OPENING_LIKELIHOOD = 0.35
"""Likelihood above which a long paragraph between the headline and the run is kept."""

_DATE_RULES = frozenset({"timestamp", "timestamp-alone"})

MIN_POSTS = 3
"""Posts, each below its time, from which a page is a live blog."""

TRAINED_LANGUAGE = "en"
"""Language of the pages that the classifier is trained on: its features count words of
English."""

_RUN_LIKELIHOODS = (0.9, 0.1)
"""Likelihood of lines inside the best run of prose and outside, in other languages."""

SWITCH_COST = 0.6
"""Log-odds that a change between the article and the rest of the page costs."""


def analyse_page(
    lines: Sequence[Line], boilerplate: Boilerplate, title: str | None
) -> AnalysedPage:
    """Find the best run of prose among lines, its headline and its duplicates."""
    run = find_prose_run(lines, set(boilerplate.rules), boilerplate.closing) or range(0)
    run = trim_teasers(lines, run, boilerplate.rules)
    run = extend_to_opening(lines, run, boilerplate.rules)
    known = {lines[i].place: rule for i, rule in boilerplate.rules.items()}
    body = [line for line in lines[run.start : run.stop] if line.place not in known]
    above = lines[: run.start]
    headline = None
    if run and not title:
        headline = find_named_headline(lines) or find_title(above, body, known)
        # Below a date there is the heading of a post, if a column is above it.
        is_live = (
            headline is not None
            and _is_below_date(lines, headline, known)
            and sum(map(is_date, lines[run.start : run.stop])) >= MIN_POSTS - 1
        )
        if headline is None or is_live:
            column = find_headline_below_labels(above, known, is_live=is_live)
            headline = column or headline
        run = _include_heading(lines, run, headline, known)
    duplicates = find_duplicates(body)
    return AnalysedPage(
        lines,
        boilerplate,
        run,
        frozenset(i for i in run if lines[i].place in duplicates),
        None if headline is None else lines.index(headline),
    )


def _is_below_date(
    lines: Sequence[Line], line: Line, known: Mapping[int, MarkerRule]
) -> bool:
    index = lines.index(line)
    if not index:
        return False
    above = lines[index - 1]
    rule = known.get(above.place)
    return is_date(above) or (rule is not None and rule.name in _DATE_RULES)


def _include_heading(
    lines: Sequence[Line],
    run: range,
    headline: Line | None,
    known: Mapping[int, MarkerRule],
) -> range:
    """Extend the run by the heading of a live blog's first post, below its time."""
    heading = lines[run.start - 1] if run.start else None
    if (
        heading is not None
        and heading is not headline
        and heading.place not in known
        and may_be_title(heading)
        and _is_below_date(lines, heading, known)
    ):
        return range(run.start - 1, run.stop)
    return run


def clean_copied_page(
    classifier: LineClassifier,
    lines: Sequence[Line],
    boilerplate: Boilerplate,
    language: str,
    title: str | None,
) -> CleaningPass:
    """Keep the lines that belong to the page's article.

    Args:
        classifier: used for pages in the language that it is trained on; in another,
            the best run of prose is the article.
        lines: the page, in order.
        boilerplate: its known boilerplate.
        language: BCP 47 tag.
        title: the headline, if it is known.
    """
    page = analyse_page(lines, boilerplate, title)
    known = {lines[i].place: rule.name for i, rule in boilerplate.rules.items()}
    known = find_posts(lines) | known
    if not page.run:
        return CleaningPass((), {line.place: "no-prose" for line in lines} | known)
    headline = None if page.headline is None else lines[page.headline]
    unknown = [i for i, line in enumerate(lines) if line.place not in known]
    matrix = classifier.feature_matrix(compute_features(page), unknown)
    if primary_tag(language) == TRAINED_LANGUAGE:
        likelihood = classifier.likelihood(matrix)
    else:
        likelihood = np.where([i in page.run for i in unknown], *_RUN_LIKELIHOODS)
    chosen = _choose(page, unknown, likelihood)
    unlikely = _name_sides(lines, known, chosen)
    cut = [row for row, i in enumerate(unknown) if lines[i].place in unlikely]
    reasons = zip(cut, classifier.reasons(matrix[cut]), strict=True)
    because = {lines[unknown[row]].place: names for row, names in reasons}
    rules = known | unlikely
    # Last, because patterns are costly and most of the page is cut by now.
    rules |= {p: rule.name for p, rule in match_patterns(lines, rules).items()}
    if headline:
        rules |= _cut_around_headline(lines, headline, known)
        rules.pop(headline.place, None)
    kept = [line for line in lines if line.place not in rules and line != headline]
    rules |= {place: rule.name for place, rule in find_author_lines(kept).items()}
    kept = [line for line in kept if line.place not in rules]
    rules |= find_tail_lines(kept)
    kept = [line for line in kept if line.place not in rules]
    duplicates = find_duplicates(kept)
    rules |= duplicates
    left = tuple(line for line in kept if line.place not in rules)
    # What is only said twice makes the choice neither better nor worse.
    judged = [r for r, i in enumerate(unknown) if lines[i].place not in duplicates]
    compared = [lines[unknown[row]] for row in judged]
    read = {line.place for line in left}
    confidence, doubts = assess_choice(
        compared,
        likelihood[judged],
        [at for at, line in enumerate(compared) if line.place in read],
        has_headline=headline is not None or title is not None,
    )
    return CleaningPass(left, rules, because, headline, confidence, doubts)


def _choose(
    page: AnalysedPage, unknown: Sequence[int], likelihood: FeatureArray
) -> LineFlags:
    """Choose the lines of the article, shape (lines,)."""
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


def _name_sides(
    lines: Sequence[Line], known: Mapping[int, str], chosen: LineFlags
) -> dict[int, str]:
    """Return the rule by place of other lines: on which side of the article."""
    body = np.flatnonzero(chosen)
    first, last = (body[0], body[-1]) if len(body) else (len(lines), 0)
    rules: dict[int, str] = {}
    for index, line in enumerate(lines):
        if chosen[index] or line.place in known:
            continue
        if _is_separator(line) and chosen[index - 1 : index + 2].sum() > 1:
            continue
        side = "before-body" if index < first else "after-body"
        rules[line.place] = "aside" if first < index < last else side
    return rules


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


def _is_separator(line: Line) -> bool:
    """Whether it is a rule between two parts of an article, such as "___"."""
    return not any(character.isalnum() for character in line.text)


def _cut_around_headline(
    lines: Sequence[Line], headline: Line, known: Mapping[int, str]
) -> dict[int, str]:
    """Cut the headline's other copies, and every line above it."""
    rules = {
        line.place: "title-repeated" for line in lines if line.words == headline.words
    }
    for line in lines[: lines.index(headline)]:
        rules.setdefault(line.place, known.get(line.place, "before-body"))
    return rules
