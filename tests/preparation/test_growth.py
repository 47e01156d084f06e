"""The time to prepare a text grows with its length, and not faster."""

import gc
import re
import statistics
import time
from collections.abc import Callable, Iterator
from random import Random
from types import ModuleType

import pytest

import service.cleaning.classifier.phrases
import service.cleaning.comment_thread
import service.cleaning.line_patterns
import service.cleaning.text.edges
import service.cleaning.text.embedded_posts
from service.article import ContentSource
from service.cleaning.lines import MAX_PATTERN_CHARACTERS
from service.page.bounds.attributes import drop_surplus_attributes
from service.preparation import ArticlePreparer, ArticleRequest, load_preparer
from service.script.english import english_rules
from service.script.english.names.initialisms import has_word_shape
from service.script.normalization import Rule, claim_ranges
from service.script.sentences import MAX_SENTENCE_CHARACTERS, split_sentences
from service.script.unreadable.long_tokens import is_long_code
from service.settings import ServiceSettings
from tests.support.paths import ROOT
from tests.support.repeats import near_matches
from voices.errors import OutspokenError

MAX_GROWTH = 3.2
"""Time of twice the text, as a multiple: 2 if it is linear, 4 if it is quadratic."""

MIN_MEASURED_S = 0.02
"""CPU time below which a ratio means nothing."""

MAX_SLOWNESS = 60
"""Time of a pattern on its own near matches, as a multiple of that on prose."""

PROSE = "The ferry sails again on Monday, the council of the harbour town said on air. "
SPAN = 600


MAX_ATTEMPTS = 5
"""Measurements of which one must show it: other programs only add time."""


def cpu_time(work: Callable[[], object]) -> float:
    """Return the median CPU time of a piece of work, without garbage collection."""
    took = []
    gc.disable()
    for _ in range(3):
        started = time.process_time()
        work()
        took.append(time.process_time() - started)
    gc.enable()
    return statistics.median(took)


def assert_grows_slowly(work: Callable[[int], object]) -> None:
    """Fail if twice the size takes much more than twice the time."""
    measured = []
    for _ in range(MAX_ATTEMPTS):
        once, twice = cpu_time(lambda: work(1)), cpu_time(lambda: work(2))
        measured.append((once, twice))
        if twice < max(MIN_MEASURED_S, MAX_GROWTH * once):
            return
    pytest.fail(f"Twice the text takes more than twice the time: {measured}")


@pytest.fixture(name="preparer", scope="module")
def _preparer() -> ArticlePreparer:
    preparer = load_preparer(ServiceSettings(voice="tone"))
    preparer.prepare(ArticleRequest(text=PROSE))
    return preparer


PARAGRAPHS = {
    "abbreviations": "e.g. ",
    "one word": "half ",
    "lower case": "the ferry sails again and ",
    "titles": "Mr. ",
    "initials": "A. ",
    "times of day": "7 a.m. ",
    "questions": '"Why?" a a a ',
    "ellipses": "a… ",
    "full stops": ". ",
    "digits": "1",
    "capitals": "A",
    "quotes": "'a ",
    "datelines": "LONDON, ",
    "spaces": "a                  ",
}


