"""Tests of copied pages: comments, the choice of lines, confidence and doubts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.cleaning import clean, load_markers
from service.cleaning.boilerplate import find_boilerplate
from service.cleaning.comment_thread import find_comment_thread
from service.cleaning.text.doubts import MIN_CONFIDENCE, assess_choice
from service.cleaning.text.line_choice import choose_lines
from service.cleaning.text.surroundings import Surroundings, detect_surroundings
from service.page import read_text
from tests.support.copied_page import FOOTER, MENU, STORY, to_lines

MARKERS = load_markers()


def surroundings_of(texts: list[str]) -> Surroundings:
    lines = to_lines(texts)
    return detect_surroundings(lines, find_boilerplate(lines, MARKERS, "en", None))


def test_menu_and_footer_are_a_site() -> None:
    page = [*MENU, "River floods Mill Street", *STORY, *FOOTER]

    assert surroundings_of(page) is Surroundings.SITE


@pytest.mark.parametrize(
    "texts",
    [
        STORY,
        ["River floods Mill Street", "By Ada Brook", *STORY],
        [*STORY, "Advertisement", *STORY],
        [*STORY, "Mina Farrow", "Oskar Lindt", "Ada Brook", "Piet Lund", "Lena Holm"],
        ["The mill was old", "The bell was cold", "The river ran", "The moon was low"],
    ],
)
def test_single_kinds_and_lists_of_names_are_no_page(texts: list[str]) -> None:
    assert surroundings_of(texts) is Surroundings.NONE


def test_byline_and_newsletter_are_traces() -> None:
    page = ["By Ada Brook", *STORY, "Sign up for our newsletter"]

    assert surroundings_of(page) is Surroundings.TRACES


def test_comments_below_their_heading_are_a_thread() -> None:
    comments = [
        text
        for name in ("Old Hand", "Quay Cat", "Marta", "SaltySam")
        for text in (
            f"{name} • 2 weeks ago",
            "I was there, and it was wetter.",
            "Reply",
        )
    ]
    lines = to_lines([*STORY, "4 comments", *comments])

    assert find_comment_thread(lines) == range(len(STORY), len(lines))


def test_headers_with_a_button_in_the_same_line_are_of_comments() -> None:
    comments = [
        text
        for name in ("Old Hand", "Quay Cat", "Marta")
        for text in (
            f"{name} | March 4, 2031 at 8:11 am | Reply",
            "It was wetter.",
        )
    ]
    lines = to_lines([*STORY, *comments])

    assert find_comment_thread(lines) == range(len(STORY), len(lines))


def test_other_stories_below_a_thread_belong_to_it() -> None:
    comments = ["Top comments", *["Quay Cat", "7 months ago", "It was wetter."] * 3]
    others = [f"Story {number} of the week: {STORY[0]}" for number in range(60)]
    lines = to_lines([*STORY, *comments, *others])

    assert find_comment_thread(lines) == range(len(STORY), len(lines))


def test_posts_of_a_live_blog_are_no_comments() -> None:
    posts = [
        text
        for number, paragraph in enumerate(STORY * 2)
        for text in (f"{number + 1}h ago", "Water at the mill", paragraph, "Share")
    ]

    assert not find_comment_thread(to_lines([*STORY, *posts]))


def test_label_between_two_likely_lines_is_chosen_with_them() -> None:
    margins = np.array([-2.0, 3.0, -0.5, 3.0, -2.0, -0.5, -2.0])

    assert choose_lines(margins, 0.6) == [False, True, True, True, *[False] * 3]


@given(st.lists(st.floats(-9, 9), max_size=30))
def test_lines_are_chosen_one_by_one_if_a_switch_is_free(margins: list[float]) -> None:
    chosen = choose_lines(np.array(margins), 0.0)

    gained = sum(m for m, is_in in zip(margins, chosen, strict=True) if is_in)
    assert gained == pytest.approx(sum(m for m in margins if m > 0))


def test_choice_of_likely_lines_has_no_doubts() -> None:
    lines = to_lines([*STORY, *MENU])
    likelihood = np.array([0.97] * len(STORY) + [0.02] * len(MENU))

    found = assess_choice(lines, likelihood, range(len(STORY)), has_headline=True)

    assert found.confidence > MIN_CONFIDENCE
    assert found.doubts == ()


def test_choice_that_cuts_most_of_the_prose_is_doubted() -> None:
    lines = to_lines([*STORY, *STORY, *STORY])
    likelihood = np.array([0.6] * len(lines))

    found = assess_choice(lines, likelihood, range(len(STORY)), has_headline=False)

    assert found.confidence < MIN_CONFIDENCE
    assert found.doubts == (
        "Most of the page's prose was cut.",
        "Another text on the page is nearly as long as the article.",
        "Many lines may or may not belong to the article.",
        "The page has no headline above the article.",
    )


REPEATS = {
    "last paragraphs again": (STORY[2:], ()),
    "paragraphs in another order": ([STORY[3], STORY[1]], ()),
    "paragraph with one word more": (
        [STORY[0].replace("rose two metres", "rose nearly two metres")],
        (),
    ),
    "teaser": ((), ["The warden, Jonas Pell, said the water would…"]),
    "headline twice": ((), ["River floods Mill Street"]),
}


@pytest.mark.parametrize(("below", "above"), REPEATS.values(), ids=REPEATS)
def test_repeats_of_an_article_alone_are_cut(
    below: list[str], above: list[str]
) -> None:
    text = "\n".join(["River floods Mill Street", *above, *STORY, *below])

    article = clean(read_text(text), MARKERS).article

    assert article.title == "River floods Mill Street"
    assert list(article.texts) == STORY


def test_results_that_differ_in_a_number_are_no_repeats() -> None:
    text = """Wage talks in three towns
In Varn the company's offer was 5 percent and 400 people voted against it on Monday.
In Varn the company's offer was 6 percent and 300 people voted against it on Monday.
In Farrow the company's offer was 6 percent and 300 people voted against it today."""

    assert list(clean(read_text(text), MARKERS).article.texts) == text.split("\n")[1:]


def test_long_paragraphs_between_the_headline_and_a_box_are_the_articles() -> None:
    opening = [
        (
            "The river rose two metres overnight and reached the cellars of Mill"
            " Street, where the shops had been warned on Monday but few of them had"
            " moved what they store below the ground, their owners said."
        ),
        (
            "The warden of the river, Jonas Pell, said that the water would fall by"
            " the weekend if the rain stopped, and that the pumps of the town could"
            " keep the street dry until then."
        ),
    ]
    headlines = [
        f"{name} wins a prize for the best pie of the whole autumn fair"
        for name in ("Ada Brook", "Piet Lund", "Lena Holm", "Oskar Lindt", "Mina Kerr")
    ]
    box = ["Most read", *(line for line in headlines for _ in range(2))]
    title = "River floods the cellars of Mill Street"
    rest = STORY[1:] + [
        f"The {place} was dry again by noon, the warden of the river said there, and"
        f" the people of Mill Street could go back to the {place} on foot or by boat."
        for place in ("school", "quay", "bakery", "chapel", "library", "market")
    ]
    page = [*MENU, title, "By Ada Brook", *opening, *box, *rest, *FOOTER]

    article = clean(read_text("\n".join(page)), MARKERS).article

    assert article.title == title
    assert list(article.texts[:2]) == opening
    assert not set(headlines) & set(article.texts)
