"""The whole article is read, however its template marks it up."""

import pytest

from tests.extraction.pages import (
    HEADLINE,
    PARAGRAPHS,
    article_of,
    each,
    page,
)

ALL = each("<p>{text}</p>")
FIRST, REST = (
    each("<p>{text}</p>", PARAGRAPHS[:3]),
    each("<p>{text}</p>", PARAGRAPHS[3:]),
)

BODIES = {
    "one container": f"<div class=story>{ALL}</div>",
    "a container without class per paragraph": each("<div><p>{text}</p></div>"),
    "spans in nested containers": each("<div><div><span>{text}</span></div></div>"),
    "numbered classes": each('<div class="text text-{number}"><p>{text}</p></div>'),
    "hashed ids": each('<div id="p{number}f3"><p>{text}</p></div>'),
    "a section per paragraph": each("<section><p>{text}</p></section>"),
    "a heading element per paragraph": f"<div>{each('<h4>{text}</h4>')}</div>",
    "line breaks": f"<div class=story>{each('{text}<br><br>')}</div>",
    "table of layout": f"<table>{each('<tr><td>{text}</td></tr>')}</table>",
    "list items": f"<ol>{each('<li><p>{text}</p></li>')}</ol>",
    "article in an aside": f'<aside class="story">{ALL}</aside>',
    "article in a footer": f"<article><footer>{ALL}</footer></article>",
    "article in a form": f'<form id="aspnetForm" method="post">{ALL}</form>',
    "figure that is not closed": f"<div><figure><img src=a.jpg>{ALL}</div>",
    "navigation that is not closed": f"<nav><a href=#a>Story</a><div>{ALL}</div>",
    "gallery of captions": each(
        "<figure><img src={number}.jpg><figcaption><p>{text}</p></figcaption></figure>"
    ),
    "noscript": f"<script>load()</script><noscript>{ALL}</noscript>",
    "template element": f"<template>{ALL}</template>",
    "script of markup": f'<script type="text/template"><div>{ALL}</div></script>',
    "hidden until it is unfolded": f'<div style="display: none">{ALL}</div>',
    "advertisement inside": (
        f"<div>{FIRST}</div><div>Advertisement</div><div>{REST}</div>"
    ),
    "last paragraph in a container of its own": (
        f"<div class=rest>{each('<p>{text}</p>', PARAGRAPHS[:-1])}</div>"
        f"<div class=ad>Advertisement</div>"
        f"<div class=tail><p>{PARAGRAPHS[-1]}</p></div>"
    ),
    "first paragraph in a container of its own": (
        f"<div class=lead><p>{PARAGRAPHS[0]}</p></div><figure><img src=a></figure>"
        f"<div class=rest>{each('<p>{text}</p>', PARAGRAPHS[1:])}</div>"
    ),
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_whole_article_is_read_and_nothing_else(body: str) -> None:
    article = article_of(page(body))

    assert article.title == HEADLINE
    assert article.texts == PARAGRAPHS


@pytest.mark.parametrize(
    "name",
    [
        *("author-story", "social-story", "share-body", "banner-text", "comments-open"),
        *("sponsor-free", "subscriber-content", "promo-body", "related-text", "widget"),
        *("c2", "info-text"),
    ],
)
@pytest.mark.parametrize("first", ["story", "article-body", "entry-content", "c1"])
def test_class_name_does_not_cut_most_of_an_article(first: str, name: str) -> None:
    body = f'<div class="{first}">{FIRST}</div><div class="{name}">{REST}</div>'

    assert article_of(page(body)).texts == PARAGRAPHS


def test_article_only_in_data_for_search_engines_is_read() -> None:
    lines = "\\n\\n".join(PARAGRAPHS)
    data = f'{{"@type": "NewsArticle", "articleBody": "{lines}"}}'
    head = f'<script type="application/ld+json">{data}</script>'

    assert article_of(page("<div id=app></div>", head=head)).texts == PARAGRAPHS


def test_data_for_search_engines_is_not_read_twice() -> None:
    lines = " ".join(PARAGRAPHS)
    data = f'{{"@type": "NewsArticle", "articleBody": "{lines}"}}'
    head = f'<script type="application/ld+json">{data}</script>'

    assert article_of(page(f"<div>{ALL}</div>", head=head)).texts == PARAGRAPHS


@pytest.mark.parametrize("count", [3, 7, 10, 25])
def test_list_does_not_cut_what_follows_it(count: int) -> None:
    items = tuple(f"Gate {number} is open on Sundays" for number in range(count))
    listed = f"<p>These are the new rules:</p><ul>{each('<li>{text}</li>', items)}</ul>"
    body = f"<article>{FIRST}{listed}{REST}</article>"

    assert article_of(page(body)).texts == (
        *PARAGRAPHS[:3],
        "These are the new rules:",
        *items,
        *PARAGRAPHS[3:],
    )


def test_short_letter_with_list_and_signature_is_read_whole() -> None:
    lines = (
        "To the members of the parish council,",
        "We, the walkers of Halm, write to you about the footpath through the orchard.",
        "We ask for three things:",
        "A stile that a dog can pass",
        "A lamp at the lower gate",
        "A bench under the pear tree",
        "We do not ask for money. We ask for a path.",
        "Yours faithfully,",
        "Petra Lindqvist",
        "and 34 others",
    )
    marked_up = (
        each("<p>{text}</p>", lines[:3])
        + f"<ul>{each('<li>{text}</li>', lines[3:6])}</ul>"
        + each("<p>{text}</p>", lines[6:])
    )

    assert article_of(page(f"<article>{marked_up}</article>")).texts == lines


def test_recipe_is_read_with_its_ingredients_and_steps() -> None:
    intro = (
        "This is the tart that my aunt made when there were more apples than guests."
    )
    ingredients = ("350g plain flour", "2 large apples, sliced", "½ tsp salt")
    steps = (
        "Heat the oven to 200C and butter a dish.",
        "Lay the apples in rings and bake for 40 minutes.",
    )
    body = (
        f"<article><p>{intro}</p><h2>Ingredients</h2>"
        f"<ul>{each('<li>{text}</li>', ingredients)}</ul><h2>Method</h2>"
        f"<ol>{each('<li>{text}</li>', steps)}</ol></article>"
    )

    assert article_of(page(body)).texts == (
        intro,
        "Ingredients",
        *ingredients,
        "Method",
        *steps,
    )


def test_subhead_that_is_a_menu_word_is_read() -> None:
    body = f"<div>{FIRST}<h2>Jobs</h2>{REST}</div>"

    assert article_of(page(body)).texts == (*PARAGRAPHS[:3], "Jobs", *PARAGRAPHS[3:])


def test_headline_that_is_shown_replaces_the_title_for_search_engines() -> None:
    title = "Halm footpath: everything you need to know"
    article = article_of(page(f"<div>{ALL}</div>", title=title))

    assert article.title == HEADLINE
    assert article.texts == PARAGRAPHS


def test_site_name_in_the_title_is_not_the_headline() -> None:
    html = page(f"<div>{ALL}</div>").replace(f"{HEADLINE} | Halm Gazette", "Gazette")

    assert article_of(html).title == HEADLINE


def test_paragraph_that_begins_with_a_credit_is_read() -> None:
    first = f"© Provided by Halm Press {PARAGRAPHS[0]}"
    body = f"<div><p>{first}</p>{each('<p>{text}</p>', PARAGRAPHS[1:])}</div>"

    assert article_of(page(body)).texts == (first, *PARAGRAPHS[1:])


def test_notice_of_rights_at_the_end_is_not_read() -> None:
    notice = (
        "© 2031 Halm Gazette. All rights reserved. This material may not be published, "
        "broadcast, rewritten or redistributed."
    )

    assert article_of(page(f"<div>{ALL}<p>{notice}</p></div>")).texts == PARAGRAPHS