@pytest.mark.parametrize("seed", PARAGRAPHS.values(), ids=PARAGRAPHS)
def test_one_paragraph_takes_time_by_its_length(
    preparer: ArticlePreparer, seed: str
) -> None:
    def prepare(factor: int) -> None:
        text = seed * (3_000 * factor // len(seed))
        try_to_prepare(preparer, ArticleRequest(text=text, language="en"))

    assert_grows_slowly(prepare)


LINES = {
    "words": "word",
    "labels": "Home",
    "prose": PROSE,
    "headers of comments": "Anna says:",
    "broken off": "The harbour ferry sails again…",
    "edited": "The harbour ferry number {n} sails again on Monday to the far side. ",
}


@pytest.mark.parametrize("source", [None, *ContentSource])
@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_lines_take_time_by_their_number(
    preparer: ArticlePreparer, line: str, source: ContentSource | None
) -> None:
    def prepare(factor: int) -> None:
        text = "\n".join(line.replace("{n}", str(n)) for n in range(150 * factor))
        request = ArticleRequest(text=text, language="en", source=source)
        try_to_prepare(preparer, request)

    assert_grows_slowly(prepare)


DEPTH = 800
PAGES = {
    "paragraphs": ("", "<p>a"),
    "cells": ("<table><tr>", "<td>a"),
    "breaks": ("", "a<br>"),
    "hidden siblings": ("", "<b aria-hidden=true class=x>a</b>"),
    "deep containers": ("<aside class=sidebar>" * DEPTH, f"<p>{PROSE}</p>"),
    "deep quotations": ("<blockquote>" * DEPTH, f"<p>{PROSE}</p>"),
    "deep templates": ("<template>" * DEPTH, f"<p>{PROSE}</p>"),
    "scripts without end": ("", "<script>"),
    "comments without end": ("", "<!--"),
}


@pytest.mark.parametrize(("around", "inside"), PAGES.values(), ids=PAGES)
def test_pages_take_time_by_their_length(
    preparer: ArticlePreparer, around: str, inside: str
) -> None:
    def prepare(factor: int) -> None:
        # Of a deep page the depth is doubled too.
        size = 60_000 if around.count("<") > DEPTH / 2 else 10_000
        html = around * factor + inside * (size * factor // len(inside))
        try_to_prepare(preparer, ArticleRequest(html=html, language="en"))

    assert_grows_slowly(prepare)


def test_attributes_of_one_tag_take_time_by_their_number(
    preparer: ArticlePreparer,
) -> None:
    def prepare(factor: int) -> None:
        attributes = " ".join(f"a{n}=1" for n in range(10_000 * factor))
        try_to_prepare(preparer, ArticleRequest(html=f"<p {attributes}>{PROSE}"))

    assert_grows_slowly(prepare)


@pytest.mark.parametrize("quote", ["'", '"', ""])
def test_a_tag_keeps_its_first_attributes(quote: str) -> None:
    page = "<p " + " ".join(f"a{n}={quote}>{quote}" for n in range(3)) + " >The tide."
    assert drop_surplus_attributes(page) == page
    surplus = " ".join(f"b{n}=1" for n in range(9_000))
    kept = drop_surplus_attributes(f'<p id="a" {surplus}>The tide.</p>')
    assert kept.startswith('<p id="a" b0=1 ')
    assert kept.endswith(">The tide.</p>")
    assert kept.count("=") < 3_000


def try_to_prepare(preparer: ArticlePreparer, request: ArticleRequest) -> None:
    try:
        preparer.prepare(request)
    except OutspokenError:
        return  # refused in time is as good


RULES = {rule.name: rule for rule in english_rules(day_first=True)}


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_rule_is_not_slow_on_what_it_nearly_matches(rule: Rule) -> None:
    size = MAX_SENTENCE_CHARACTERS
    prose = cpu_time(lambda: [claim_ranges(PROSE * 5, [rule]) for _ in range(20)]) / 20
    for text in near_matches(rule.pattern, size, 10, Random(rule.name)):  # noqa: S311 - not a secret
        started = time.process_time()
        claim_ranges(text, [rule])
        took = time.process_time() - started
        assert took < max(MIN_MEASURED_S, MAX_SLOWNESS * prose), text[:80]


def patterns_in(module: ModuleType) -> Iterator[tuple[str, re.Pattern[str]]]:
    """Yield the compiled patterns of a module with their names."""
    for name, value in vars(module).items():
        if isinstance(value, re.Pattern):
            yield f"{module.__name__}.{name}", value
        elif isinstance(getattr(value, "pattern", None), re.Pattern):
            yield f"{module.__name__}.{name}", value.pattern


LINE_PATTERNS = dict(
    found
    for module in (
        service.cleaning.classifier.phrases,
        service.cleaning.comment_thread,
        service.cleaning.line_patterns,
        service.cleaning.text.edges,
        service.cleaning.text.embedded_posts,
    )
    for found in patterns_in(module)
)
LIMITED = {"service.cleaning.comment_thread._HEADER": 300}
"""Patterns that are searched in shorter lines only, and how long these are."""

SOURCES = "".join(path.read_text() for path in ROOT.glob("service/cleaning/**/*.py"))


@pytest.mark.parametrize("name", LINE_PATTERNS)
def test_a_pattern_of_the_cleaner_is_not_slow_on_what_it_nearly_matches(
    name: str,
) -> None:
    pattern, short_name = LINE_PATTERNS[name], name.rpartition(".")[2]
    # Used so: what is only matched whole may be slow to search for.
    uses = [
        use
        for use in ("search", "match", "fullmatch")
        if f"{short_name}.{use}" in SOURCES
    ] or ["search"]
    size = LIMITED.get(name, MAX_PATTERN_CHARACTERS - 100)
    for text in near_matches(pattern, size, 10, Random(name)):  # noqa: S311 - not a secret
        started = time.process_time()
        for use in uses:
            getattr(pattern, use)(text)
        assert time.process_time() - started < 10 * MIN_MEASURED_S, text[:80]


@pytest.mark.parametrize("seed", PARAGRAPHS.values(), ids=PARAGRAPHS)
def test_no_sentence_is_longer_than_rules_can_read_in_time(seed: str) -> None:
    text = seed * (5_000 // len(seed))
    assert all(
        end - start <= MAX_SENTENCE_CHARACTERS or is_long_code(text[start:end])
        for start, end in split_sentences(text)
    )


@pytest.mark.parametrize("syllable", ["astr", "ruou", "a", "y", "ngthsch"])
def test_a_long_word_in_capitals_has_a_shape_in_time(syllable: str) -> None:
    started = time.process_time()
    for size in range(1, SPAN):
        has_word_shape((syllable * size)[:SPAN] + "xqz")
    assert time.process_time() - started < SPAN * MIN_MEASURED_S
