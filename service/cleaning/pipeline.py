"""Cut the lines of a page that are not its article's: `clean`.

A pass finds boilerplate, the body, the headline and duplicates.  Passes are repeated
until one changes nothing, which is the second or the third: so cleaning a cleaned
article changes nothing, with any rules.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from service.article import Article, ContentSource
from service.cleaning.boilerplate import find_boilerplate
from service.cleaning.classifier.line_classifier import LineClassifier, load_classifier
from service.cleaning.cleaned import Cleaned, Cut
from service.cleaning.cleaning_pass import CleaningPass
from service.cleaning.lines import Line
from service.cleaning.marked_up import clean_marked_up
from service.cleaning.markers import Markers
from service.cleaning.text.article_alone import (
    clean_article_alone,
    clean_stated_article,
)
from service.cleaning.text.copied_page import clean_copied_page
from service.cleaning.text.prose_run import find_prose_run
from service.cleaning.text.surroundings import Surroundings, detect_surroundings
from service.cleaning.text.traces import clean_traces
from service.cleaning.title.find_title import strip_site_name
from service.errors import NothingToRead

_MAX_NAMED_RULES = 3
"""Rules that the error names if nothing is left."""


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
    confidence, doubts = 1.0, tuple[str, ...]()
    if article.extraction is not None:
        confidence = article.extraction.confidence
        doubts = article.extraction.doubts
    while True:
        if article.extraction is not None:
            result = clean_marked_up(lines, markers, article.language, title)
        else:
            result = _clean_text(classifier, lines, markers, article, title)
        rules |= result.rules
        because |= result.because
        headline = headline or result.headline
        if result.confidence < confidence:
            confidence, doubts = result.confidence, result.doubts
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
    return Cleaned(cleaned, cuts, confidence, doubts)


def _clean_text(
    classifier: LineClassifier,
    lines: tuple[Line, ...],
    markers: Markers,
    article: Article,
    title: str | None,
) -> CleaningPass:
    boilerplate = find_boilerplate(lines, markers, article.language, title)
    has_title = bool(title)
    if article.source is ContentSource.ARTICLE:
        return clean_stated_article(lines, boilerplate, has_title=has_title)
    around = detect_surroundings(lines, boilerplate)
    if around is Surroundings.SITE or article.source is ContentSource.PAGE:
        return clean_copied_page(
            classifier, lines, boilerplate, article.language, title
        )
    # Lines that markup left out were a part of the page.
    if around is Surroundings.TRACES or article.omitted:
        return clean_traces(lines, boilerplate, has_title=has_title)
    return clean_article_alone(lines, boilerplate, has_title=has_title)


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
    lines = [Line(cut.line, cut.text) for cut in cuts]
    run = find_prose_run(lines, set(), set())
    if run is not None:
        words = sum(lines[index].size for index in run)
        what += f"; the longest text among them has {words} words in {len(run)} lines"
    return f"{what}; send the article's own text."
