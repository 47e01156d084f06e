"""From the lines of a page to the article on it.

A pass finds furniture, the body, the headline and repeats.  Passes follow until one
changes nothing, which is the second or the third: so cleaning a cleaned article
changes nothing, whatever rules are added.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from service.article import Article
from service.cleaning.body import find_body
from service.cleaning.cleaned import Cleaned, Cut
from service.cleaning.furniture import Furniture, find_furniture
from service.cleaning.lines import Line
from service.cleaning.markers import Markers
from service.cleaning.prose import is_prose
from service.cleaning.repeats import find_repeats
from service.cleaning.title import find_title, is_heading
from service.errors import NothingToRead

_COMMONEST = 3
"""Rules that are named when nothing is left."""

_LABELS_PER_SENTENCE = 3
"""Lines that end as no sentence, for each that does, up to which prose may be clean.

Recipes and score lists reach it; menus have ten and more.
"""

_LABELS = 2
"""Such lines that clean prose may have besides."""


@dataclass(frozen=True, slots=True)
class _Pass:
    """What one pass made of some lines."""

    kept: tuple[Line, ...]
    rules: Mapping[int, str]
    """Rule by place, for the lines that are not kept."""

    heading: Line | None = None
    """The line taken for the headline, if nobody gave one."""


def clean(article: Article, markers: Markers) -> Cleaned:
    """Keep the article's own paragraphs, in order, code point for code point.

    Every incoming paragraph is kept, is the title, or stands in a cut.

    Raises:
        NothingToRead: no paragraph is left.
    """
    lines = tuple(Line(place, text) for place, text in enumerate(article.paragraphs))
    rules: dict[int, str] = {}
    heading: Line | None = None
    title = article.title
    while True:
        done = _clean_once(lines, markers, article.language, title)
        rules |= done.rules
        heading = heading or done.heading
        title = title or (heading.text if heading else None)
        if done.kept == lines:
            break
        lines = done.kept
    cuts = tuple(
        Cut(rules[place], text, place)
        for place, text in enumerate(article.paragraphs)
        if place in rules
    )
    if not lines:
        raise NothingToRead(_why_nothing(cuts))
    kept = tuple(line.text for line in lines)
    return Cleaned(replace(article, title=title, paragraphs=kept), cuts)


def _clean_once(
    lines: tuple[Line, ...], markers: Markers, language: str, title: str | None
) -> _Pass:
    furniture = find_furniture(lines, markers, language, title)
    if _is_clean(lines, furniture):
        return _from_clean(lines, furniture, titled=bool(title))
    return _from_page(lines, furniture, title)


def _is_clean(lines: Sequence[Line], furniture: Furniture) -> bool:
    """Whether it is prose as a publishing system sends it, not a copied page."""
    sentences = sum(is_prose(line) for line in lines)
    labels = len(lines) - sentences
    return (
        not furniture.telling
        and labels <= _LABELS_PER_SENTENCE * sentences + _LABELS
        and not find_repeats(lines)
    )


def _from_clean(
    lines: tuple[Line, ...], furniture: Furniture, *, titled: bool
) -> _Pass:
    rules = {lines[i].place: rule.name for i, rule in furniture.rules.items()}
    kept = tuple(line for line in lines if line.place not in rules)
    if titled or len(kept) < 2 or not is_heading(kept[0]):  # noqa: PLR2004 - a heading and a body
        return _Pass(kept, rules)
    return _Pass(kept[1:], rules, kept[0])


def _from_page(
    lines: tuple[Line, ...], furniture: Furniture, title: str | None
) -> _Pass:
    known = {lines[i].place: rule.name for i, rule in furniture.rules.items()}
    run = find_body(lines, set(furniture.rules), furniture.closing)
    if run is None:
        return _Pass((), {line.place: "no-prose" for line in lines} | known)
    heading = None
    if not title:
        body = [line for line in lines[run.start : run.stop] if line.place not in known]
        ruled = {lines[i].place: rule for i, rule in furniture.rules.items()}
        heading = find_title(lines[: run.start], body, ruled)
    wide = _widened(lines, run, set(furniture.rules), heading)
    rules = _outside(lines, wide) | known
    if heading:
        rules |= {
            line.place: "title-repeated"
            for line in lines
            if line.words == heading.words
        }
        rules.pop(heading.place, None)
    kept = [line for line in lines if line.place not in rules and line != heading]
    rules |= find_repeats(kept)
    return _Pass(
        tuple(line for line in kept if line.place not in rules), rules, heading
    )


def _widened(
    lines: Sequence[Line], run: range, furniture: set[int], heading: Line | None
) -> range:
    """Take in the sentences beside the run, above it up to the headline."""
    start, stop = run.start, run.stop
    for index in range(run.start - 1, -1, -1):
        line = lines[index]
        if heading is not None and line.words == heading.words:
            break
        if index in furniture:
            continue
        if not is_prose(line):
            break
        start = index
    while stop < len(lines) and stop not in furniture and is_prose(lines[stop]):
        stop += 1
    return range(start, stop)


def _outside(lines: Sequence[Line], run: range) -> dict[int, str]:
    before = {line.place: "before-body" for line in lines[: run.start]}
    return before | {line.place: "after-body" for line in lines[run.stop :]}


def _why_nothing(cuts: Sequence[Cut]) -> str:
    if not cuts:
        return "There is nothing to read: give the text of an article."
    rules = Counter(cut.rule for cut in cuts).most_common(_COMMONEST)
    named = ", ".join(rule for rule, _ in rules)
    return (
        f"Nothing is left to read of {len(cuts)} lines, which were cut as {named}: "
        "give the article's own text."
    )
