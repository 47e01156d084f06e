"""What is said around an article, and how long the silences are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.article import Article
from service.script import Announcements, Pauses, write_script
from service.script.announcements import fields_of
from tests.support.articles import plain_article
from voices.sentence import TITLE, Sentence
from workers.narration import title_of

TOLD = plain_article(
    "Rain falls",
    ("It rained.",),
    byline="By Ada Moss",
    published="2024-02-08T10:00:00+00:00",
)
UNTOLD = plain_article("Rain falls", ("It rained.",))


def said(
    intro: str, article: Article = TOLD, outro: str = "", publication: str = "The Tide"
) -> list[Sentence]:
    announcements = Announcements(intro, outro, publication)
    return list(write_script(article, announcements=announcements).sentences)


@pytest.mark.parametrize(
    ("intro", "told", "untold"),
    [
        ("From {publication}.", ["From The Tide."], ["From The Tide."]),
        (
            "From {publication}, {date}.",
            ["From The Tide, February eighth, twenty twenty four."],
            ["From The Tide."],
        ),
        ("By {byline}, for us all.", ["By Ada Moss, for us all."], ["For us all."]),
        ("Hello. Read by {byline}.", ["Hello.", "Read by Ada Moss."], ["Hello."]),
        ("{date}.", ["February eighth, twenty twenty four."], []),
    ],
)
def test_a_clause_without_its_field_is_left_out(
    intro: str, told: list[str], untold: list[str]
) -> None:
    end = ["Rain falls.", "It rained."]
    assert [one.spoken for one in said(intro, TOLD)] == told + end
    assert [one.spoken for one in said(intro, UNTOLD)] == untold + end


def test_an_intro_that_names_the_title_stands_in_for_it() -> None:
    sentences = said("From {publication}: {title}, by {byline}.")
    spoken = [one.spoken for one in sentences]
    assert spoken == ["From The Tide,", "Rain falls.", "by Ada Moss.", "It rained."]
    assert sentences[0].pause_after == Pauses().clause
    assert sentences[2].pause_after == Pauses().title


def test_the_title_keeps_its_spans_and_other_words_have_none() -> None:
    article = said("From {publication}: {title}.", outro="Spoken by a machine.")
    spans = [[token.span for token in one.tokens] for one in article]
    assert set(spans[0]) == {None} == set(spans[-1])
    assert all(span and span.paragraph == TITLE for span in spans[1])
    announcements = Announcements("Here is {title}", "Bye.", "The Tide")
    script = write_script(TOLD, announcements=announcements)
    assert title_of(script) == "Rain falls"


def test_an_outro_is_said_last_and_not_of_nothing() -> None:
    assert said("", outro="The end.")[-1].spoken == "The end."
    assert said("", plain_article(None, ("* * *",)), "The end.") == []


def test_a_date_is_printed_as_the_articles_country_does() -> None:
    british = plain_article(None, ("Rain.",), published="2024-02-08", language="en-GB")
    german = plain_article(None, ("Regen.",), published="2024-02-08", language="de")
    broken = plain_article(None, ("Rain.",), published="soon")
    assert said("{date}.", british)[0].text == "8 February 2024."
    assert len(said("{date}.", german)) == len(said("{date}.", broken)) == 1


@pytest.mark.parametrize("template", ["{reader}", "{title!r}", "{title:x}", "{", "{}"])
def test_a_template_that_cannot_be_filled_is_refused(template: str) -> None:
    with pytest.raises(ValueError, match=r"field|brace|'\{'|'\}'"):
        list(fields_of(template))


@given(st.text(), st.text(), st.text(), st.text())
def test_any_byline_publication_and_title_can_be_announced(
    title: str, byline: str, publication: str, published: str
) -> None:
    article = plain_article(title, ("It rained.",), byline=byline, published=published)
    template = "{publication}, {date}: {title}, by {byline}."
    for sentence in said(template, article, template, publication):
        assert not any(character.isdigit() for character in sentence.spoken)
        assert "[[" not in sentence.spoken


PARAGRAPHS = (
    "The tide turned at noon on Monday. Nobody saw it.",
    "What is known so far",
    "• The gate was open, the keeper said.",
    "2) The bell did not ring for an hour.",
    "- It was cold.",
    "The council will meet on Tuesday to talk about it.",
    "“We did not sleep, and nobody came to help us.”",
    "“We waited,” she said, “until the light went out.”",
    "A short last line",
)


def test_silences_follow_what_a_paragraph_is() -> None:
    pauses = Pauses(7, 6, 5, 4, 3, 2, 1)
    article = plain_article("Tide", PARAGRAPHS)
    after = [one.pause_after for one in write_script(article, pauses).sentences]
    assert after == [7, 2, 5, 6, 3, 3, 3, 5, 4, 5, 5]


def test_a_subhead_is_shown_without_a_full_stop() -> None:
    sentences = write_script(plain_article(None, PARAGRAPHS)).sentences
    assert sentences[2].text == "What is known so far"


def test_silences_are_set_in_seconds() -> None:
    assert Pauses.of_seconds({"paragraph": 0.7, "item": 0}).paragraph == 700
    for wrong in ({"title": -1}, {"title": float("nan")}, {"title": "1"}, {"end": 1}):
        with pytest.raises(ValueError, match=r"title|end"):
            Pauses.of_seconds(wrong)
