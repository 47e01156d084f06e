"""Tests of headline detection: pages, candidates and the feature weights."""

from collections.abc import Sequence

import pytest

from service.cleaning import clean, load_markers
from service.cleaning.lines import Line
from service.cleaning.title.find_title import (
    MAX_LINES_ABOVE,
    find_named_headline,
    find_title,
)
from service.cleaning.title.never_headline import is_never_headline, joins_label
from service.cleaning.title.title_features import TitleContext, compute_title_features
from service.cleaning.title.title_weights import MIN_SCORE, WEIGHTS
from tests.support.articles import plain_article

MARKERS = load_markers()
MENU = ("Home", "World", "Business", "Sport", "Culture", "Weather", "Search", "Log in")
BOX = ("By Ada Lind", "Published 4 March 2026, 9:15", "Share", "Copy link", "Email")
PROSE = (
    (
        "The old lighthouse at Varn Point will be sold by the harbour council in the "
        "spring, after four years in which no one could agree on its repair."
    ),
    (
        "The council put the cost of a new lantern and of the roof at two million "
        "crowns, which is more than the whole harbour earns from its berths in a year."
    ),
    (
        "“We looked at every way to keep the lighthouse, and none of them was honest,” "
        "said the council’s treasurer, who voted for the sale on Tuesday evening."
    ),
    (
        "Three buyers have asked for the keys so far, and one of them is a brewer who "
        "wants to age his beer in the cellar below the lantern room."
    ),
)
HEADLINE = "Harbour council to sell the lighthouse at Varn Point"
STANDFIRST = (
    "Repairing the lantern and the roof would cost more than the harbour earns in a "
    "year, the treasurer says"
)
QUOTATION = (
    "“We looked at every way to keep the lighthouse at Varn Point, and at the lantern "
    "and the roof, and none of them was honest,” the treasurer of the harbour council "
    "said"
)
OTHERS = (
    "Ferry strike enters its second week as talks stall",
    "Bakers warn of dearer bread before the summer",
    "A village choir goes on tour with one bus and no money",
    "Museum opens a hall of lost umbrellas",
    "Why the winter was so kind to the beekeepers",
)

PAGES = {
    "kicker above": ((*MENU, "Coast", HEADLINE, *BOX, *PROSE), HEADLINE),
    "standfirst below": ((*MENU, HEADLINE, STANDFIRST, *BOX, *PROSE), HEADLINE),
    "headline twice": (
        (HEADLINE, *MENU, "Coast", HEADLINE, *BOX, *PROSE),
        HEADLINE,
    ),
    "site name first": (
        ("The Varn Bay Courier and Post", *MENU, HEADLINE, *BOX, *PROSE),
        HEADLINE,
    ),
    "breadcrumb": (
        (*MENU, "Home / News / Coast / Varn Point", HEADLINE, *BOX, *PROSE),
        HEADLINE,
    ),
    "live blog": (
        (
            *MENU,
            "Live",
            "Lighthouse sale: council votes at Varn Point – live updates",
            "Follow the vote as it happens",
            "12:41",
            "Treasurer opens the debate",
            *PROSE,
        ),
        "Lighthouse sale: council votes at Varn Point – live updates",
    ),
    "question": (
        (*MENU, "Who will buy the lighthouse at Varn Point?", *BOX, *PROSE),
        "Who will buy the lighthouse at Varn Point?",
    ),
    "quotation": (
        (*MENU, "“None of them was honest”: council sells lighthouse", *BOX, *PROSE),
        "“None of them was honest”: council sells lighthouse",
    ),
    "three words": (
        (*MENU, "Lighthouse for sale", *BOX, *PROSE),
        "Lighthouse for sale",
    ),
    "below the byline": (
        (*MENU, *BOX[:2], HEADLINE, STANDFIRST, *BOX[2:], *PROSE),
        HEADLINE,
    ),
    "other headlines above": (
        (*MENU, "Top stories", *OTHERS, "Coast", HEADLINE, *BOX, *PROSE),
        HEADLINE,
    ),
    "other headlines between": (
        (*MENU, HEADLINE, *BOX, "More to read", *OTHERS, *PROSE),
        HEADLINE,
    ),
    "age of the article": (
        (
            *MENU,
            "Coast",
            "This article is more than 5 years old",
            HEADLINE,
            "This article is more than 5 years old",
            STANDFIRST,
            "4 March 2026, 9:15",
            *PROSE,
        ),
        HEADLINE,
    ),
    "headline that the comments name": (
        (
            *(*MENU, "Keys to the door", *BOX[:1]),
            f"{OTHERS[1]} at the lighthouse of Varn Point",
            *(*BOX, *PROSE, "3 comments on “Keys to the door”", "Contact us"),
        ),
        "Keys to the door",
    ),
    "no byline": ((*MENU, HEADLINE, *PROSE), HEADLINE),
    "no headline": ((*MENU, *BOX, *PROSE), None),
    "no headline, other headlines": ((*MENU, *OTHERS, *BOX, *PROSE), None),
}


@pytest.mark.parametrize(("page", "headline"), PAGES.values(), ids=PAGES)
def test_headline_is_found_and_not_in_the_body(
    page: tuple[str, ...], headline: str | None
) -> None:
    cleaned = clean(plain_article(None, page), MARKERS)

    assert cleaned.article.title == headline
    assert cleaned.article.texts[-len(PROSE) :] == PROSE
    assert headline not in cleaned.article.texts


