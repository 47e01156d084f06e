"""Tests of `ArticlePreparer.prepare`: options, limits and metadata."""

from dataclasses import replace

import pytest

from service.article import ContentSource
from service.errors import (
    ArticleTooLong,
    LanguageNotSpoken,
    NothingToRead,
    PageTooLong,
    UnsupportedOption,
)
from service.preparation import ArticlePreparer, ArticleRequest, load_preparer
from service.settings import ServiceSettings
from voices.errors import VoiceNotFound

FERRY = "The harbour ferry is late, the council said on Monday evening."
QUAY = "Passengers waited on the quay in the rain for most of the afternoon."
PAGE = f"Advertisement\n{FERRY}\n{QUAY}\nAdvertisement"


@pytest.fixture(name="preparer", scope="module")
def _preparer() -> ArticlePreparer:
    return load_preparer(ServiceSettings(voice="tone"))


def test_boilerplate_is_cut_by_default(preparer: ArticlePreparer) -> None:
    prepared = preparer.prepare(ArticleRequest(text=PAGE))

    assert prepared.cleaned.article.texts == (FERRY, QUAY)
    assert [cut.line for cut in prepared.cleaned.cuts] == [0, 3]


def test_clean_false_reads_every_line_as_sent(preparer: ArticlePreparer) -> None:
    prepared = preparer.prepare(ArticleRequest(text=PAGE, clean=False))

    assert prepared.cleaned.article.texts == tuple(PAGE.split("\n"))
    assert prepared.cleaned.cuts == ()
    assert prepared.script.sentences[0].text == "Advertisement"


def test_source_that_is_stated_reaches_the_cleaner(preparer: ArticlePreparer) -> None:
    for source in (None, *ContentSource):
        prepared = preparer.prepare(ArticleRequest(text=PAGE, source=source))
        assert prepared.cleaned.article.source is source


def test_html_of_an_article_alone_is_read_whole(preparer: ArticlePreparer) -> None:
    note = "The quay was built in 1904, and the harbour office keeps its first plan."
    table = "<tr><td>Quay</td><td>1</td></tr>" * 20
    html = (
        f"<h1>Late</h1><p>{FERRY}</p><aside><p>{note}</p></aside><p>{QUAY}</p>"
        "<figure><figcaption>The quay. Photo: Ada Brook</figcaption></figure>"
        f"<table>{table}</table>"
        "<p data-nosnippet>Do not quote this sentence of the council's notice.</p>"
    )

    request = ArticleRequest(html=html, source=ContentSource.ARTICLE)
    cleaned = preparer.prepare(request).cleaned

    assert cleaned.article.title == "Late"
    assert cleaned.article.texts == (FERRY, note, QUAY)
    rules = {cut.rule for cut in cleaned.cuts}
    assert rules == {"caption-or-credit", "table", "opted-out"}


def test_clean_false_does_not_take_a_line_for_the_title(
    preparer: ArticlePreparer,
) -> None:
    text = f"Ferry late in Wenlow\n{FERRY}\n{QUAY}"

    prepared = preparer.prepare(ArticleRequest(text=text, clean=False))

    assert prepared.cleaned.article.title is None
    assert prepared.cleaned.article.texts[0] == "Ferry late in Wenlow"


def test_clean_false_reads_lines_that_markup_omits(preparer: ArticlePreparer) -> None:
    html = (
        f'<article><p>{FERRY}</p><p data-outspoken="skip">Call the desk.</p>'
        f"<p>{QUAY}</p></article>"
    )

    prepared = preparer.prepare(ArticleRequest(html=html, title="Late", clean=False))

    assert prepared.cleaned.article.omitted == ()
    assert prepared.cleaned.article.texts == (FERRY, "Call the desk.", QUAY)


def test_clean_false_without_words_has_nothing_to_read(
    preparer: ArticlePreparer,
) -> None:
    with pytest.raises(NothingToRead):
        preparer.prepare(ArticleRequest(text="* * *", clean=False))


@pytest.mark.parametrize(
    ("sent", "option"),
    [
        (ArticleRequest(text=FERRY, speed=1.5), "Speed 1.5 in format mp3"),
        (ArticleRequest(text=FERRY, speed=0.75), "Speed 0.75 in format mp3"),
        (ArticleRequest(text=FERRY, format="opus"), "Speed 1 in format opus"),
    ],
)
def test_unsupported_speed_or_format_is_refused(
    preparer: ArticlePreparer, sent: ArticleRequest, option: str
) -> None:
    with pytest.raises(UnsupportedOption, match=f"^{option} is not available"):
        preparer.prepare(sent)


def test_options_are_checked_before_the_page_is_parsed(
    preparer: ArticlePreparer,
) -> None:
    limited = replace(preparer, max_html=1)
    with pytest.raises(UnsupportedOption):
        limited.prepare(ArticleRequest(html=f"<p>{FERRY}</p>", speed=2))
    with pytest.raises(PageTooLong):
        limited.prepare(ArticleRequest(html=f"<p>{FERRY}</p>"))


def test_article_over_the_limit_is_refused(preparer: ArticlePreparer) -> None:
    exact = replace(preparer, max_characters=len(FERRY) + len(QUAY))
    assert exact.prepare(ArticleRequest(text=PAGE)).script.sentences

    short = replace(preparer, max_characters=len(FERRY) + len(QUAY) - 1)
    with pytest.raises(ArticleTooLong):
        short.prepare(ArticleRequest(text=PAGE))


def test_unknown_voice_is_refused(preparer: ArticlePreparer) -> None:
    with pytest.raises(VoiceNotFound):
        preparer.prepare(ArticleRequest(text=FERRY, voice="en_US-absent-low"))


def test_language_that_the_voice_does_not_speak_is_refused(
    preparer: ArticlePreparer,
) -> None:
    request = ArticleRequest(
        text="Die Ebbe kam.", language="de", voice="en_US-joe-medium"
    )
    with pytest.raises(LanguageNotSpoken, match="in German"):
        preparer.prepare(request)


def test_metadata_of_the_sentreplaces_that_of_the_page(
    preparer: ArticlePreparer,
) -> None:
    html = (
        '<html lang="en"><head><meta name="author" content="Ben Shore"></head><body>'
        f"<article><h1>Late</h1><p>{FERRY}</p><p>{QUAY}</p></article></body></html>"
    )

    page = preparer.prepare(ArticleRequest(html=html)).cleaned.article
    request = ArticleRequest(html=html, byline="Ada Brook", published="2024-02-08")
    article = preparer.prepare(request).cleaned.article

    assert page.byline == "Ben Shore"
    assert (article.byline, article.published) == ("Ada Brook", "2024-02-08")


def test_key_depends_on_what_is_read_only(preparer: ArticlePreparer) -> None:
    key = preparer.prepare(ArticleRequest(text=PAGE)).key

    byline = ArticleRequest(text=PAGE, byline="Ada Brook", tags=("sea",))
    assert preparer.prepare(byline).key == key
    assert preparer.prepare(ArticleRequest(text=PAGE, clean=False)).key != key
