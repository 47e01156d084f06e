"""Features of each line of a page: named arrays for the line classifier.

Besides its own features a line has those of its neighbours, of the boilerplate near it,
of its position relative to the best run of prose, and its overlap with the words of
that run: the teaser of another story is good prose in other words.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from service.cleaning.boilerplate import Boilerplate
from service.cleaning.classifier.feature_arrays import (
    FeatureArray,
    distances,
    indicator,
    run_lengths,
    shift,
    signed_log,
    sum_by_index,
    sum_since,
    window_sum,
)
from service.cleaning.classifier.line_features import compute_line_features
from service.cleaning.lines import Line
from service.cleaning.prose_score import is_prose, prose_value
from service.cleaning.text.surroundings import site_score

NamedFeatures = Iterator[tuple[str, FeatureArray]]

_NEIGHBOUR_FEATURES = ("capitals", "ends", "size", "stop-words")
"""Features also taken from the two lines on each side."""

_ADJACENT_FEATURES = (
    "caption-words",
    "comment-words",
    "credit-at-end",
    "name-at-end",
    "opens-box",
    "person-is",
    "profession",
    "prompt-words",
    "scene",
)
"""Features also taken from the previous and the next line."""

_RULES = (
    "advertisement",
    "bio",
    "byline",
    "caption-or-credit",
    "comments",
    "consent",
    "contact",
    "copyright",
    "disclosure",
    "follow",
    "menu",
    "most-read",
    "newsletter",
    "paywall",
    "product-box",
    "related",
    "related-line",
    "share",
    "source-line",
    "timestamp",
)
"""Kinds of boilerplate that indicate the kind of the lines near them."""

_SECTION_GAP_LINES = 5
"""Lines without prose that end a section."""


@dataclass(frozen=True, slots=True)
class AnalysedPage:
    """A page before its lines are classified."""

    lines: Sequence[Line]
    boilerplate: Boilerplate

    run: range
    """The best run of prose; empty if there is none."""

    duplicates: frozenset[int]
    """Indices of lines that repeat earlier ones."""

    headline: int | None
    """Index of the headline's line."""


def compute_features(page: AnalysedPage) -> dict[str, FeatureArray]:
    """Compute every feature by its name, each of shape (lines,)."""
    lines = page.lines
    own = compute_line_features(lines)
    known = page.boilerplate.rules
    prose = np.array(
        [0 if i in known else prose_value(line) for i, line in enumerate(lines)],
        dtype=np.float64,
    )
    features = own | dict(_rule_features(page, own, prose))
    features |= dict(_neighbour_features(features))
    features |= dict(_position_features(page, prose))
    features |= dict(_overlap_features(page))
    features |= dict(_section_features(page, prose, features["overlap"]))
    return features | dict(_by_paragraph(features))


def _rule_features(
    page: AnalysedPage, own: Mapping[str, FeatureArray], prose: FeatureArray
) -> NamedFeatures:
    rules, count = page.boilerplate.rules, len(page.lines)
    start = page.run.start if page.run else 0
    yield "prose", prose
    yield "boilerplate", indicator(rules, count)
    headings = [i for i, rule in rules.items() if rule.heads]
    yield "list-heading", indicator(headings, count)
    closing = indicator(page.boilerplate.closing, count)
    yield "closing", closing
    yield "closing-since-start", sum_since(closing, start)
    # All kinds at once: a page has few lines, so each numpy call costs the same.
    kinds = np.zeros((len(_RULES), count))
    for index, rule in rules.items():
        if rule.name in _RULES:
            kinds[_RULES.index(rule.name), index] = 1
    around = {
        "": kinds,
        ".before": window_sum(kinds, -3, 0),
        ".after": window_sum(kinds, 1, 4),
    }
    for suffix, table in around.items():
        for name, values in zip(_RULES, table, strict=True):
            yield f"rule.{name}{suffix}", values
    yield "comment-words-around", window_sum(own["comment-words"], -10, 11)
    yield "prompt-words-around", window_sum(own["prompt-words"], -3, 4)
    stems = [line.stems for line in page.lines]
    bylines = [stems[i] for i, rule in rules.items() if rule.name == "byline"]
    authors = frozenset[str]().union(*bylines)
    yield "byline-names", np.array([float(len(authors & own)) for own in stems])


def _neighbour_features(features: Mapping[str, FeatureArray]) -> NamedFeatures:
    for step in (-2, -1, 1, 2):
        for name in (*_NEIGHBOUR_FEATURES, "boilerplate"):
            yield f"{name}{step:+}", shift(features[name], step)
    for step in (-1, 1):
        for name in _ADJACENT_FEATURES:
            yield f"{name}{step:+}", shift(features[name], step)


