"""Tests of the sentences that say why a line was cut."""

import importlib
import pkgutil
import re
import tomllib
from collections.abc import Iterator

import service.cleaning
import service.page
from service.cleaning import Cut, clean, load_markers
from service.cleaning.markers import MarkerRule
from service.cleaning.markers.load_markers import packaged_languages
from service.cleaning.report import explain_cut
from service.page import decode, read_html, read_text
from service.page.elements import NON_ARTICLE_TAGS
from tests.support.paths import ROOT

SENTENCES = tomllib.loads((ROOT / "service" / "cleaning" / "rules.toml").read_text())
CORPUS = ROOT / "tests" / "cleaning" / "corpus"


def rules_of_modules() -> Iterator[str]:
    """Yield the names of the rules that modules define."""
    for package in (service.cleaning, service.page):
        for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            for value in vars(importlib.import_module(info.name)).values():
                if isinstance(value, MarkerRule):
                    yield value.name


def rules_of_corpus() -> Iterator[str]:
    """Yield the rules that cut lines of the corpus."""
    for page in CORPUS.glob("*/page.*"):
        text = decode(page.read_bytes())
        article = read_html(text) if page.suffix == ".html" else read_text(text)
        yield from (cut.rule for cut in clean(article, load_markers()).cuts)


def test_every_rule_has_a_sentence() -> None:
    of_markers = {
        phrase.rule.name
        for language in packaged_languages()
        for phrase in load_markers().phrases(language)
    }
    rules = {*of_markers, *rules_of_modules(), *rules_of_corpus()}
    rules |= set(NON_ARTICLE_TAGS.values())
    assert len(rules) > 30
    assert rules - SENTENCES.keys() == set()


def test_sentences_are_sorted_and_short() -> None:
    assert list(SENTENCES) == sorted(SENTENCES)
    for sentence in SENTENCES.values():
        assert re.fullmatch(r"[A-Z].{10,75}\.", sentence), sentence


def test_cut_without_a_reason_is_explained_by_its_rule() -> None:
    explained = explain_cut(Cut("advertisement", "Advertisement", 3))
    assert explained == Cut(
        "advertisement", "Advertisement", 3, (SENTENCES["advertisement"],)
    )


def test_reasons_of_the_classifier_follow_the_sentence_of_the_rule() -> None:
    cut = Cut("after-body", "More", 3, ("links-nearby",))
    assert explain_cut(cut).because == (SENTENCES["after-body"], "links-nearby")


def test_rule_of_a_publishers_own_markers_is_explained() -> None:
    (reason,) = explain_cut(Cut("horoscope", "Aries", 3)).because
    assert reason == "A phrase of the rule horoscope matches it."
