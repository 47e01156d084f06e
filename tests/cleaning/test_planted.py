"""Tests that of clean articles exactly planted repeats and boilerplate are cut."""

from collections.abc import Sequence
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.article import Article, Extraction, plain_paragraphs
from service.cleaning import clean, load_markers
from service.cleaning.duplicates import (
    find_duplicates,
    find_duplicates_alone,
    find_exact_repeats,
)
from service.cleaning.lines import Line
from tests.support.articles import plain_article

MARKERS = load_markers()
TITLE = "Harbour council to sell the lighthouse at Varn Point"
LIGHTHOUSE = (
    (
        "The old lighthouse at Varn Point will be sold by the harbour council in "
        "the spring, after four years in which its repair was put off again and "
        "again."
    ),
    (
        "The council put the cost of a new lantern and of the roof at two million "
        "crowns, which is more than the whole harbour earns from its berths in a "
        "year."
    ),
    (
        "“We looked at every way to keep the lighthouse, and none of them was "
        "honest,” said the council’s treasurer, who voted for the sale on Tuesday "
        "evening."
    ),
    (
        "Three buyers have asked for the keys so far. One of them is a brewer who "
        "wants to age his beer in the cellar below the lantern room, where it is "
        "cool all summer."
    ),
    (
        "Fishermen who steer by the light say they were not asked. “It is the only "
        "thing out there that has never been wrong,” said Runa Holt, who has sailed"
        " from Varn for thirty years."
    ),
    (
        "A decision on the buyers is due in May, once the surveyor has been up the "
        "tower."
    ),
    ("Until then the lamp will be lit as before, every evening at the hour of sunset."),
)
PROSE = st.permutations(LIGHTHOUSE).flatmap(
    lambda texts: st.integers(4, len(texts)).map(lambda count: texts[:count])
)
ADVERTISEMENTS = ("Advertisement", "Story continues below", "Sponsored content")
BOXES = (
    ("Sign up for our newsletter and get the day's stories in your inbox.",),
    ("Related stories", "Museum opens a hall of lost umbrellas"),
    ("Read more: Bakers warn of dearer bread before the summer",),
    ("Share this article", "Copy link"),
    ("By Ada Lind",),
    ("© 2031 The Varn Courier. All rights reserved.",),
    ("A crane lifts the bell out of the tower. (Photo: Ada Lind)",),
    *((text,) for text in ADVERTISEMENTS),
)
EDITS = {
    "equal": lambda text: text,
    "capitals": str.upper,
    "straight quotes": lambda text: text.translate(str.maketrans("“”’", '""\'')),
    "link": lambda text: f"{text} Read more",
    "word changed": lambda text: text.replace(" the ", " that ", 1),
    "word added": lambda text: text.replace(" the ", " even the ", 1),
    "teaser": lambda text: " ".join(text.split()[:9]) + "…",
    "teaser in brackets": lambda text: " ".join(text.split()[:8]) + " [...]",
    "teaser with a link": lambda text: " ".join(text.split()[:8]) + "... Read more",
}


def lines_of(texts: Sequence[str]) -> list[Line]:
    return [Line(place, text) for place, text in enumerate(texts)]


def left_of(texts: Sequence[str]) -> list[str]:
    cuts = find_duplicates(lines_of(texts), has_entries=True)
    return [text for place, text in enumerate(texts) if place not in cuts]


@given(PROSE, st.data())
def test_exactly_the_planted_boilerplate_is_cut(
    prose: list[str], data: st.DataObject
) -> None:
    groups: list[tuple[str, ...]] = [(text,) for text in prose]
    for box in data.draw(st.lists(st.sampled_from(BOXES), max_size=4, unique=True)):
        groups.insert(data.draw(st.integers(0, len(groups))), box)
    page = Article(
        TITLE,
        plain_paragraphs(chain.from_iterable(groups)),
        extraction=Extraction(1.0),
    )

    assert list(clean(page, MARKERS).article.texts) == prose


@given(PROSE, st.data())
def test_exactly_the_repeats_below_an_article_are_cut(
    prose: list[str], data: st.DataObject
) -> None:
    again = data.draw(st.lists(st.sampled_from(prose), min_size=1, unique=True))
    edits = [data.draw(st.sampled_from(sorted(EDITS))) for _ in again]
    below = [EDITS[edit](text) for edit, text in zip(edits, again, strict=True)]
    page = Article(
        TITLE, plain_paragraphs((*prose, *below, TITLE)), extraction=Extraction(1.0)
    )

    assert list(clean(page, MARKERS).article.texts) == prose


@given(PROSE)
def test_whole_article_again_is_cut(prose: list[str]) -> None:
    parts = ["What happens next", *prose[:2], "The price", *prose[2:]]

    assert left_of([*parts, *parts]) == parts


@pytest.mark.parametrize("place", range(len(LIGHTHOUSE) + 1))
@pytest.mark.parametrize(
    "quote",
    [
        "We looked at every way to keep the lighthouse, and none of them was honest",
        "“It is the only thing out there that has never been wrong”",
        "“It is the only thing out there which has never been wrong”",
        "A decision on the buyers is due in May, once the surveyor has been",
        (
            "One of them is a brewer who wants to age his beer in the cellar below the"
            " lantern room"
        ),
    ],
)
def test_pull_quote_is_cut_above_and_below_its_paragraph(
    quote: str, place: int
) -> None:
    page = [*LIGHTHOUSE[:place], quote, *LIGHTHOUSE[place:]]

    assert left_of(page) == list(LIGHTHOUSE)