def _position_features(page: AnalysedPage, prose: FeatureArray) -> NamedFeatures:
    lines, run = page.lines, page.run
    count = len(lines)
    position = np.arange(count, dtype=np.float64)
    copies: Counter[tuple[str, ...]] = Counter()
    before = []
    for line in lines:
        before.append(copies[line.words])
        copies[line.words] += 1
    yield "copies", np.log1p([copies[line.words] for line in lines])
    yield "copies-before", np.minimum(3.0, before)
    inside = indicator(run, count)
    cut = indicator([*page.boilerplate.rules, *page.duplicates], count)
    yield "in-run", inside
    uncut = inside * (1 - cut)
    for step in range(-2, 3):
        yield f"in-run-uncut{step:+}", shift(uncut, step)
    yield "above-run", (position < run.start).astype(np.float64)
    yield "below-run", (position >= run.stop).astype(np.float64)
    yield "lines-from-run-start", signed_log(position - run.start)
    yield "lines-from-run-end", signed_log(position - run.stop)
    total = np.cumsum(prose)
    yield "prose-share-above", (total - prose) / max(1.0, float(total[-1]))
    yield "position", position / count
    yield "line-count", np.full(count, np.log1p(count))
    yield "site-score", np.full(count, float(site_score(lines, page.boilerplate)))
    for start, stop in ((1, 6), (1, 13), (1, 31), (-5, 0), (-12, 0), (-30, 0)):
        yield f"prose{start:+}{stop:+}", window_sum(prose, start, stop)
    headline = -1 if page.headline is None else page.headline
    yield "below-headline", (position > headline).astype(np.float64)


def _overlap_features(page: AnalysedPage) -> NamedFeatures:
    """Compute how many of a line's words the run has too, weighted by rarity."""
    stems, count = [line.stems for line in page.lines], len(page.lines)
    # All stems of all lines in one array, as numbers, with the line of each.
    number = {stem: n for n, stem in enumerate(frozenset[str]().union(*stems))}
    stem = np.array([number[own] for line in stems for own in line], dtype=np.intp)
    sizes = np.array([len(line) for line in stems])
    line_of_stem = np.repeat(np.arange(count), sizes)
    cut = page.boilerplate.rules.keys() | page.duplicates
    in_body = indicator([i for i in page.run if i not in cut], count)[line_of_stem]
    on_page = np.bincount(stem, minlength=len(number))
    in_run = sum_by_index(in_body, stem, len(number))
    rarity = np.log((count + 1) / on_page)[stem]
    # The run's lines other than the stem's own.
    inside = in_run[stem] - in_body
    overlap = rarity * inside / (inside + (on_page - in_run)[stem] + 0.5)
    total = sum_by_index(overlap, line_of_stem, count)
    # A short line's overlap is chance: it counts as if it had more words.
    yield "overlap", total / (sum_by_index(rarity, line_of_stem, count) + 3)
    yield "overlap-sum", total
    shared = (inside > 0).astype(np.float64)
    yield "overlap-words", sum_by_index(shared, line_of_stem, count)
    yield "stem-count", sizes.astype(np.float64)
    headline = frozenset[str]() if page.headline is None else stems[page.headline]
    shared_with_headline = np.array([len(own & headline) for own in stems])
    yield "headline-overlap", shared_with_headline / (sizes + 1)


def _section_features(
    page: AnalysedPage, prose: FeatureArray, overlap: FeatureArray
) -> NamedFeatures:
    """Compute features of sections: lines between headings, closings and long gaps."""
    section = np.array(list(_number_sections(page, prose)))
    count = int(section[-1]) + 1
    has_prose = prose > 0
    words = sum_by_index(prose, section, count)
    paragraphs = sum_by_index(has_prose.astype(np.float64), section, count)
    shared = sum_by_index(overlap * has_prose, section, count)
    size = np.bincount(section, minlength=count)
    main = int(np.argmax(words))
    yield "section.words", np.log1p(words)[section]
    yield "section.share", (words / max(1.0, words.sum()))[section]
    yield "section.share-of-main", (words / max(1.0, float(words[main])))[section]
    yield "section.overlap", (shared / np.maximum(1, paragraphs))[section]
    yield "section.paragraphs", (paragraphs / np.maximum(1, size))[section]
    yield "section.main", (section == main).astype(np.float64)
    yield "section.distance", np.clip(section - main, -5, 5).astype(np.float64)
    above, below = distances(has_prose), distances(has_prose[::-1])[::-1]
    yield "prose-distance-above", np.log1p(above)
    yield "prose-distance-below", np.log1p(below)
    yield "prose-distance", np.log1p(above + below)
    is_label = np.array([not is_prose(line) for line in page.lines])
    yield "label", is_label.astype(np.float64)
    yield "label-run", np.log1p(run_lengths(is_label))


def _number_sections(page: AnalysedPage, prose: FeatureArray) -> Iterator[int]:
    number = gap = 0
    for index, words in enumerate(prose):
        rule = page.boilerplate.rules.get(index)
        gap = 0 if words else gap + 1
        if (rule and (rule.closes or rule.heads)) or gap == _SECTION_GAP_LINES:
            number += 1
        yield number


def _by_paragraph(features: Mapping[str, FeatureArray]) -> NamedFeatures:
    """Repeat features that mean one thing of paragraphs and another of labels."""
    paragraph = features["ends-prose"]
    names = [
        name
        for name in features
        if name.startswith(("section.", "prose-", "label")) or name == "overlap"
    ]
    for name in names:
        yield f"{name}*paragraph", features[name] * paragraph
