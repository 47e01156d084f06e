"""What speaks for and against each line of a page: named columns of numbers.

Beside its own measures a line is known by its neighbours, by the furniture near it, by
where it stands to the best run of prose, and by how far its words are those of that
run: a teaser of another story is good prose in other words.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from service.cleaning.furniture import Furniture
from service.cleaning.lines import Line
from service.cleaning.measures import MEASURES
from service.cleaning.prose import is_prose, prose_value

Column = NDArray[np.float64]
Columns = Iterator[tuple[str, Column]]

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

_FAR = 20
"""Lines beyond which prose is simply far."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page as far as it is understood when its lines are weighed."""

    lines: Sequence[Line]
    furniture: Furniture

    run: range
    """The best run of prose; empty when there is none."""

    repeats: frozenset[int]
    """Indices of lines that say again what stands before them."""

    heading: int | None
    """Index of the line taken for the headline."""


def weigh(page: Page) -> dict[str, Column]:
    """Return every column by its name; one number a line, in the order of the lines."""
    lines = page.lines
    own = {
        name: np.array([measure(line) for line in lines], dtype=np.float64)
        for name, measure in MEASURES.items()
    }
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
    return columns | dict(_of_both(columns))


def _of_rules(page: Page, own: Mapping[str, Column], prose: Column) -> Columns:
    rules, count = page.furniture.rules, len(page.lines)
    start = page.run.start if page.run else 0
    yield "prose", prose
    yield "known", _flags(rules, count)
    yield "heads", _flags([i for i, rule in rules.items() if rule.heads], count)
    closes = _flags(page.furniture.closing, count)
    yield "closes", closes
    yield "closes-since-start", _since(closes, start)
    # All kinds at once: a page has few lines, and each step over them costs the same.
    kinds = np.zeros((count, len(_RULES)))
    for index, rule in rules.items():
        if rule.name in _RULES:
            kinds[index, _RULES.index(rule.name)] = 1
    around = {
        "": kinds,
        ".before": _window(kinds, -3, 0),
        ".after": _window(kinds, 1, 4),
        ".above": np.minimum(3, _window(kinds, -15, 0)),
        ".since-start": np.minimum(3, _since(kinds, start)),
    }
    for where, table in around.items():
        for name, column in zip(_RULES, table.T, strict=True):
            yield f"rule.{name}{where}", column
    yield "comments-around", _window(own["comment-words"], -10, 11)
    yield "prompts-around", _window(own["prompt"], -3, 4)
    bylined = {
        word
        for i, rule in rules.items()
        if rule.name == "byline"
        for word in page.lines[i].stems
    }
    yield (
        "bylined",
        np.array([float(len(bylined & line.stems)) for line in page.lines]),
    )


def _of_neighbours(columns: Mapping[str, Column]) -> Columns:
    for step in (-3, -2, -1, 1, 2, 3):
        for name in (*_NEIGHBOURS, "known"):
            yield f"{name}{step:+}", _shifted(columns[name], step)
    for step in (-1, 1):
        for name in _TOUCHING:
            yield f"{name}{step:+}", _shifted(columns[name], step)


def _of_place(page: Page, prose: Column) -> Columns:
    lines, run = page.lines, page.run
    count = len(lines)
    place = np.arange(count, dtype=np.float64)
    copies = Counter(line.words for line in lines)
    seen: Counter[tuple[str, ...]] = Counter()
    before = np.zeros(count)
    for index, line in enumerate(lines):
        before[index] = seen[line.words]
        seen[line.words] += 1
    yield "copies", np.log1p([copies[line.words] for line in lines])
    yield "copies-before", np.minimum(3, before)
    inside = _flags(run, count)
    cut = _flags([*page.furniture.rules, *page.repeats], count)
    yield "in-run", inside
    for step in range(-3, 4):
        yield f"in-run-uncut{step:+}", _shifted(inside * (1 - cut), step)
    yield "above-run", (place < run.start).astype(np.float64)
    yield "below-run", (place >= run.stop).astype(np.float64)
    yield "from-start", _signed_log(place - run.start)
    yield "from-stop", _signed_log(place - run.stop)
    total = np.cumsum(prose)
    yield "prose-passed", (total - prose) / max(1.0, float(total[-1]))
    yield "place", place / count
    yield "count", np.full(count, np.log1p(count))
    for near, far in ((1, 6), (1, 13), (1, 31), (-5, 0), (-12, 0), (-30, 0)):
        yield f"prose{near:+}{far:+}", _window(prose, near, far)
    heading = -1 if page.heading is None else page.heading
    yield "below-heading", (place > heading).astype(np.float64)