def test_teaser_above_its_paragraph_is_cut() -> None:
    teaser = "The council put the cost of a new lantern and of the r…"

    assert left_of([teaser, *LIGHTHOUSE]) == list(LIGHTHOUSE)


def test_paragraph_with_a_link_above_the_same_without_one_is_cut() -> None:
    page = [f"{LIGHTHOUSE[5]} Continue reading", *LIGHTHOUSE]

    assert left_of(page) == list(LIGHTHOUSE)


ISLAND = (
    "市によると、船の建造費は四億円で、その半分を県が負担し、残りは十年かけて返すという。",
    "古い船は去年の冬に十一回も止まり、そのうち二回は漁船に引かれて港に戻ったという。",
    "新しい船は毎日朝六時から夜十二時まで動き、古い船は秋まで港に残る予定だという。",
)


@pytest.mark.parametrize(
    "again",
    [
        ISLAND[1],
        "古い船は去年の冬に十一回も止まり、そのうち二回は漁船に引かれて…",
        "そのうち二回は漁船に引かれて港に戻った",
        ISLAND[1].replace("漁船", "小舟"),
    ],
    ids=["equal", "teaser", "pull quote", "edited"],
)
def test_repeats_are_found_in_a_script_without_spaces(again: str) -> None:
    assert left_of([*ISLAND, again]) == list(ISLAND)


@pytest.mark.parametrize(
    "texts",
    [
        (
            "The mill was old,",
            "And the river ran down to the sea",
            "The bell was cold,",
            "And the river ran down to the sea",
            "The end of May",
            "All day",
        ),
        (
            "The mill was old and grey,",
            "the bell hung still,",
            "and the river ran down to the sea.",
            "The boats were gone by day,",
            "gone past the hill,",
            "and the river ran down to the sea.",
        ),
        (
            "Did you see it?",
            "Yes.",
            "Would you go again?",
            "Yes.",
            "Why?",
            "I was cold.",
        ),
        (
            "May dogs come along to the garden?",
            "Yes, but only on a short lead.",
            "May dogs come along to the beach?",
            "Yes, but only on a short lead.",
        ),
        (
            "Varn Garden",
            "Open daily from nine to five in summer.",
            "Holt Garden",
            "Open daily from nine to five in summer.",
        ),
        (
            "In the first race Holt beat Lind by two lengths on a wet, windy course.",
            "In the second race Lind beat Holt by two lengths on a wet, windy course.",
            "In the third race Pell beat Holt by nine lengths on a wet, windy course.",
        ),
        (
            "The boat to Varn leaves the north quay every morning at 7.40 in summer.",
            "The boat to Varn leaves the north quay every morning at 8.20 in winter.",
        ),
        ("“It was … well, it was long,” he said.", "“It was late,” she said."),
        (
            "“It Is the Only Thing Out There That Sings,” Runa Holt",
            (
                "The last song, “It Is the Only Thing Out There That Sings,” by"
                " Runa Holt, is the one that people hum on the way home."
            ),
        ),
    ],
    ids=[
        "refrain",
        "refrain that ends a stanza",
        "short answers",
        "equal answers to different questions",
        "equal details of different entries",
        "results",
        "times of day",
        "ellipsis in speech",
        "name of a work above its review",
    ],
)
def test_lines_that_only_resemble_others_survive(texts: tuple[str, ...]) -> None:
    assert left_of(texts) == list(texts)


def test_label_with_a_link_after_it_is_cut_and_one_with_a_name_is_not() -> None:
    label = "The list of buyers is on the board at the north quay"
    texts = [*LIGHTHOUSE, label, f"{label} Read more", f"{label} in Varn Point"]

    assert left_of(texts) == [*LIGHTHOUSE, f"{label} in Varn Point"]


def test_headline_with_one_word_changed_is_cut() -> None:
    again = "Harbour council to sell its lighthouse at Varn Point"
    other = "Harbour council to sell the lighthouse at Holt Point"
    page = plain_article(TITLE, (again, other, *LIGHTHOUSE))

    assert clean(page, MARKERS).article.texts == (other, *LIGHTHOUSE)


def test_equal_lines_below_labels_of_a_copied_page_are_cut_but_the_first() -> None:
    lines = lines_of(
        ("Price", "From all shops in the land", "Check", "From all shops in the land")
    )

    assert find_duplicates(lines) == {3: "repeat"}


def test_article_alone_keeps_labels_and_loses_copies() -> None:
    edited = LIGHTHOUSE[0].replace("spring", "autumn")
    entries = ("Serves four people in all", "Serves four people in all")
    lines = lines_of((*LIGHTHOUSE, *entries, LIGHTHOUSE[1], edited))

    assert sorted(find_duplicates_alone(lines)) == [9, 10]
    assert sorted(find_exact_repeats(lines)) == [9]


def test_page_of_many_alike_lines_is_compared_with_few() -> None:
    texts = [
        f"Boat {n} left the quay of port {n} on the morning of day {n}."
        for n in range(5000)
    ]

    assert find_duplicates(lines_of(texts)) == {}


def test_source_may_be_given_with_other_lines_between() -> None:
    page = plain_article(TITLE, (*LIGHTHOUSE, "Advertisement", *LIGHTHOUSE[-2:]))

    assert clean(page, MARKERS).article.texts == LIGHTHOUSE
