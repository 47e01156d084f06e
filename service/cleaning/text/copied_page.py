"""Clean a copied page: `clean_copied_page`.

A page has a menu, boxes, other stories and a footer around its article.

    analyse_page ──► classifier ──► choose_article_lines ──► patterns, edges, duplicates

The best run of prose shows where the article is; the classifier weighs every line by
what is in it and around it.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from service.cleaning.boilerplate import Boilerplate
from service.cleaning.classifier.feature_arrays import FeatureArray, LineFlags
from service.cleaning.classifier.features import AnalysedPage, compute_features
from service.cleaning.classifier.line_classifier import LineClassifier
from service.cleaning.classifier.tree_ensemble import FeatureMatrix
from service.cleaning.cleaning_pass import CleaningPass
from service.cleaning.duplicates import find_duplicates, find_repeated_labels
from service.cleaning.line_patterns import find_author_lines, match_patterns
from service.cleaning.lines import Line
from service.cleaning.markers import primary_tag
from service.cleaning.text.doubts import Assessment, assess_choice
from service.cleaning.text.edges import find_tail_labels, find_tail_lines
from service.cleaning.text.embedded_posts import find_posts
from service.cleaning.text.line_choice import choose_article_lines
from service.cleaning.text.page_analysis import analyse_page

TRAINED_LANGUAGE = "en"
"""Language of the pages that the classifier is trained on: its features count words of
English."""

_RUN_LIKELIHOODS = (0.9, 0.1)
"""Likelihood of lines inside the best run of prose and outside, in other languages."""


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
    known = find_posts(lines) | find_repeated_labels(lines) | known
    if not page.run:
        return CleaningPass((), {line.place: "no-prose" for line in lines} | known)
    headline = None if page.headline is None else lines[page.headline]
    unknown = [i for i, line in enumerate(lines) if line.place not in known]
    matrix = classifier.feature_matrix(compute_features(page), unknown)
    likelihood = _estimate_likelihood(classifier, page, unknown, matrix, language)
    chosen = choose_article_lines(page, unknown, likelihood)
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
    duplicates = _add_last_cuts(lines, headline, rules)
    left = tuple(line for line in lines if line.place not in rules and line != headline)
    assessment = _assess(
        lines,
        # What is only said twice makes the choice neither better nor worse.
        {
            index: value
            for index, value in zip(unknown, likelihood, strict=True)
            if lines[index].place not in duplicates
        },
        left,
        has_headline=headline is not None or title is not None,
    )
    return CleaningPass(left, rules, because, headline, *assessment)


def _estimate_likelihood(
    classifier: LineClassifier,
    page: AnalysedPage,
    unknown: Sequence[int],
    matrix: FeatureMatrix,
    language: str,
) -> FeatureArray:
    if primary_tag(language) == TRAINED_LANGUAGE:
        return classifier.likelihood(matrix)
    return np.where([index in page.run for index in unknown], *_RUN_LIKELIHOODS)


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


def _add_last_cuts(
    lines: Sequence[Line], headline: Line | None, rules: dict[int, str]
) -> Mapping[int, str]:
    """Cut what is left at the end, and duplicates; return these."""

    def kept() -> list[Line]:
        return [line for line in lines if line.place not in rules and line != headline]

    rules |= {place: rule.name for place, rule in find_author_lines(kept()).items()}
    rules |= find_tail_lines(kept())
    duplicates = find_duplicates(kept())
    rules |= duplicates
    rules |= find_tail_labels(kept())
    return duplicates


def _assess(
    lines: Sequence[Line],
    likelihood: Mapping[int, float],
    left: Sequence[Line],
    *,
    has_headline: bool,
) -> Assessment:
    compared = [lines[index] for index in likelihood]
    read = {line.place for line in left}
    return assess_choice(
        compared,
        np.array(list(likelihood.values())),
        [at for at, line in enumerate(compared) if line.place in read],
        has_headline=has_headline,
    )