def _of_words(page: Page) -> Columns:
    """How far a line's words are the words of the run, the rare ones first."""
    known, count = page.furniture.rules, len(page.lines)
    words = [line.stems for line in page.lines]
    body = {i for i in page.run if i not in known and i not in page.repeats}
    told = Counter(stem for i in body for stem in words[i])
    said = Counter(stem for own in words for stem in own)
    title = frozenset[str]() if page.heading is None else words[page.heading]
    share, shared, sum_told = np.zeros(count), np.zeros(count), np.zeros(count)
    for index, own in enumerate(words):
        weight = gained = 0.0
        for stem in own:
            rarity = log((count + 1) / said[stem])
            inside = told[stem] - (index in body)
            weight += rarity
            gained += rarity * inside / (inside + said[stem] - told[stem] + 0.5)
            shared[index] += inside > 0
        share[index], sum_told[index] = gained / (weight + 3), gained
    yield "told", share
    yield "told-sum", sum_told
    yield "told-words", shared
    yield "stems", np.array([float(len(own)) for own in words])
    yield "titled", np.array([len(own & title) / (len(own) + 1) for own in words])


def _of_stretches(page: Page, prose: Column, told: Column) -> Columns:
    """A stretch is what stands between headings, closings and long gaps."""
    stretch = np.array(list(_stretches(page, prose)))
    count = int(stretch[-1]) + 1
    is_told = prose > 0
    words = np.bincount(stretch, prose, count)
    paragraphs = np.bincount(stretch, is_told, count)
    common = np.bincount(stretch, told * is_told, count)
    size = np.bincount(stretch, minlength=count)
    main = int(np.argmax(words))
    yield "stretch.words", np.log1p(words)[stretch]
    yield "stretch.share", (words / max(1.0, words.sum()))[stretch]
    yield "stretch.of-main", (words / max(1.0, float(words[main])))[stretch]
    yield "stretch.told", (common / np.maximum(1, paragraphs))[stretch]
    yield "stretch.paragraphs", (paragraphs / np.maximum(1, size))[stretch]
    yield "stretch.main", (stretch == main).astype(np.float64)
    yield "stretch.distance", np.clip(stretch - main, -5, 5).astype(np.float64)
    above, below = _distance(is_told), _distance(is_told[::-1])[::-1]
    yield "prose-above", np.log1p(above)
    yield "prose-below", np.log1p(below)
    yield "prose-apart", np.log1p(above + below)
    label = np.array([not is_prose(line) for line in page.lines])
    yield "label", label.astype(np.float64)
    yield "labels", np.log1p(_runs(label))


def _stretches(page: Page, prose: Column) -> Iterator[int]:
    number = gap = 0
    for index, words in enumerate(prose):
        rule = page.furniture.rules.get(index)
        gap = 0 if words else gap + 1
        if (rule and (rule.closes or rule.heads)) or gap == _GAP:
            number += 1
        yield number


def _of_both(columns: Mapping[str, Column]) -> Columns:
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
    for name in MEASURES:
        yield f"{name}*in-run", columns[name] * columns["in-run"]


def _flags(
    indices: Sequence[int] | Mapping[int, object] | set[int] | range, count: int
) -> Column:
    column = np.zeros(count)
    column[list(indices)] = 1
    return column


def _shifted(column: Column, step: int) -> Column:
    """The value `step` lines further on; 0 beyond the page."""
    moved = np.zeros_like(column)
    if step > 0:
        moved[:-step] = column[step:]
    elif step < 0:
        moved[-step:] = column[:step]
    else:
        moved[:] = column
    return moved


def _window(column: Column, near: int, far: int) -> Column:
    """The sum from `near` lines on to before `far` lines on."""
    sums = _sums(column)
    place = np.arange(len(column))
    low = np.clip(place + near, 0, len(column))
    window: Column = sums[np.clip(place + far, 0, len(column))] - sums[low]
    return window


def _since(column: Column, start: int) -> Column:
    """The sum from the line `start` to before this line; -1 above `start`."""
    sums = _sums(column)
    since: Column = sums[:-1] - sums[start]
    since[:start] = -1
    return since


def _sums(column: Column) -> Column:
    sums = np.zeros((len(column) + 1, *column.shape[1:]))
    np.cumsum(column, axis=0, out=sums[1:])
    return sums


def _distance(there: NDArray[np.bool_]) -> Column:
    """Lines since the last that is there, at most `_FAR`."""
    column = np.zeros(len(there))
    since = _FAR
    for index, one in enumerate(there):
        column[index] = min(since, _FAR)
        since = 0 if one else since + 1
    return column


def _runs(there: NDArray[np.bool_]) -> Column:
    """For each line that is there, how many on end are."""
    column = np.zeros(len(there))
    start = 0
    for index in range(len(there) + 1):
        if index == len(there) or not there[index]:
            column[start:index] = index - start
            start = index + 1
    return column


def _signed_log(column: Column) -> Column:
    signed: Column = np.sign(column) * np.log1p(np.abs(column))
    return signed
