"""What speaks for and against each line of a page: named columns of numbers.

Beside its own measures a line is known by its neighbours, by the furniture near it, by
where it stands to the best run of prose, and by how far its words are those of that
run: a teaser of another story is good prose in other words.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from service.cleaning.boilerplate import Boilerplate
from service.cleaning.classifier.feature_arrays import (
    FeatureColumn,
    distances,
    flags,
    gathered,
    runs,
    shifted,
    signed_log,
    since,
    window,
)
from service.cleaning.classifier.line_features import compute_line_features
from service.cleaning.lines import Line
from service.cleaning.prose_score import is_prose, prose_value

FeatureTable = Iterator[tuple[str, FeatureColumn]]

_NEIGHBOURS = ("capitals", "ends", "size", "stop-words")
"""Measures that are looked at on the three lines on each side."""

_TOUCHING = (
    "caption-words",
    "comment-words",
    "credit-at-end",
    "name-at-end",
    "opens-a-box",
    "person-is",
    "profession",
    "prompt",
    "scene",
)
"""Measures that are looked at on the lines that touch."""

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
"""Kinds of furniture whose nearness tells something."""

_GAP = 5
"""Lines without prose that end a stretch."""


@dataclass(frozen=True, slots=True)
class AnalysedPage:
    """A page as far as it is understood when its lines are weighed."""

    lines: Sequence[Line]
    furniture: Boilerplate

    run: range
    """The best run of prose; empty when there is none."""

    repeats: frozenset[int]
    """Indices of lines that say again what stands before them."""

    heading: int | None
    """Index of the line taken for the headline."""


def compute_features(page: AnalysedPage) -> dict[str, FeatureColumn]:
    """Return every column by its name; one number a line, in the order of the lines."""
    lines = page.lines
    own = compute_line_features(lines)
    known = page.furniture.rules
    prose = np.array(
        [0 if i in known else prose_value(line) for i, line in enumerate(lines)],
        dtype=np.float64,
    )
    columns = own | dict(_of_rules(page, own, prose))
    columns |= dict(_of_neighbours(columns))
    columns |= dict(_of_place(page, prose))
    columns |= dict(_of_words(page))
    columns |= dict(_of_stretches(page, prose, columns["told"]))
    return columns | dict(_of_both(columns)) | dict(_of_run(columns, own))


def _of_rules(
    page: AnalysedPage, own: Mapping[str, FeatureColumn], prose: FeatureColumn
) -> FeatureTable:
    rules, count = page.furniture.rules, len(page.lines)
    start = page.run.start if page.run else 0
    yield "prose", prose
    yield "known", flags(rules, count)
    yield "heads", flags([i for i, rule in rules.items() if rule.heads], count)
    closes = flags(page.furniture.closing, count)
    yield "closes", closes
    yield "closes-since-start", since(closes, start)
    # All kinds at once: a page has few lines, and each step over them costs the same.
    kinds = np.zeros((len(_RULES), count))
    for index, rule in rules.items():
        if rule.name in _RULES:
            kinds[_RULES.index(rule.name), index] = 1
    around = {
        "": kinds,
        ".before": window(kinds, -3, 0),
        ".after": window(kinds, 1, 4),
        ".above": np.minimum(3, window(kinds, -15, 0)),
        ".since-start": np.minimum(3, since(kinds, start)),
    }
    for where, table in around.items():
        for name, column in zip(_RULES, table, strict=True):
            yield f"rule.{name}{where}", column
    yield "comments-around", window(own["comment-words"], -10, 11)
    yield "prompts-around", window(own["prompt"], -3, 4)
    stems = [line.stems for line in page.lines]
    bylines = [stems[i] for i, rule in rules.items() if rule.name == "byline"]
    authors = frozenset[str]().union(*bylines)
    yield "bylined", np.array([float(len(authors & own)) for own in stems])


def _of_neighbours(columns: Mapping[str, FeatureColumn]) -> FeatureTable:
    for step in (-3, -2, -1, 1, 2, 3):
        for name in (*_NEIGHBOURS, "known"):
            yield f"{name}{step:+}", shifted(columns[name], step)
    for step in (-1, 1):
        for name in _TOUCHING:
            yield f"{name}{step:+}", shifted(columns[name], step)


def _of_place(page: AnalysedPage, prose: FeatureColumn) -> FeatureTable:
    lines, run = page.lines, page.run
    count = len(lines)
    place = np.arange(count, dtype=np.float64)
    copies: Counter[tuple[str, ...]] = Counter()
    before = []
    for line in lines:
        before.append(copies[line.words])
        copies[line.words] += 1
    yield "copies", np.log1p([copies[line.words] for line in lines])
    yield "copies-before", np.minimum(3.0, before)
    inside = flags(run, count)
    cut = flags([*page.furniture.rules, *page.repeats], count)
    yield "in-run", inside
    uncut = inside * (1 - cut)
    for step in range(-3, 4):
        yield f"in-run-uncut{step:+}", shifted(uncut, step)
    yield "above-run", (place < run.start).astype(np.float64)
    yield "below-run", (place >= run.stop).astype(np.float64)
    yield "from-start", signed_log(place - run.start)
    yield "from-stop", signed_log(place - run.stop)
    total = np.cumsum(prose)
    yield "prose-passed", (total - prose) / max(1.0, float(total[-1]))
    yield "place", place / count
    yield "count", np.full(count, np.log1p(count))
    for near, far in ((1, 6), (1, 13), (1, 31), (-5, 0), (-12, 0), (-30, 0)):
        yield f"prose{near:+}{far:+}", window(prose, near, far)
    heading = -1 if page.heading is None else page.heading
    yield "below-heading", (place > heading).astype(np.float64)


def _of_words(page: AnalysedPage) -> FeatureTable:
    """How far a line's words are the words of the run, the rare ones first."""
    words, count = [line.stems for line in page.lines], len(page.lines)
    # Every word of every line on end as its number, and the line that it stands in.
    number = {stem: n for n, stem in enumerate(frozenset[str]().union(*words))}
    stem = np.array([number[one] for own in words for one in own], dtype=np.intp)
    sizes = np.array([len(own) for own in words])
    line = np.repeat(np.arange(count), sizes)
    cut = page.furniture.rules.keys() | page.repeats
    in_body = flags([i for i in page.run if i not in cut], count)[line]
    said = np.bincount(stem, minlength=len(number))
    told = gathered(in_body, stem, len(number))
    rarity = np.log((count + 1) / said)[stem]
    inside = told[stem] - in_body
    kinship = rarity * inside / (inside + (said - told)[stem] + 0.5)
    gained = gathered(kinship, line, count)
    yield "told", gained / (gathered(rarity, line, count) + 3)
    yield "told-sum", gained
    yield "told-words", gathered((inside > 0).astype(np.float64), line, count)
    yield "stems", sizes.astype(np.float64)
    title = frozenset[str]() if page.heading is None else words[page.heading]
    yield "titled", np.array([len(own & title) for own in words]) / (sizes + 1)


