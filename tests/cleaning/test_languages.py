"""Tests of pages in other languages than English: phrases, dates and headlines."""

import tomllib
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path

import pytest

from service.cleaning import clean, load_markers
from service.cleaning.lines import Line
from service.page import read_html, read_text

HERE = Path(__file__).parent
MARKERS = load_markers()
Page = Mapping[str, list[str]]
PAGES = tomllib.loads((HERE / "languages.toml").read_text("utf-8"))
languages = pytest.mark.parametrize("language", PAGES)


def lines_of_article(page: Page) -> Iterator[str]:
    """Yield the paragraphs with what is between them."""
    for number, paragraph in enumerate(page["paragraphs"]):
        yield paragraph
        if number < len(page["between"]):
            yield from page["between"][number]


def to_text(page: Page) -> str:
    lines = (*page["above"], page["headline"], *page["byline"])
    return "\n".join((*lines, *lines_of_article(page), *page["below"]))


def to_html(page: Page, language: str) -> str:
    def paragraphs(lines: Iterator[str] | list[str]) -> str:
        return "".join(f"<p>{escape(line)}</p>\n" for line in lines)

    links = "".join(f'<li><a href="/">{line}</a></li>' for line in page["above"])
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8">'
        f"<title>{escape(page['headline'])}</title></head><body><nav><ul>{links}</ul>"
        f"</nav><main><h1>{escape(page['headline'])}</h1>{paragraphs(page['byline'])}"
        f"{paragraphs(lines_of_article(page))}</main>"
        f"<footer>{paragraphs(page['below'])}</footer></body></html>"
    )


@languages
def test_copied_page_is_reduced_to_its_article(language: str) -> None:
    page = PAGES[language]

    cleaned = clean(read_text(to_text(page)), MARKERS)

    assert cleaned.article.title == page["headline"]
    assert list(cleaned.article.texts) == page["paragraphs"]


@languages
def test_marked_up_page_is_reduced_to_its_article(language: str) -> None:
    page = PAGES[language]

    cleaned = clean(read_html(to_html(page, language)), MARKERS)

    assert cleaned.article.title == page["headline"]
    assert list(cleaned.article.texts) == page["paragraphs"]


@languages
def test_advertisements_and_headings_between_paragraphs_have_rules(
    language: str,
) -> None:
    page = PAGES[language]
    rules = {
        cut.text: cut.rule for cut in clean(read_text(to_text(page)), MARKERS).cuts
    }

    advertisement, related, newsletter = page["between"]
    assert rules[advertisement[0]] == "advertisement"
    assert {rules[line] for line in related} == {"related"}
    assert rules[newsletter[0]] in {"newsletter", "menu"}
    assert rules[page["above"][0]] == "menu"


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("cs", "4. března 2031 v 12:30"),
        ("de", "Mo., 3. März 2031, 14.30 Uhr"),
        ("es", "hace 2 horas"),
        ("fr", "mardi 4 mars 2031 à 9h05"),
        ("it", "mercoledì 5 marzo 2031 alle 18:02"),
        ("ja", "2031年3月4日 午後2時30分"),
        ("nl", "di 4 maart 2031 om 14.30"),
        ("pl", "środa, 5 marca 2031, godz. 12:30"),
        ("pt", "04 de março de 2031, às 14h30"),
        ("ru", "вторник, 4 марта 2031, 12:30 МСК"),
        ("tr", "4 Mart 2031 Salı 12:30"),
        ("zh", "2031年03月04日 星期二 12:30"),
    ],
)
def test_date_in_words_of_its_language_is_a_date(language: str, line: str) -> None:
    rule = MARKERS.find_rule(Line(0, line), language)

    assert rule is not None
    assert rule.name == "timestamp-alone"
