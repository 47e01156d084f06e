"""A text that only its markup presents as the article does not replace it."""

import pytest

from tests.extraction.pages import PARAGRAPHS, article_of, each, page

PROMOTION = (
    (
        "The orchard shop sells cider, juice and honey from the hives below the wall,"
        " every day from nine to five, and in winter until dark."
    ),
    (
        "Its members get a tenth off, a letter in each season and a jar of quince"
        " jelly, which the family has cooked since the war."
    ),
    (
        "Ask at the counter for the card, which is free for children, and for the map"
        " of all the trees that have a name."
    ),
)
LIKE_AN_ARTICLE = f'<div class="article-body">{each("<p>{text}</p>", PROMOTION)}</div>'
SHELF = each('<a href="/{number}">Jar {number}</a><br>', ["jar"] * 40)


@pytest.mark.parametrize(
    "article",
    [
        f"<section>{each('<div><span>{text}</span></div>')}</section>",
        f"<div class=text>{each('{text}<br><br>')}</div>",
    ],
    ids=["spans", "line breaks"],
)
def test_article_next_to_a_promotion_is_read(article: str) -> None:
    """The best run of prose has both, and shows that a part of it is missing."""
    texts = article_of(page(LIKE_AN_ARTICLE + article)).texts

    assert texts[-len(PARAGRAPHS) :] == PARAGRAPHS


@pytest.mark.parametrize(
    "article",
    [
        f"<table><tr><td>{each('{text}<br><br>')}</td></tr></table>",
        f"<ul>{each('<li>{text}</li>')}</ul>",
    ],
    ids=["table of layout", "list"],
)
def test_best_run_of_prose_is_read_if_extractors_find_a_promotion(article: str) -> None:
    assert article_of(page(LIKE_AN_ARTICLE + SHELF + article)).texts == PARAGRAPHS
