"""Announcements around an article, and pauses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.article import Article
from service.script import Announcements, Pauses, write_script
from service.script.announcements import fields_of
from tests.support.articles import plain_article
from voices.sentence import TITLE, Sentence
from workers.narration import title_of

COMPLETE = plain_article(
    "Rain falls",
    ("It rained.",),
    byline="By Ada Moss",
    published="2024-02-08T10:00:00+00:00",
)
BARE = plain_article("Rain falls", ("It rained.",))


def sentences_of(
    intro: str,
    article: Article = COMPLETE,
    outro: str = "",
    publication: str = "The Tide",
) -> list[Sentence]:
    announcements = Announcements(intro, outro, publication)
    return list(write_script(article, announcements=announcements).sentences)


def spoken_of(sentences: list[Sentence]) -> list[str]:
    return [sentence.spoken for sentence in sentences]


@pytest.mark.parametrize(
    ("intro", "complete", "bare"),
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
def test_announcement_omits_clause_without_its_field(
    intro: str, complete: list[str], bare: list[str]
) -> None:
    end = ["Rain falls.", "It rained."]
    assert spoken_of(sentences_of(intro, COMPLETE)) == complete + end
    assert spoken_of(sentences_of(intro, BARE)) == bare + end


def test_intro_with_title_replaces_the_headline() -> None:
    sentences = sentences_of("From {publication}: {title}, by {byline}.")
    spoken = spoken_of(sentences)
    assert spoken == ["From The Tide,", "Rain falls.", "by Ada Moss.", "It rained."]
    assert sentences[0].pause_after == Pauses().clause
    assert sentences[2].pause_after == Pauses().title


def test_only_title_words_of_announcements_have_spans() -> None:
    template = "From {publication}: {title}."
    sentences = sentences_of(template, outro="Spoken by a machine.")
    spans = [[token.span for token in sentence.tokens] for sentence in sentences]
    assert set(spans[0]) == {None} == set(spans[-1])
    assert all(span and span.paragraph == TITLE for span in spans[1])
    announcements = Announcements("Here is {title}", "Bye.", "The Tide")
    script = write_script(COMPLETE, announcements=announcements)
    assert title_of(script) == "Rain falls"


def test_outro_comes_last_and_not_in_an_empty_script() -> None:
    assert sentences_of("", outro="The end.")[-1].spoken == "The end."
    assert sentences_of("", plain_article(None, ("* * *",)), "The end.") == []


def test_announced_date_follows_the_article_language() -> None:
    british = plain_article(None, ("Rain.",), published="2024-02-08", language="en-GB")
    german = plain_article(None, ("Regen.",), published="2024-02-08", language="de")
    broken = plain_article(None, ("Rain.",), published="soon")
    assert sentences_of("{date}.", british)[0].text == "8 February 2024."
    assert len(sentences_of("{date}.", german)) == 1
    assert len(sentences_of("{date}.", broken)) == 1


@pytest.mark.parametrize("template", ["{reader}", "{title!r}", "{title:x}", "{", "{}"])
def test_template_with_unknown_field_or_brace_is_rejected(template: str) -> None:
    with pytest.raises(ValueError, match=r"field|brace|'\{'|'\}'"):
        list(fields_of(template))


@given(st.text(), st.text(), st.text(), st.text())
def test_announcement_takes_any_byline_publication_and_title(
    title: str, byline: str, publication: str, published: str
) -> None:
    article = plain_article(title, ("It rained.",), byline=byline, published=published)
    template = "{publication}, {date}: {title}, by {byline}."
    for sentence in sentences_of(template, article, template, publication):
        assert not any(character.isdigit() for character in sentence.spoken)
        assert "[[" not in sentence.spoken


PARAGRAPHS = (
    "The tide turned at noon on Monday. No one saw it.",
    "What is known so far",
    "• The gate was open, the keeper said.",
    "2) The bell did not ring for an hour.",
    "- It was cold.",
    "The council will meet on Tuesday to talk about it.",
    "“We did not sleep, and no one came to help us.”",
    "“We waited,” she said, “until the light went out.”",
    "A short last line",
)


def test_pause_follows_the_form_of_the_paragraph() -> None:
    pauses = Pauses(7, 6, 5, 4, 3, 2, 1)
    article = plain_article("Tide", PARAGRAPHS)
    sentences = write_script(article, pauses).sentences
    pauses_after = [sentence.pause_after for sentence in sentences]
    assert pauses_after == [7, 2, 5, 6, 3, 3, 3, 5, 4, 5, 5]


def test_subhead_text_has_no_full_stop() -> None:
    sentences = write_script(plain_article(None, PARAGRAPHS)).sentences
    assert sentences[2].text == "What is known so far"


def test_pauses_are_set_in_seconds() -> None:
    assert Pauses.of_seconds({"paragraph": 0.7, "item": 0}).paragraph == 700
    for wrong in ({"title": -1}, {"title": float("nan")}, {"title": "1"}, {"end": 1}):
        with pytest.raises(ValueError, match=r"title|end"):
            Pauses.of_seconds(wrong)