def _of_stretches(
    page: AnalysedPage, prose: FeatureColumn, told: FeatureColumn
) -> FeatureTable:
    """A stretch is what stands between headings, closings and long gaps."""
    stretch = np.array(list(_stretches(page, prose)))
    count = int(stretch[-1]) + 1
    is_told = prose > 0
    words = gathered(prose, stretch, count)
    paragraphs = gathered(is_told.astype(np.float64), stretch, count)
    common = gathered(told * is_told, stretch, count)
    size = np.bincount(stretch, minlength=count)
    main = int(np.argmax(words))
    yield "stretch.words", np.log1p(words)[stretch]
    yield "stretch.share", (words / max(1.0, words.sum()))[stretch]
    yield "stretch.of-main", (words / max(1.0, float(words[main])))[stretch]
    yield "stretch.told", (common / np.maximum(1, paragraphs))[stretch]
    yield "stretch.paragraphs", (paragraphs / np.maximum(1, size))[stretch]
    yield "stretch.main", (stretch == main).astype(np.float64)
    yield "stretch.distance", np.clip(stretch - main, -5, 5).astype(np.float64)
    above, below = distances(is_told), distances(is_told[::-1])[::-1]
    yield "prose-above", np.log1p(above)
    yield "prose-below", np.log1p(below)
    yield "prose-apart", np.log1p(above + below)
    label = np.array([not is_prose(line) for line in page.lines])
    yield "label", label.astype(np.float64)
    yield "labels", np.log1p(runs(label))


def _stretches(page: AnalysedPage, prose: FeatureColumn) -> Iterator[int]:
    number = gap = 0
    for index, words in enumerate(prose):
        rule = page.furniture.rules.get(index)
        gap = 0 if words else gap + 1
        if (rule and (rule.closes or rule.heads)) or gap == _GAP:
            number += 1
        yield number


def _of_both(columns: Mapping[str, FeatureColumn]) -> FeatureTable:
    """What tells one thing of paragraphs and another of labels."""
    paragraph = columns["ends-prose"]
    kinds = [
        name
        for name in columns
        if name.startswith(("stretch.", "prose-", "label")) or name == "told"
    ]
    for name in kinds:
        yield f"{name}*paragraph", columns[name] * paragraph
        yield f"{name}*other", columns[name] * (1 - paragraph)


def _of_run(columns: Mapping[str, FeatureColumn], own: Iterable[str]) -> FeatureTable:
    for name in own:
        yield f"{name}*in-run", columns[name] * columns["in-run"]
