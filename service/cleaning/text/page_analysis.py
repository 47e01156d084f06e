"""Find the article's place on a copied page: `analyse_page`.

best run of prose ──► without teasers, with its opening ──► headline ──► duplicates
"""

from collections.abc import Mapping, Sequence

from service.cleaning.boilerplate import Boilerplate
from service.cleaning.classifier.features import AnalysedPage
from service.cleaning.duplicates import find_duplicates
from service.cleaning.lines import Line
from service.cleaning.markers import MarkerRule
from service.cleaning.text.edges import find_headline_below_labels
from service.cleaning.text.opening import extend_to_opening
from service.cleaning.text.prose_run import find_prose_run
from service.cleaning.text.teasers import trim_teasers
from service.cleaning.title.byline import is_date
from service.cleaning.title.find_title import (
    find_named_headline,
    find_title,
    may_be_title,
)

_MIN_POSTS = 3
"""Posts, each below its time, from which a page is a live blog."""

_DATE_RULES = frozenset({"timestamp", "timestamp-alone"})


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
            and sum(map(is_date, lines[run.start : run.stop])) >= _MIN_POSTS - 1
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
