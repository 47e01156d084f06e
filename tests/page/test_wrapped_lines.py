"""Tests of text with hard-wrapped lines: paragraphs are joined, other lines are not."""

import textwrap
from collections.abc import Iterator
from itertools import cycle, islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.page import read_text

SENTENCES = (
    "The harbour ferry left the quay on Monday for the first time in nine days.",
    "It will sail every hour, the council said, if the wind allows it.",
    "“We have waited long enough,” said Ada Brook, who sells the tickets.",
    "Passengers cheered.",
    "The two-mile crossing takes twenty minutes, and a well-known baker sells pies.",
    "Repairs cost £3.2 million, or 42 per cent more than estimated in May 2019.",
    "No one could say - not even the harbour master - why the mooring gave way.",
    "Mr. Nye asked the Ministry of Transport in London for a wall; it is silent.",
    "He said: “Look at the stones. A third of them have moved.”",
    "Is it safe to cross in the dark? The skipper thinks so.",
    "Boats of the 19th and 20th centuries were slower — and far louder.",
)
ARTICLES = st.builds(
    lambda first, second, sizes: paragraphs_of([*first, *second], sizes),
    st.permutations(SENTENCES),
    st.permutations(SENTENCES),
    st.lists(st.integers(1, 6), min_size=22, max_size=22),
)

PROSE = [" ".join(SENTENCES[start : start + 4]) for start in range(0, 8, 2)]


def paragraphs_of(sentences: list[str], sizes: list[int]) -> list[str]:
    """Join sentences to paragraphs of these numbers of sentences."""
    rest = iter(sentences)
    return list(filter(None, (" ".join(islice(rest, size)) for size in sizes)))


def wrapped(paragraphs: list[str], width: int, **options: str) -> str:
    return "\n\n".join(
        "\n".join(textwrap.wrap(paragraph, width, **options))
        for paragraph in paragraphs
    )


def among_prose(block: str, width: int = 72) -> str:
    """Return a block of lines between wrapped paragraphs."""
    return f"{wrapped(PROSE[:2], width)}\n\n{block}\n\n{wrapped(PROSE[2:], width)}"


