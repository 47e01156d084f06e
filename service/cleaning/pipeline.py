"""From the lines of a page to the article on it.

A pass finds furniture, the body, the headline and repeats.  Passes follow until one
changes nothing, which is the second or the third: so cleaning a cleaned article
changes nothing, whatever rules are added.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from service.article import Article
from service.cleaning.boilerplate import Boilerplate, find_boilerplate
from service.cleaning.classifier.features import AnalysedPage, compute_features
from service.cleaning.classifier.line_classifier import LineClassifier, load_classifier
from service.cleaning.cleaned import Cleaned, Cut
from service.cleaning.duplicates import find_duplicates
from service.cleaning.line_patterns import authors_among, match_pattern
from service.cleaning.lines import Line
from service.cleaning.markers import Markers
from service.cleaning.prose_run import find_prose_run
from service.cleaning.prose_score import SENTENCE, is_prose
from service.cleaning.teasers import trim_teasers
from service.cleaning.title.find_title import find_title, is_heading, without_site
from service.errors import NothingToRead

JUDGED = 60
"""Lines from which a page is judged by what was learned.

A shorter one has too few lines around each for that: there, the run of prose and what
stands between its paragraphs is the article, subheads, lists and answers included.
"""

PARAGRAPH = 0.45
"""Likelihood from which a paragraph inside the best run of prose is kept."""

LABEL = 0.55
"""The same for any other line inside the run."""

OUTSIDE = 0.75
"""The same for a line outside: there, most prose is of other stories."""

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

    because: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    """Reasons by place, for those of them that were judged."""

    heading: Line | None = None
    """The line taken for the headline, if nobody gave one."""


def clean(article: Article, markers: Markers) -> Cleaned:
    """Keep the article's own paragraphs, in order, code point for code point.

    Every incoming paragraph is kept, is the title, or stands in a cut.

    Raises:
        NothingToRead: no paragraph is left.
    """
    return clean_by(load_classifier(), article, markers)


def clean_by(judge: LineClassifier, article: Article, markers: Markers) -> Cleaned:
    """Do what `clean` does, by a judge of one's own.

    Raises:
        NothingToRead: no paragraph is left.
    """
    rules = {omitted.line: omitted.rule for omitted in article.omitted}
    lines = tuple(
        Line(place, text)
        for place, text in enumerate(article.paragraphs)
        if place not in rules
    )
    heading: Line | None = None
    because: dict[int, tuple[str, ...]] = {}
    title = article.title
    while True:
        done = _clean_once(judge, lines, markers, article.language, title)
        rules |= done.rules
        because |= done.because
        heading = heading or done.heading
        title = title or (without_site(heading.text, lines) if heading else None)
        if done.kept == lines:
            break
        lines = done.kept
    cuts = tuple(
        Cut(rules[place], text, place, because.get(place, ()))
        for place, text in enumerate(article.paragraphs)
        if place in rules
    )
    if not lines:
        raise NothingToRead(_why_nothing(cuts))
    kept = tuple(line.text for line in lines)
    return Cleaned(replace(article, title=title, paragraphs=kept, omitted=()), cuts)


def _clean_once(
    judge: LineClassifier,
    lines: tuple[Line, ...],
    markers: Markers,
    language: str,
    title: str | None,
) -> _Pass:
    furniture = find_boilerplate(lines, markers, language, title)
    if _is_clean(lines, furniture):
        return _from_clean(lines, furniture, titled=bool(title))
    return _from_page(judge, analyse_page(lines, furniture, title))


def analyse_page(
    lines: Sequence[Line], furniture: Boilerplate, title: str | None
) -> AnalysedPage:
    """Find the best run of prose among lines, its headline and its repeats."""
    run = find_prose_run(lines, set(furniture.rules), furniture.closing) or range(0)
    run = trim_teasers(lines, run, furniture.rules)
    known = {lines[i].place: rule for i, rule in furniture.rules.items()}
    body = [line for line in lines[run.start : run.stop] if line.place not in known]
    above = lines[: run.start]
    heading = None if title or not run else find_title(above, body, known)
    repeats = find_duplicates(body)
    return AnalysedPage(
        lines,
        furniture,
        run,
        frozenset(i for i in run if lines[i].place in repeats),
        None if heading is None else lines.index(heading),
    )


def _is_clean(lines: Sequence[Line], furniture: Boilerplate) -> bool:
    """Whether it is prose as a publishing system sends it, not a copied page."""
    sentences = sum(is_prose(line) for line in lines)
    labels = len(lines) - sentences
    return (
        not furniture.telling
        and labels <= _LABELS_PER_SENTENCE * sentences + _LABELS
        and not find_duplicates(lines)
    )


def _from_clean(
    lines: tuple[Line, ...], furniture: Boilerplate, *, titled: bool
) -> _Pass:
    rules = {lines[i].place: rule.name for i, rule in furniture.rules.items()}
    kept = tuple(line for line in lines if line.place not in rules)
    if titled or len(kept) < 2 or not is_heading(kept[0]):  # noqa: PLR2004 - a heading and a body
        return _Pass(kept, rules)
    return _Pass(kept[1:], rules, heading=kept[0])


def _from_page(judge: LineClassifier, page: AnalysedPage) -> _Pass:
    lines, furniture = page.lines, page.furniture
    known = {lines[i].place: rule.name for i, rule in furniture.rules.items()}
    if not page.run:
        return _Pass((), {line.place: "no-prose" for line in lines} | known)
    heading = None if page.heading is None else lines[page.heading]
    because: dict[int, tuple[str, ...]] = {}
    if len(lines) < JUDGED:
        rules = _outside(lines, _widened(page, heading)) | known
    else:
        judged, because = _by_judge(judge, page, known)
        rules = known | judged
    # Last, for a shape is dear to look for and most of the page is cut by now.
    rules |= _by_shape(line for line in lines if line.place not in rules)
    if heading:
        rules |= _around_heading(lines, heading, known)
        rules.pop(heading.place, None)
    kept = [line for line in lines if line.place not in rules and line != heading]
    authors = authors_among(kept)
    rules |= {place: rule.name for place, rule in authors.items()}
    kept = [line for line in kept if line.place not in authors]
    rules |= find_duplicates(kept)
    left = tuple(line for line in kept if line.place not in rules)
    return _Pass(left, rules, because, heading)


def _widened(page: AnalysedPage, heading: Line | None) -> range:
    """Take in the sentences beside the run, above it up to the headline."""
    lines, furniture = page.lines, page.furniture.rules
    start, stop = page.run.start, page.run.stop
    for index in range(page.run.start - 1, -1, -1):
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
    after = {line.place: "after-body" for line in lines[run.stop :]}
    return before | after


def _by_shape(lines: Iterable[Line]) -> dict[int, str]:
    return {line.place: rule.name for line in lines if (rule := match_pattern(line))}


def _by_judge(
    judge: LineClassifier, page: AnalysedPage, known: Mapping[int, str]
) -> tuple[dict[int, str], dict[int, tuple[str, ...]]]:
    """Cut what the judge finds unlikely, by the side of the body it stands on."""
    unknown = [i for i, line in enumerate(page.lines) if line.place not in known]
    likely = np.zeros(len(page.lines), dtype=np.bool_)
    enough = _enough(page)[unknown]
    table = judge.evidence(compute_features(page), unknown)
    likely[unknown] = judge.likelihood(table) > enough
    body = [i for i, line in enumerate(page.lines) if likely[i]]
    first, last = (body[0], body[-1]) if body else (len(page.lines), 0)
    rules: dict[int, str] = {}
    for index, line in enumerate(page.lines):
        if likely[index] or line.place in known:
            continue
        if _separates(line) and likely[index - 1 : index + 2].sum() > 1:
            continue
        side = "before-body" if index < first else "after-body"
        rules[line.place] = "aside" if first < index < last else side
    cut = [row for row, i in enumerate(unknown) if page.lines[i].place in rules]
    reasons = zip(cut, judge.reasons(table[cut]), strict=True)
    return rules, {page.lines[unknown[row]].place: why for row, why in reasons}


def _enough(page: AnalysedPage) -> NDArray[np.float64]:
    """How likely each line must be to be kept: a paragraph in the run the least."""
    enough = np.full(len(page.lines), OUTSIDE)
    for index in page.run:
        line = page.lines[index]
        paragraph = line.ends and line.size >= SENTENCE
        enough[index] = PARAGRAPH if paragraph else LABEL
    return enough


def _separates(line: Line) -> bool:
    """Whether it is a rule drawn between two parts of an article, such as "___"."""
    return not any(character.isalnum() for character in line.text)


def _around_heading(
    lines: Sequence[Line], heading: Line, known: Mapping[int, str]
) -> dict[int, str]:
    """Cut the headline's other copies, and whatever stands above it."""
    rules = {
        line.place: "title-repeated" for line in lines if line.words == heading.words
    }
    for line in lines[: lines.index(heading)]:
        rules.setdefault(line.place, known.get(line.place, "before-body"))
    return rules


def _why_nothing(cuts: Sequence[Cut]) -> str:
    if not cuts:
        return "There is nothing to read: give the text of an article."
    rules = Counter(cut.rule for cut in cuts).most_common(_COMMONEST)
    named = ", ".join(rule for rule, _ in rules)
    return (
        f"Nothing is left to read of {len(cuts)} lines, which were cut as {named}: "
        "give the article's own text."
    )
