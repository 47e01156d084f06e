"""Tests of pages that are too long, nested too deep, or made to be slow."""

from collections.abc import Callable

import pytest

from service.article import Article
from service.errors import PageTooLong
from service.page import read_html, read_markdown
from service.page.bounds.lengths import MAX_TEXT_CHARACTERS

SENTENCE = "The river rose two metres overnight, the flood warden said on Tuesday."
STORY = "".join(f"<p>{day}: {SENTENCE}</p>" for day in ("One", "Two", "Three", "Four"))
READ_DEPTH = 1000
"""Elements inside each other that are read; libxml2 reads 2,048."""


@pytest.mark.parametrize("read", [read_html, read_markdown])
def test_page_longer_than_the_setting_is_refused(read: Callable[..., Article]) -> None:
    assert read(STORY, limit=len(STORY)).texts

    with pytest.raises(PageTooLong, match="OUTSPOKEN_MAX_HTML"):
        read(STORY, limit=len(STORY) - 1)


@pytest.mark.parametrize("read", [read_html, read_markdown])
def test_page_of_too_much_text_is_refused(read: Callable[..., Article]) -> None:
    words = "word " * (MAX_TEXT_CHARACTERS // 5 + 1)

    with pytest.raises(PageTooLong, match="characters of text"):
        read(f"{words}end")


@pytest.mark.parametrize("tag", ["div", "font", "section", "blockquote"])
def test_paragraphs_in_elements_that_are_never_closed_are_read(tag: str) -> None:
    sentences = [f"On day {day} the river fell, she said." for day in range(READ_DEPTH)]
    page = "".join(f"<{tag}>{sentence}<br>" for sentence in sentences)

    assert list(read_html(page).texts) == sentences


def test_quotation_in_nested_quotations_is_read() -> None:
    assert read_markdown(">" * 50 + f" {SENTENCE}").texts == (SENTENCE,)


def test_items_of_nested_lists_are_read() -> None:
    levels = range(30)
    markdown = "\n".join("  " * level + f"- Item {level}" for level in levels)

    assert read_markdown(markdown).texts == tuple(f"Item {n}" for n in levels)


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 100_000 + STORY,
        "<div>" * 100_000 + STORY + "</div>" * 100_000,
        "<font>" * 50_000 + STORY,
        "<ul><li>One of them. " * 10_000,
        "<table><tr><td>" * 20_000 + STORY,
    ],
    ids=lambda html: html[:20],
)
def test_page_that_would_lose_text_is_refused(html: str) -> None:
    with pytest.raises(PageTooLong, match="nests elements too deep"):
        read_html(html)


@pytest.mark.parametrize(
    "html",
    [
        "<p>" + "a word and another, " * 50_000,
        "<p>" + "a" * 1_000_000,
        "<p><b><i>text " * 5_000,
        "<table><tr><td>" * 600 + STORY,
        "<p>" + "<a href=x>link</a> " * 50_000,
        "<h1>River floods</h1>" * 5_000 + STORY,
        f'<div class="{"a " * 400_000}">{STORY * 50}</div>',
        "<" * 500_000,
        "&" * 500_000,
    ],
    ids=lambda html: html[:20],
)
def test_hostile_html_is_read_in_finite_time(html: str) -> None:
    article = read_html(html)

    assert all(text.strip() for text in article.texts)
