"""Long pages are read whole, or refused with what to do."""

import pytest

from service.errors import PageTooLong
from service.page import read_html
from tests.extraction.pages import PARAGRAPHS, article_of, each, page

LONG = 9_990_000
STORY = f"<div class=story>{each('<p>{text}</p>')}</div>"
FILLERS = {
    "script": "<script>{}</script>",
    "data": '<script type="application/json">{}</script>',
    "stylesheet": "<style>{}</style>",
    "drawing": "<svg><desc>{}</desc></svg>",
    "comment": "<!-- {} -->",
    "picture in an address": '<img src="data:image/png;base64,{}">',
}


@pytest.mark.parametrize("filler", FILLERS.values(), ids=FILLERS)
def test_article_is_read_in_a_page_of_ten_million_characters(filler: str) -> None:
    body = filler.format("x y= 1; " * (LONG // 8))

    assert article_of(page(body + STORY)).texts == PARAGRAPHS
    assert article_of(page(STORY + body)).texts == PARAGRAPHS


@pytest.mark.parametrize("tag", ["svg", "style"])
def test_element_that_is_not_closed_does_not_swallow_the_article(tag: str) -> None:
    body = f"<!-- <{tag}> -->{STORY}<{tag}></{tag}>"

    assert article_of(page(body)).texts == PARAGRAPHS


def test_article_is_read_among_thousands_of_links() -> None:
    links = "<li><a href=/x>Bell tower to be silent until spring</a></li>" * 30_000

    assert article_of(page(f"{STORY}<ul>{links}</ul>")).texts == PARAGRAPHS


def test_page_of_too_much_text_is_refused() -> None:
    with pytest.raises(PageTooLong, match="send the article's own part"):
        read_html(page(f"<p>{'word ' * 500_000}</p>"))
