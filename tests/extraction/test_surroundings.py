"""Prose around an article is not read: comments, teasers, boxes, calls for money."""

import pytest

from tests.extraction.pages import PARAGRAPHS, article_of, each, page

OTHERS = (
    (
        "The bell tower will be silent until spring because a family of owls has "
        "moved in and the law protects them."
    ),
    (
        "A letter found behind a shelf explains who painted the post office blue and "
        "why it was never painted back."
    ),
    (
        "Seven ponds froze last winter for the first time since records began, and "
        "skates were sold out in a day."
    ),
    (
        "The choir has lost its conductor to a larger town and will sing without one "
        "until the harvest is in."
    ),
)
COMMENTS = (
    (
        "I walked it on Sunday with my two dogs and the stile is far too narrow for a"
        " spaniel, never mind a person."
    ),
    (
        "My grandmother met my grandfather on that path, so thank you to all who "
        "cleared it, and to the pear tree."
    ),
    (
        "Who pays when the insurance ends? I asked that at the meeting and did not "
        "get an answer from anyone."
    ),
)

SURROUNDINGS = {
    "comments": (
        f"<div id=comments>{each('<div class=comment><p>{text}</p></div>', COMMENTS)}"
        "</div>"
    ),
    "list of comments": (
        "<section class=responses><h3>3 comments</h3><ol>"
        f"{each('<li><b>Ann</b><p>{text}</p></li>', COMMENTS)}</ol></section>"
    ),
    "teasers": each(
        "<div class=teaser><h3><a href=/{number}>Story {number}</a></h3>"
        "<p>{text}</p></div>",
        OTHERS,
    ),
    "linked teasers": each(
        "<div class=card><a href=/x><p>{text}</p></a></div>", OTHERS
    ),
    "newsletter box": (
        "<div class=newsletter-box><p>Get our weekly letter about paths and gates in "
        "your inbox every Friday.</p></div>"
    ),
    "aside": f"<aside><h2>Also today</h2>{each('<p>{text}</p>', OTHERS)}</aside>",
    "biography": (
        "<div class=author-bio><p>Ada Moor writes about land and law. She lives near "
        "the river with two geese and a canoe.</p></div>"
    ),
}


@pytest.mark.parametrize("around", SURROUNDINGS.values(), ids=SURROUNDINGS)
@pytest.mark.parametrize("size", [3, len(PARAGRAPHS)])
def test_prose_below_an_article_is_not_read(around: str, size: int) -> None:
    article = PARAGRAPHS[:size]
    body = f"<div class=story>{each('<p>{text}</p>', article)}</div>{around}"

    assert article_of(page(body)).texts == article


@pytest.mark.parametrize("name", ["newsletter box", "aside", "teasers"])
def test_prose_inside_an_article_is_not_read(name: str) -> None:
    first, rest = (
        each("<p>{text}</p>", PARAGRAPHS[:4]),
        each("<p>{text}</p>", PARAGRAPHS[4:]),
    )
    body = f"<div class=story>{first}{SURROUNDINGS[name]}{rest}</div>"

    assert article_of(page(body)).texts == PARAGRAPHS
