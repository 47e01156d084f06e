"""Tests of language detection."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.page import read_html, read_text
from service.page.language import detect_language, language_name

HERE = Path(__file__)
_CASES = tomllib.loads(HERE.with_name("languages.toml").read_text("utf-8"))
TEXTS: dict[str, str] = _CASES["sentences"]
ENGLISH: list[str] = _CASES["english"]["with_foreign_names"]


@pytest.mark.parametrize("tag", TEXTS)
def test_language_is_detected(tag: str) -> None:
    assert detect_language([TEXTS[tag]]) == tag


@pytest.mark.parametrize("text", ENGLISH)
def test_english_with_foreign_names_is_not_another_language(text: str) -> None:
    assert detect_language([text]) in {"en", None}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Bonjour à tous",
        "6-4, 7-6 (7-5)",
        f"{TEXTS['en'][:60]} {TEXTS['ru']}",
        "\ud800" * 50,
    ],
)
def test_short_or_mixed_text_has_no_language(text: str) -> None:
    assert detect_language([text]) is None


def test_menus_are_ignored_next_to_prose() -> None:
    menu = ["Home", "News", "Sign in", "About us", "The best of the week"] * 10
    assert detect_language([*menu, TEXTS["fr"]]) == "fr"


def test_declared_language_is_preferred_to_the_detected_one() -> None:
    assert read_text(TEXTS["de"]).language == "de"
    assert read_text("Kurz.").language == "en"
    page = "<html{}><article><p>" + TEXTS["sv"] + "</p></article></html>"
    assert read_html(page.format("")).language == "sv"
    assert read_html(page.format(' lang="nb"')).language == "nb"


def test_languages_have_names() -> None:
    assert language_name("fr-CA") == "French"
    assert language_name("tlh") == "the language 'tlh'"


@given(st.lists(st.text()))
def test_detection_accepts_any_text(paragraphs: list[str]) -> None:
    assert detect_language(paragraphs) == detect_language(paragraphs)
