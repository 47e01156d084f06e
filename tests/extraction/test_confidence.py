"""A page that is read badly, or not at all, is reported with what speaks against it."""

import pytest

from service.cleaning import clean, load_markers
from service.errors import NothingToRead
from service.page import read_html
from tests.extraction.pages import PARAGRAPHS, clean_html, each, page

OTHER = " ".join(("The owls of the tower", *(f"slept on beam {n}," for n in range(30))))


def test_article_that_fills_its_page_has_full_confidence() -> None:
    cleaned = clean_html(page(f"<div class=story>{each('<p>{text}</p>')}</div>"))

    assert cleaned.confidence > 0.9
    assert cleaned.doubts == ()


def test_few_words_are_doubted() -> None:
    cleaned = clean_html(page(f"<div class=story><p>{PARAGRAPHS[0]}</p></div>"))

    assert cleaned.confidence < 0.5
    assert cleaned.doubts == ("Only 26 words are read.",)


def test_article_of_which_the_page_declares_more_is_doubted() -> None:
    declared = " ".join(PARAGRAPHS)
    data = f'{{"@type": "NewsArticle", "articleBody": "{declared}"}}'
    head = f'<script type="application/ld+json">{data}</script>'
    hidden = each('<p data-nosnippet="">{text}</p>', PARAGRAPHS[4:])
    body = f"<div>{each('<p>{text}</p>', PARAGRAPHS[:4])}{hidden}</div>"

    cleaned = clean_html(page(body, head=head))

    assert cleaned.article.texts == PARAGRAPHS[:4]
    assert cleaned.confidence < 0.9


def test_small_part_of_a_page_of_prose_is_doubted() -> None:
    others = each('<div class="comment-{number}"><p>{text}</p></div>', (OTHER,) * 12)
    body = f"<article><div>{each('<p>{text}</p>', PARAGRAPHS[:3])}</div></article>"

    cleaned = clean_html(page(f"{body}<aside>{others}</aside>"))

    assert cleaned.article.texts == PARAGRAPHS[:3]
    assert cleaned.confidence < 0.5
    assert any("words of prose" in doubt for doubt in cleaned.doubts)


def test_page_without_an_article_has_nothing_to_read() -> None:
    with pytest.raises(NothingToRead, match="send the article's own text"):
        clean(read_html(page("<div id=app></div>")), load_markers())