def lines_of(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


@given(ARTICLES, st.integers(50, 100))
def test_wrapped_article_is_read_as_its_paragraphs(
    paragraphs: list[str], width: int
) -> None:
    assert list(read_text(wrapped(paragraphs, width)).texts) == paragraphs


def evened(paragraph: str, width: int, shorter: Iterator[int]) -> str:
    """Wrap a paragraph, each line up to a few characters short of the width."""
    lines: list[str] = []
    while paragraph:
        lines += textwrap.wrap(paragraph, width - next(shorter))[:1]
        paragraph = paragraph.removeprefix(lines[-1]).lstrip()
    return "\n".join(lines)


@pytest.mark.parametrize("width", [64, 70, 75, 80])
def test_article_with_evened_lines_is_read_as_its_paragraphs(width: int) -> None:
    shorter = cycle([0, 3, 5, 1, 4])
    text = "\n\n".join(evened(paragraph, width, shorter) for paragraph in PROSE)
    assert list(read_text(text).texts) == PROSE


@given(ARTICLES, st.integers(50, 100))
def test_article_with_a_line_per_paragraph_is_unchanged(
    paragraphs: list[str], width: int
) -> None:
    lines = [
        line for paragraph in paragraphs for line in (paragraph, paragraph[:width])
    ]
    assert list(read_text("\n".join(paragraphs)).texts) == paragraphs
    assert list(read_text("\n".join(lines)).texts) == [line.strip() for line in lines]


POEM = """\
The tide comes in, the tide goes out,
And no one has asked it why,
The gulls have nothing to shout about
But shout the whole of the morning by.

The boats lie down upon their side
As old men do when work is done,
And wait for nothing but the tide,
And dry their ropes out in the sun.
"""
BROAD_POEM = """\
I have walked the length of the harbour wall with the rain in my collar and hair,
And counted the boats that came in from the dark, and the ones that are no longer there;
And I said to the man who was mending a net: Is there anything left for the sea
That it has not already been given, by you, and your father, and him, and by me?
"""
RECIPE = """\
200 g plain flour
1 tsp salt
2 large eggs, beaten with a fork
a handful of chopped parsley, and more to serve
50 ml cold milk
"""
SIGNATURE = """\
Yours faithfully,
Lena Sorby
Café Sorby, 4 Quay Street, Tern Point
Harald Nye, for the traders of the harbour
and 34 others
"""
MUSEUMS = """\
The Clock House, open every day but Monday
The Museum of Broken Things in the old customs house
The Lamp Room
The Salt Museum, by appointment only
The House of Letters, upstairs, above the baker's
"""
TABLE = """\
Ward          For   Against   Turnout of the registered voters
Quay            1         2   forty-one and a half per cent it is
Mill            3         0   thirty-nine and a half per cent, it is
"""
OTHER_KINDS = (POEM, BROAD_POEM, RECIPE, SIGNATURE, MUSEUMS, TABLE)


@pytest.mark.parametrize("block", OTHER_KINDS)
def test_verse_lists_addresses_and_tables_are_read_line_by_line(block: str) -> None:
    assert list(read_text(block).texts) == lines_of(block)


@pytest.mark.parametrize("width", [55, 64, 72, 80])
@pytest.mark.parametrize("block", [POEM, RECIPE, SIGNATURE, TABLE])
def test_other_lines_stay_alone_among_wrapped_paragraphs(
    block: str, width: int
) -> None:
    texts = list(read_text(among_prose(block, width)).texts)
    assert texts == [*PROSE[:2], *lines_of(block), *PROSE[2:]]


@pytest.mark.parametrize("marker", ["- ", "• ", "1. ", "(a) "])
@pytest.mark.parametrize("separator", ["\n", "\n\n"])
def test_wrapped_list_items_are_joined_each(marker: str, separator: str) -> None:
    items = [marker + sentence for sentence in SENTENCES[:6]]
    block = separator.join(
        "\n".join(textwrap.wrap(item, 60, subsequent_indent=" " * len(marker)))
        for item in items
    )
    texts = list(read_text(among_prose(f"The rules are:\n{block}", 60)).texts)
    assert texts == [*PROSE[:2], "The rules are:", *items, *PROSE[2:]]


def test_dash_at_the_beginning_of_a_wrapped_line_begins_no_item() -> None:
    paragraph = (
        "No one could say why the mooring of the old boat had given way on Monday\n"
        "- not even the harbour master, who had inspected it himself in the week\n"
        "before the storm and found nothing wrong."
    )
    assert list(read_text(among_prose(paragraph)).texts) == [
        *PROSE[:2],
        paragraph.replace("\n", " "),
        *PROSE[2:],
    ]


def test_subhead_directly_above_a_paragraph_stays_alone() -> None:
    block = "Why it broke\n" + wrapped(PROSE[:1], 72)
    texts = list(read_text(among_prose(block)).texts)
    assert texts == [*PROSE[:2], "Why it broke", PROSE[0], *PROSE[2:]]


def test_indented_first_line_begins_a_paragraph() -> None:
    text = "\n".join(
        "\n".join(textwrap.wrap(paragraph, 65, initial_indent="    "))
        for paragraph in PROSE
    )
    assert list(read_text(text).texts) == PROSE


def test_indented_block_is_joined() -> None:
    block = "\n".join(
        textwrap.wrap(PROSE[0], 72, initial_indent="    ", subsequent_indent="    ")
    )
    assert list(read_text(among_prose(block)).texts) == [
        *PROSE[:2],
        PROSE[0],
        *PROSE[2:],
    ]


def test_quoted_mail_is_left_as_it_is() -> None:
    quoted = "\n".join(f"> {line}" for line in textwrap.wrap(PROSE[0], 70))
    texts = list(read_text(among_prose(quoted)).texts)
    assert texts == [*PROSE[:2], *quoted.splitlines(), *PROSE[2:]]


def test_address_that_is_wider_than_the_text_does_not_prevent_joining() -> None:
    link = "https://news.example/" + "harbour/" * 12
    block = f"See {link}"
    assert list(read_text(among_prose(block)).texts) == [
        *PROSE[:2],
        block,
        *PROSE[2:],
    ]


@pytest.mark.parametrize(
    ("elsewhere", "joined"),
    [
        ("The breakwater held.", "the breakwater was"),
        ("The break-water held.", "the break-water was"),
        ("The wall held.", "the break-water was"),
    ],
)
def test_divided_word_is_joined_if_the_text_has_it_elsewhere(
    elsewhere: str, joined: str
) -> None:
    divided = (
        "Engineers measured the stones at low tide and found that the break-\n"
        "water was two feet lower than the plan of the harbour office says."
    )
    texts = read_text(among_prose(f"{divided}\n\n{elsewhere}")).texts
    assert joined in texts[2]


def test_hyphen_before_a_conjunction_is_followed_by_a_space() -> None:
    block = (
        "The museum of the harbour keeps the drawings of all boats of the 19th-\n"
        "and 20th-century fleets, and the letters of their captains to the town."
    )
    assert "19th- and 20th-century" in read_text(among_prose(block)).texts[2]


def test_short_wrapped_text_is_joined_in_mid_sentence_only() -> None:
    joined = "The mayor said on Tuesday that the bridge would be closed\nuntil March."
    apart = "Mayor says bridge will be closed for the whole of the winter\nBy Ada Brook"
    assert read_text(joined).texts == (joined.replace("\n", " "),)
    assert list(read_text(apart).texts) == apart.splitlines()


def test_wrapped_text_of_a_script_without_case_is_joined() -> None:
    paragraph = "قال رئيس البلدية إن الجسر سيغلق أمام حركة المرور حتى نهاية الشهر " * 4
    paragraphs = [paragraph.strip()] * 3
    assert list(read_text(wrapped(paragraphs, 60)).texts) == paragraphs


def test_lines_of_a_script_without_spaces_are_left_as_they_are() -> None:
    text = "\n".join(["市長は火曜日に橋が三月まで閉鎖されると述べた。" * 2] * 4)
    assert list(read_text(text).texts) == text.splitlines()
