"""Tests of cleaning an article alone: what a publishing system sends."""

from dataclasses import replace

import pytest

from service.article import ContentSource
from service.cleaning import Cleaned, clean, load_markers
from service.page import read_text

MARKERS = load_markers()

LETTER = """Open letter: Keep the night bus on the hill road
To the directors of the Varn Valley Bus Company,
We are bakers, nurses and porters, and we travel when the town sleeps. Since the night
bus was withdrawn in May, forty of us walk three miles home along a road without lamps.
We ask for three things:
• A bus at 1:15 a.m. on every night of the week
• A stop at the gate of the hospital
• A fare that a porter can pay
We would rather ride than write.
Before the timetable of the winter is printed, we ask that the company:
1. count the passengers of one whole week;
2. answer this letter in public; and
3. meet us on the bus.
Yours sincerely,
Oskar Lindt
Bakery Lindt, Hill Road
Mina Farrow
Ward 7
and 38 others"""

GUIDE = """The 5 quietest reading rooms in the valley, ranked
Silence is a matter of carpets, not of rules. We sat in thirty rooms with a clock.
5. The Engine Room, Varn
The pumps stopped in 1961, and the benches of the stokers are still warm from the pipes.
4. The Ferry Office, Wenlow
Between two boats no one comes in, and the clerk turns the pages of a novel.
Advertisement
3. The Chapel, Upper Farrow
You may read aloud here if you are alone, which in winter you are.
2. The Archive, Varn
There is a bell on the desk. In four hours we did not hear it.
1. The Salt Store, Tern Point
Nothing echoes in a room whose walls are white and soft and a metre thick."""

RECIPE = """Barley soup with burnt onions
My grandmother made this soup on the day before pay day, and never called it poor.
Ingredients
200g pearl barley
3 onions, halved
2 tbsp butter
1½ litres of water
salt
Method
1. Lay the onions on a dry pan, cut side down, and leave them until they are black.
2. Add the barley, the butter and the water and cook for an hour.
Serve with rye bread."""

POEM = """Poem of the month: The Lamplighter
by Ines Holm
He comes when the gulls have gone to the roofs,
with a pole and a flame,
and the street is a river
and the river is lit.
No one asked him.
No one told him the lamps were sold.
Ines Holm lives at Tern Point. Her second book, Low Water, is out in May."""

RESULTS = """Albion 2-2 Athletic: Penalty in the last minute saves a point
Athletic were ahead for an hour, and then their captain put his hand where the ball was.
"I thought it was raining," he said afterwards.
Results
Albion\t2-2\tAthletic
Wanderers\t0-3\tCity
Harbour\t1-1\tMill Lane
Albion travel to City on Saturday, and Athletic rest until the ninth of May."""

INTERVIEW = """“I have never liked the sea”: the keeper of the last lighthouse
Marta Quill has looked at the sea for forty years. She keeps the lamp at Varn Point.
Do you swim?
No.
Never?
Once. It was cold.
Do you swim?
You asked me that. The answer has not changed in the last ten seconds, I am afraid."""

BRIEF = """Bridge shut for an hour
A swan closed the mill bridge on Sunday morning.
It left on foot.
Police said: “We let it finish.”"""

ONE_SENTENCE = "The night bus returns to the hill road in June, the company said."

CHANGES = """What is new in version 4
Added a search in saved pages
Fixed the width of tables
Removed the old settings
Changed the order of folders
Added an export of notes"""

KINDS = {
    "brief": BRIEF,
    "changes": CHANGES,
    "guide": GUIDE.replace("Advertisement\n", ""),
    "interview": INTERVIEW,
    "letter": LETTER,
    "one sentence": ONE_SENTENCE,
    "poem": POEM,
    "recipe": RECIPE,
    "results": RESULTS,
}


def read_aloud(text: str, source: ContentSource | None = None) -> list[str]:
    """Return what is read of a text: the title, if one is found, and the paragraphs."""
    article = clean(replace(read_text(text), source=source), MARKERS).article
    return [*([article.title] if article.title else []), *article.texts]


@pytest.mark.parametrize("source", [None, ContentSource.ARTICLE])
@pytest.mark.parametrize("text", KINDS.values(), ids=KINDS)
def test_article_of_any_kind_is_read_as_a_whole(
    text: str, source: ContentSource | None
) -> None:
    assert read_aloud(text, source) == text.splitlines()


@pytest.mark.parametrize("text", KINDS.values(), ids=KINDS)
def test_each_longer_beginning_of_an_article_reads_more(text: str) -> None:
    lines = text.splitlines()
    for count in range(1, len(lines) + 1):
        assert read_aloud("\n".join(lines[:count])) == lines[:count]


def test_advertisement_in_an_article_is_cut_and_nothing_after_it() -> None:
    expected = [line for line in GUIDE.splitlines() if line != "Advertisement"]

    assert read_aloud(GUIDE) == expected
    assert read_aloud(GUIDE, ContentSource.ARTICLE) == expected


@pytest.mark.parametrize(
    "line",
    [
        "By Ada Brook",
        "4 March 2031, 9:15",
        "Photo: Ada Brook",
        "Read more: Ferry sails again on Monday",
    ],
)
def test_single_line_of_a_page_does_not_make_an_article_a_page(line: str) -> None:
    lines = LETTER.splitlines()
    text = "\n".join([lines[0], line, *lines[1:]])

    assert [kept for kept in read_aloud(text) if kept != line] == lines


@pytest.mark.parametrize(
    "line",
    [
        "Sign up for our newsletter",
        "Subscribe to our newsletter and get the news in your inbox.",
        "Share this article",
    ],
)
def test_single_appeal_in_an_article_is_cut(line: str) -> None:
    lines = GUIDE.replace("Advertisement\n", "").splitlines()

    assert read_aloud("\n".join([*lines[:6], line, *lines[6:]])) == lines


def test_stated_article_keeps_what_is_not_an_advertisement_or_a_repeat() -> None:
    lines = LETTER.splitlines()
    appeal = "Sign up for our newsletter"

    text = "\n".join([*lines[:9], *lines[8:], appeal, "Advertisement"])

    assert read_aloud(text, ContentSource.ARTICLE) == [*lines, appeal]


def test_cleaned_article_is_left_alone_when_it_is_cleaned_again() -> None:
    once = clean(read_text(GUIDE), MARKERS)

    assert clean(once.article, MARKERS) == Cleaned(once.article, ())


def test_equal_details_of_different_entries_are_kept() -> None:
    text = """Five gardens to see in spring
We walked through all of them in the rain, and we would walk there again.
Varn Hall
The tulips of a man who hated tulips.
Open every day from ten until dusk.
The Priory
Nine kinds of moss, and a monk who knows their names.
Open every day from ten until dusk.
Mill Lane
A wall of pears that was planted in 1790.
Open every day from ten until dusk."""

    assert read_aloud(text) == text.splitlines()


def test_subhead_of_one_word_is_kept_between_paragraphs() -> None:
    text = """Harbour council plans for the winter
The council has three weeks to find four million crowns, and it has found none so far.
Jobs
Forty people work in the dredgers, and their contracts end on the last day of the year.
WHO WILL PAY FOR THE LAMP
The lamp at Varn Point was paid by the ferries, and the ferries are full of holes."""

    assert read_aloud(text) == text.splitlines()