def test_address_above_the_headline_is_not_the_title() -> None:
    address = "https://courier.example/coast/lighthouse-for-sale"

    cleaned = clean(plain_article(None, (address, HEADLINE, *PROSE)), MARKERS)

    assert cleaned.article.title == HEADLINE
    assert cleaned.article.texts == PROSE


def test_address_alone_is_read() -> None:
    address = "https://courier.example"

    assert clean(plain_article(None, (address,)), MARKERS).article.texts == (address,)


def lines_of(*texts: Sequence[str]) -> tuple[tuple[Line, ...], ...]:
    """Return the groups of texts as lines of one page."""
    places = iter(range(sum(map(len, texts))))
    return tuple(tuple(Line(next(places), text) for text in group) for group in texts)


def test_headline_in_the_opening_of_the_body_is_found() -> None:
    opening = "This account of the vote was written for readers who were not there"
    above, body = lines_of((*MENU, "Coast"), (opening, HEADLINE, *PROSE))

    assert find_title(above, body, {}) == body[1]


SUBHEAD = "Council to sell the lighthouse at Varn Point to a brewer"


@pytest.mark.parametrize("above", [1, 2, 3])
def test_subhead_is_not_a_headline_and_the_text_above_it_is_read(above: int) -> None:
    story = (*PROSE[:above], SUBHEAD, *PROSE[above:])
    page = (*MENU, *BOX, *story, "Contact us", "Privacy policy")

    cleaned = clean(plain_article(None, page), MARKERS)

    assert cleaned.article.title is None
    assert cleaned.article.texts == story


def test_byline_confirms_a_headline_below_the_paragraph_of_another_story() -> None:
    other = "Bakers warn of dearer bread before the summer, a report of the guild says."
    above, body = lines_of(MENU, (other, SUBHEAD, "By Ada Lind", *PROSE))

    assert find_title(above, body, {}) == body[1]


def test_sentence_of_the_body_is_not_a_headline() -> None:
    above, body = lines_of(MENU, ("The lighthouse of Varn Point is for sale.", *PROSE))

    assert find_title(above, body, {}) is None


def test_empty_page_has_no_headline() -> None:
    assert find_title((), (), {}) is None


@pytest.mark.parametrize(
    ("text", "never"),
    [
        (QUOTATION, True),
        ("“None of them was honest,” says the treasurer of the harbour", False),
        ("The harbour sells.Read why the lighthouse must go", True),
        ("Why courier.example and the U.S.A are for sale", False),
        ("See https://courier.example/lighthouse for more", True),
    ],
)
def test_long_quotation_joined_texts_and_address_are_never_a_headline(
    text: str, *, never: bool
) -> None:
    assert is_never_headline(Line(0, text)) is never


@pytest.mark.parametrize(
    "heading", ["5 comments on “{}”", '18 Responses to "{}"', "3 Kommentare zu „{}“"]
)
def test_heading_of_the_comments_names_the_headline(heading: str) -> None:
    above, body, below = lines_of(
        (*OTHERS, HEADLINE), PROSE, (heading.format(HEADLINE), OTHERS[1])
    )

    assert find_named_headline((*above, *body, *below)) == above[-1]


@pytest.mark.parametrize("text", [f"5 comments on {HEADLINE}", "3 replies to “Ferry”"])
def test_other_counts_name_no_headline(text: str) -> None:
    above, body, below = lines_of((HEADLINE,), PROSE, (text,))

    assert find_named_headline((*above, *body, *below)) is None


def test_joined_texts_are_not_taken_for_the_headline() -> None:
    joined = "The lighthouse at Varn Point is for sale.Read why its repair is so dear"
    above, body = lines_of((*MENU, HEADLINE, "Coast", joined), PROSE)

    assert find_title(above, body, {}) == above[-3]


def test_label_joined_to_the_text_of_another_line_is_not_a_headline() -> None:
    joined = Line(0, f"Nature{OTHERS[4]}")

    assert joins_label(joined, {OTHERS[4]})
    assert not joins_label(joined, OTHERS[:4])
    assert not joins_label(Line(0, f"Nature: {OTHERS[4]}"), {OTHERS[4]})


def test_both_lines_above_a_long_byline_may_be_its_headline() -> None:
    byline = "By Ada Lind and Oskar Brook — 4 March 2026, 6 min read"
    above, body = lines_of((HEADLINE, STANDFIRST, byline), PROSE)
    context = TitleContext(above, body, {})

    found = [compute_title_features(context, line)["above-byline"] for line in (0, 1)]

    assert found == [1, 1]


def test_lines_far_above_the_body_are_not_searched() -> None:
    filler = [f"Item {number}" for number in range(MAX_LINES_ABOVE)]
    above, body = lines_of((HEADLINE, *filler), PROSE)

    assert find_title(above[: MAX_LINES_ABOVE // 2], body, {}) == above[0]
    assert find_title(above, body, {}) is None


def test_features_and_weights_have_the_same_names() -> None:
    (above, body) = lines_of((HEADLINE,), PROSE)

    assert (
        compute_title_features(TitleContext(above, body, {}), 0).keys()
        == WEIGHTS.keys()
    )
    assert list(WEIGHTS) == sorted(WEIGHTS)
    assert MIN_SCORE > 0
