"""Cut the lines of a page that are not its article's: `clean`.

A pass finds boilerplate, the body, the headline and duplicates.  Passes are repeated
until one changes nothing, which is the second or the third: so cleaning a cleaned
article changes nothing, with any rules.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from service.article import Article
from service.cleaning.boilerplate import Boilerplate, find_boilerplate
from service.cleaning.classifier.feature_arrays import FeatureArray
from service.cleaning.classifier.features import AnalysedPage, compute_features
from service.cleaning.classifier.line_classifier import LineClassifier, load_classifier
from service.cleaning.cleaned import Cleaned, Cut
from service.cleaning.cleaning_pass import CleaningPass
from service.cleaning.duplicates import find_duplicates
from service.cleaning.line_patterns import find_author_lines, match_pattern
from service.cleaning.lines import Line
from service.cleaning.marked_up import clean_marked_up
from service.cleaning.markers import Markers
from service.cleaning.prose_run import find_prose_run
from service.cleaning.prose_score import MIN_PARAGRAPH_WORDS, is_prose
from service.cleaning.teasers import trim_teasers
from service.cleaning.title.find_title import find_title, may_be_title, strip_site_name
from service.errors import NothingToRead

MIN_CLASSIFIED_LINES = 60
"""Lines from which the classifier is applied to a page.

A shorter page has too few lines around each for that: there, the run of prose and the
lines between its paragraphs are the article, including subheads, lists and answers.
"""

MIN_PARAGRAPH_LIKELIHOOD = 0.45
"""Likelihood above which a paragraph inside the best run of prose is kept."""

MIN_LABEL_LIKELIHOOD = 0.55
"""The same for any other line inside the run."""

MIN_OUTSIDE_LIKELIHOOD = 0.75
"""The same for a line outside: there, most prose belongs to other stories."""

_MAX_NAMED_RULES = 3
"""Rules that the error names if nothing is left."""

_MAX_LABELS_PER_SENTENCE = 3
"""Most label lines per sentence line in text that counts as already clean.

