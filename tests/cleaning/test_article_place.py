"""Tests of the article's place on a copied page: prose, opening, labels."""

import numpy as np
import pytest

from service.cleaning import clean, load_markers
from service.cleaning.boilerplate import find_boilerplate
from service.cleaning.duplicates import find_repeated_labels
from service.cleaning.lines import Line
from service.cleaning.prose_score import is_prose, prose_value
from service.cleaning.text.edges import find_tail_labels
from service.cleaning.text.line_choice import choose_article_lines
from service.cleaning.text.opening import extend_to_opening
from service.cleaning.text.page_analysis import analyse_page
from service.cleaning.text.prose_run import find_prose_run
from service.page import read_text
from tests.support.copied_page import FOOTER, MENU, SECTIONS, STORY, to_lines

MARKERS = load_markers()


OPENING = [
    (
        "The mill on the river has stood since the bridge was built, and its cellars"
        " have never been as full of water as they were on Mill Street this week."
    ),
    (
        "What the warden of Mill Street carried out of his shop, he says, would fill"
        " the school and the quay, and he has written down every piece by hand."
    ),
]
OTHER_STORIES = [
    (
        "Bakers warn of dearer bread before the summer, since the harvest of wheat"
        " was poor in every county that grows it, a report found."
    ),
    (
        "Museums open a hall of lost umbrellas, which were found on trains and in"
        " taxis, and which their owners may claim until the autumn."
    ),
]
LIST = [f"{number} chairs of oak" for number in range(20)]
INTRODUCED = ["What he saved:", *LIST]


def test_run_of_prose_begins_with_the_opening_above_a_list() -> None:
    lines = to_lines([*SECTIONS, *OPENING, *INTRODUCED, *STORY])
    run = range(len(lines) - len(STORY), len(lines))

    assert extend_to_opening(lines, run, ()) == range(len(SECTIONS), len(lines))


@pytest.mark.parametrize(
    "above",
    [
        [*OPENING, *INTRODUCED[1:]],
        [OPENING[0], *INTRODUCED],
        [*(text.partition(",")[0] + "." for text in OPENING), *INTRODUCED],
        [*OTHER_STORIES, *INTRODUCED],
        [*OPENING, *INTRODUCED * 2],
    ],
    ids=["no introduction", "one paragraph", "short", "other words", "far above"],
)
def test_run_of_prose_does_not_begin_with_other_texts(above: list[str]) -> None:
    lines = to_lines([*SECTIONS, *above, *STORY])
    run = range(len(lines) - len(STORY), len(lines))

    assert extend_to_opening(lines, run, ()) == run


JOINED_HEADLINES = (
    "Ferry Strike Enters Second Week As Talks StallBakers Warn Of Dearer Bread Before "
    "Summer Museum Opens Hall Of Lost UmbrellasWhy The Winter Was So Kind To Bees "
    "Village Choir Goes On Tour With One Bus"
)


@pytest.mark.parametrize(
    ("text", "is_part"),
    [
        (" ".join(SECTIONS * 5), False),
        (JOINED_HEADLINES, False),
        (JOINED_HEADLINES.lower(), True),
        (JOINED_HEADLINES.upper(), True),
        ("Additional reporting by Ada Brook in Selby, Mina Farrow in Varn; " * 4, True),
    ],
    ids=["menu", "headlines", "sentence without a stop", "capitals", "credits"],
)
def test_long_line_without_a_full_stop_is_prose_unless_it_joins_labels(
    text: str, *, is_part: bool
) -> None:
    line = Line(0, text.strip())

    assert is_prose(line) is is_part
    assert (prose_value(line) > 0) is is_part


@pytest.mark.parametrize(("labels", "is_one"), [(12, True), (40, True), (90, False)])
def test_long_box_does_not_end_the_run_of_prose_and_a_page_of_labels_does(
    labels: int, *, is_one: bool
) -> None:
    half = STORY * 5
    lines = to_lines([*half, *(f"Label {number}" for number in range(labels)), *half])

    run = find_prose_run(lines, set(), set())

    assert run == range(len(lines) if is_one else len(half))


TITLE = "River floods Mill Street"


def test_label_of_every_item_is_cut_from_a_copied_page() -> None:
    label = "Look at the map of the flood"
    items = [text for paragraph in STORY for text in (paragraph, label)]
    story = [*OPENING, *items, *OTHER_STORIES]
    page = [*MENU, TITLE, "By Ada Brook", *story, *FOOTER]

    article = clean(read_text("\n".join(page)), MARKERS).article

    assert list(article.texts) == [text for text in story if text != label]


def test_place_of_the_article_begins_with_the_opening_above_a_list() -> None:
    rest = [*STORY, *OTHER_STORIES]
    lines = to_lines([*MENU, TITLE, *OPENING, *INTRODUCED, *rest, *FOOTER])

    page = analyse_page(lines, find_boilerplate(lines, MARKERS, "en", None), None)

    assert [lines[index].text for index in page.run][:2] == OPENING
    assert page.headline == len(MENU)


def test_best_run_of_prose_is_read_if_the_classifier_rejects_most_of_it() -> None:
    lines = to_lines([*MENU, TITLE, *OPENING, *STORY, *FOOTER])
    boilerplate = find_boilerplate(lines, MARKERS, "en", None)
    page = analyse_page(lines, boilerplate, None)
    unknown = [index for index in range(len(lines)) if index not in boilerplate.rules]

    chosen = choose_article_lines(page, unknown, np.full(len(unknown), 0.01))

    assert set(np.flatnonzero(chosen)) == set(page.run)


@pytest.mark.parametrize(
    "below",
    [
        ["Oskar Lindt", "Send your letters on this story to post@courier.example."],
        ["Mill Street", OPENING[0]],
    ],
    ids=["above an appeal", "above a repeat"],
)
def test_label_above_the_last_cut_is_cut_from_a_copied_page(below: list[str]) -> None:
    story = [*OPENING, *OTHER_STORIES, *STORY]
    page = [*MENU, TITLE, "By Ada Brook", *story, *below, *FOOTER]

    assert list(clean(read_text("\n".join(page)), MARKERS).article.texts) == story


@pytest.mark.parametrize(
    ("below", "read"),
    [
        (["Floods", "Mill Street", "Jonas Pell"], 0),
        (["Yours sincerely,", "Jonas Pell"], 2),
        (["What he took:", "a chair", "- a table", "- a bed"], 4),
        (["A table, a bed and two chairs"], 1),
    ],
    ids=["tags", "signature", "list", "longer line"],
)
def test_labels_below_the_last_prose_are_not_the_articles(
    below: list[str], read: int
) -> None:
    kept = to_lines([*STORY, *below])

    assert find_tail_labels(kept).keys() == set(range(len(STORY) + read, len(kept)))


def test_label_of_every_item_is_cut_and_a_refrain_is_not() -> None:
    label = "Price comparison from all shops"
    items = [text for chair in LIST for text in (chair, "It is of oak.", label)]
    song = ["The river, the river rises", "And the mill", "And the bell", "And I"] * 4
    lines = to_lines([*STORY, *items, *STORY, *song, *STORY])

    cut = find_repeated_labels(lines)

    assert {lines[place].text for place in cut} == {label}
    assert len(cut) == len(LIST)