Recipes and score lists reach it; menus have ten and more.
"""

_EXTRA_LABELS = 2
"""Label lines that clean text may have besides."""


def clean(article: Article, markers: Markers) -> Cleaned:
    """Keep the article's own paragraphs, in order, code point for code point.

    Every incoming paragraph is kept, is the title, or is in a cut.

    Raises:
        NothingToRead: no paragraph is left.
    """
    return clean_with(load_classifier(), article, markers)


def clean_with(
    classifier: LineClassifier, article: Article, markers: Markers
) -> Cleaned:
    """Do what `clean` does, with a given classifier.

    Raises:
        NothingToRead: no paragraph is left.
    """
    paragraphs = article.paragraphs
    rules = {omitted.line: omitted.rule for omitted in article.omitted}
    lines = tuple(
        Line(place, paragraph.text)
        for place, paragraph in enumerate(paragraphs)
        if place not in rules
    )
    headline: Line | None = None
    because: dict[int, tuple[str, ...]] = {}
    title = article.title
    while True:
        if article.extraction is not None:
            result = clean_marked_up(lines, markers, article.language, title)
        else:
            result = _clean_once(classifier, lines, markers, article.language, title)
        rules |= result.rules
        because |= result.because
        headline = headline or result.headline
        title = title or (strip_site_name(headline.text, lines) if headline else None)
        if result.kept == lines:
            break
        lines = result.kept
    cuts = tuple(
        Cut(rules[place], paragraph.text, place, because.get(place, ()))
        for place, paragraph in enumerate(paragraphs)
        if place in rules
    )
    if not lines:
        raise NothingToRead(_explain_empty(cuts))
    kept = tuple(paragraphs[line.place] for line in lines)
    cleaned = replace(article, title=title, paragraphs=kept, omitted=())
    if article.extraction is None:
        return Cleaned(cleaned, cuts)
    return Cleaned(
        cleaned, cuts, article.extraction.confidence, article.extraction.doubts
    )


def _clean_once(
    classifier: LineClassifier,
    lines: tuple[Line, ...],
    markers: Markers,
    language: str,
    title: str | None,
) -> CleaningPass:
    boilerplate = find_boilerplate(lines, markers, language, title)
    if _is_clean(lines, boilerplate):
        return _clean_prose(lines, boilerplate, has_title=bool(title))
    return _clean_page(classifier, analyse_page(lines, boilerplate, title))


def analyse_page(
    lines: Sequence[Line], boilerplate: Boilerplate, title: str | None
) -> AnalysedPage:
    """Find the best run of prose among lines, its headline and its duplicates."""
    run = find_prose_run(lines, set(boilerplate.rules), boilerplate.closing) or range(0)
    run = trim_teasers(lines, run, boilerplate.rules)
    known = {lines[i].place: rule for i, rule in boilerplate.rules.items()}
    body = [line for line in lines[run.start : run.stop] if line.place not in known]
    above = lines[: run.start]
    headline = None if title or not run else find_title(above, body, known)
    duplicates = find_duplicates(body)
    return AnalysedPage(
        lines,
        boilerplate,
        run,
        frozenset(i for i in run if lines[i].place in duplicates),
        None if headline is None else lines.index(headline),
    )


def _is_clean(lines: Sequence[Line], boilerplate: Boilerplate) -> bool:
    """Whether it is prose as a publishing system sends it, not a copied page."""
    sentences = sum(is_prose(line) for line in lines)
    labels = len(lines) - sentences
    return (
        not boilerplate.is_from_page
        and labels <= _MAX_LABELS_PER_SENTENCE * sentences + _EXTRA_LABELS
        and not find_duplicates(lines)
    )


def _clean_prose(
    lines: tuple[Line, ...], boilerplate: Boilerplate, *, has_title: bool
) -> CleaningPass:
    rules = {lines[i].place: rule.name for i, rule in boilerplate.rules.items()}
    kept = tuple(line for line in lines if line.place not in rules)
    if has_title or len(kept) < 2 or not may_be_title(kept[0]):  # noqa: PLR2004 - a title and a body
        return CleaningPass(kept, rules)
    return CleaningPass(kept[1:], rules, headline=kept[0])


def _clean_page(classifier: LineClassifier, page: AnalysedPage) -> CleaningPass:
    lines, boilerplate = page.lines, page.boilerplate
    known = {lines[i].place: rule.name for i, rule in boilerplate.rules.items()}
    if not page.run:
        return CleaningPass((), {line.place: "no-prose" for line in lines} | known)
    headline = None if page.headline is None else lines[page.headline]
    because: dict[int, tuple[str, ...]] = {}
    if len(lines) < MIN_CLASSIFIED_LINES:
        rules = _cut_outside(lines, _widen_run(page, headline)) | known
    else:
        unlikely, because = _cut_unlikely(classifier, page, known)
        rules = known | unlikely
    # Last, because patterns are costly and most of the page is cut by now.
    rules |= _match_patterns(line for line in lines if line.place not in rules)
    if headline:
        rules |= _cut_around_headline(lines, headline, known)
        rules.pop(headline.place, None)
    kept = [line for line in lines if line.place not in rules and line != headline]
    authors = find_author_lines(kept)
    rules |= {place: rule.name for place, rule in authors.items()}
    kept = [line for line in kept if line.place not in authors]
    rules |= find_duplicates(kept)
    left = tuple(line for line in kept if line.place not in rules)
    return CleaningPass(left, rules, because, headline)


def _widen_run(page: AnalysedPage, headline: Line | None) -> range:
    """Extend the run by the sentences next to it, above it up to the headline."""
    lines, known = page.lines, page.boilerplate.rules
    start, stop = page.run.start, page.run.stop
    for index in range(page.run.start - 1, -1, -1):
        line = lines[index]
        if headline is not None and line.words == headline.words:
            break
        if index in known:
            continue
        if not is_prose(line):
            break
        start = index
    while stop < len(lines) and stop not in known and is_prose(lines[stop]):
        stop += 1
    return range(start, stop)


def _cut_outside(lines: Sequence[Line], run: range) -> dict[int, str]:
    before = {line.place: "before-body" for line in lines[: run.start]}
    after = {line.place: "after-body" for line in lines[run.stop :]}
    return before | after


def _match_patterns(lines: Iterable[Line]) -> dict[int, str]:
    return {line.place: rule.name for line in lines if (rule := match_pattern(line))}


def _cut_unlikely(
    classifier: LineClassifier, page: AnalysedPage, known: Mapping[int, str]
) -> tuple[dict[int, str], dict[int, tuple[str, ...]]]:
    """Return the rule, and the reasons, by place of each line classified unlikely.

    The rule says on which side of the body the line is.
    """
    unknown = [i for i, line in enumerate(page.lines) if line.place not in known]
    likely = np.zeros(len(page.lines), dtype=np.bool_)
    thresholds = _likelihood_thresholds(page)[unknown]
    matrix = classifier.feature_matrix(compute_features(page), unknown)
    likely[unknown] = classifier.likelihood(matrix) > thresholds
    body = [i for i, line in enumerate(page.lines) if likely[i]]
    first, last = (body[0], body[-1]) if body else (len(page.lines), 0)
    rules: dict[int, str] = {}
    for index, line in enumerate(page.lines):
        if likely[index] or line.place in known:
            continue
        if _is_separator(line) and likely[index - 1 : index + 2].sum() > 1:
            continue
        side = "before-body" if index < first else "after-body"
        rules[line.place] = "aside" if first < index < last else side
    cut = [row for row, i in enumerate(unknown) if page.lines[i].place in rules]
    reasons = zip(cut, classifier.reasons(matrix[cut]), strict=True)
    return rules, {page.lines[unknown[row]].place: names for row, names in reasons}


def _likelihood_thresholds(page: AnalysedPage) -> FeatureArray:
    """Return the likelihood above which each line is kept, shape (lines,)."""
    thresholds = np.full(len(page.lines), MIN_OUTSIDE_LIKELIHOOD)
    for index in page.run:
        line = page.lines[index]
        is_paragraph = line.ends_sentence and line.size >= MIN_PARAGRAPH_WORDS
        thresholds[index] = (
            MIN_PARAGRAPH_LIKELIHOOD if is_paragraph else MIN_LABEL_LIKELIHOOD
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


def _explain_empty(cuts: Sequence[Cut]) -> str:
    if not cuts:
        return "There is no text to read; send the text of an article."
    rules = Counter(cut.rule for cut in cuts).most_common(_MAX_NAMED_RULES)
    names = ", ".join(rule for rule, _ in rules)
    what = (
        f"All {len(cuts)} lines were cut, most of them as {names}"
        if len(cuts) > 1
        else f"The only line was cut as {names}"
    )
    return f"{what}; send the article's own text."
