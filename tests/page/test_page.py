"""Tests of reading pages: decoding, text, HTML, metadata, selectors."""

import codecs
import json
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.article import Article
from service.cleaning import clean, load_markers
from service.errors import (
    InvalidSelector,
    InvalidSettings,
    UnreadableInput,
)
from service.page import PageOptions, decode, read_html, read_text
from service.reading_options import page_options_of
from service.settings import read_settings

TAGS = (
    *("p", "div", "b", "li", "ul", "h1", "h2", "a", "br", "td", "table", "tr", "aside"),
    *("blockquote", "figure", "script", "span", "article", "head", "title", "html"),
)
PIECES = (
    *(f"<{tag}>" for tag in TAGS),
    *(f"</{tag}>" for tag in TAGS),
    *("&", "<", "\ud800", "\0", "a", "é", "<!--", "-->", "<?x", "<![CDATA[", "&#0;"),
    '<p class="sr-only" hidden data-nosnippet>',
    '<div id="a" style="display: none" data-outspoken=skip>',
    '<script type="application/ld+json">{"@type": "Article", "author": [1, {}]}',
    '<meta property="og:title" content="One">',
    "The river rose two metres overnight and reached the old mill. ",
)
ANY = st.text(st.characters(codec=None))
HTML = ANY | st.lists(st.sampled_from(PIECES)).map("".join)
SELECTORS = st.builds(
    PageOptions,
    st.lists(st.sampled_from(["p", "#a", "html", "div > b"])).map(tuple),
    st.lists(st.sampled_from(["li", "body", ".sr-only", "b"])).map(tuple),
)

STORY = "".join(
    f"<p>The river rose {metres} metres overnight and reached the cellars of the old "
    "mill, the flood warden said on Tuesday, and then it fell again.</p>"
    for metres in ("two", "three", "four", "five")
)
HEADLINE = "River floods cellars"
PAGE = (
    f'<html lang="en-GB"><head><title>{HEADLINE} | The Post</title>'
    '<meta name="author" content="Ada Brook">'
    '<meta property="og:image" content="https://post.example/flood.jpg">'
    '<meta property="article:published_time" content="2021-03-04T06:00:00Z"></head>'
    f"<body><article><h1>{HEADLINE}</h1><div>{STORY}</div></article></body></html>"
)


def texts_read(article: Article) -> list[str]:
    omitted_lines = {omitted.line for omitted in article.omitted}
    return [
        text for line, text in enumerate(article.texts) if line not in omitted_lines
    ]


def omission_rules(article: Article) -> dict[str, str]:
    return {article.texts[omitted.line]: omitted.rule for omitted in article.omitted}


def with_head(head: str) -> Article:
    return read_html(f"<html><head>{head}</head><body>{STORY}</body></html>")


def with_data(**thing: object) -> Article:
    data = json.dumps({"@graph": [{"@type": "NewsArticle", **thing}]})
    return with_head(f'<script type="application/ld+json">{data}</script>')


def test_text_has_a_paragraph_per_non_blank_line() -> None:
    article = read_text("  One.\n\n\t\nTwo\u00a0words. \r\nThree.", title=" Title ")

    assert article.texts == ("One.", "Two\u00a0words.", "Three.")
    assert article.title == "Title"


@given(ANY)
def test_text_keeps_every_code_point_except_white_space(text: str) -> None:
    article = read_text(text)

    kept = "".join("".join(article.texts).split())
    assert kept == "".join(text.split())


@pytest.mark.parametrize(
    "data",
    [
        "Café.".encode(),
        codecs.BOM_UTF8 + "Café.".encode(),
        codecs.BOM_UTF16_LE + "Café.".encode("utf-16-le"),
        codecs.BOM_UTF16_BE + "Café.".encode("utf-16-be"),
    ],
)
def test_utf_8_and_utf_16_with_byte_order_mark_are_decoded(data: bytes) -> None:
    assert decode(data) == "Café."


@pytest.mark.parametrize(
    "data",
    [b"Caf\xe9.", b"ID3\0\0", b"\xff\xfb\x90\x64", codecs.BOM_UTF16_LE + b"\0\xd8a"],
)
def test_binary_and_other_encodings_are_refused(data: bytes) -> None:
    with pytest.raises(UnreadableInput, match="send"):
        decode(data)


@given(st.binary())
def test_any_bytes_are_decoded_or_refused(data: bytes) -> None:
    try:
        text = decode(data)
    except UnreadableInput:
        return
    assert "\0" not in text


def test_html_has_paragraphs_and_metadata() -> None:
    article = read_html(PAGE, url="https://post.example/river")

    assert article.title == HEADLINE
    assert len(texts_read(article)) == 4
    assert texts_read(article)[0].startswith("The river rose two metres")
    assert article.byline == "Ada Brook"
    assert article.published == "2021-03-04"
    assert article.language == "en-GB"
    assert article.url == "https://post.example/river"
    assert article.image == "https://post.example/flood.jpg"


def test_metadata_is_read_from_json_ld() -> None:
    article = with_data(
        headline="Mill under water",
        author=[{"name": "Ada Brook"}, {"name": "Jo Pell"}, {"name": "Ada Brook"}],
        datePublished="2031-05-06T07:08:09+02:00",
        image={"url": "https://post.example/mill.jpg"},
    )

    assert article.title == "Mill under water"
    assert article.byline == "Ada Brook, Jo Pell"
    assert article.published == "2031-05-06"
    assert article.image == "https://post.example/mill.jpg"


@pytest.mark.parametrize(
    "thing",
    [
        {"author": 3, "headline": {}, "datePublished": [None], "image": [[]]},
        {"author": [None, 1, {"name": None}], "datePublished": "2031-13-45"},
        {"author": "https://post.example/ada", "image": "javascript:alert(1)"},
        {"@type": [{}, None, "NewsArticle"], "mainEntity": "x"},
    ],
)
def test_json_ld_of_wrong_types_is_ignored(
    thing: dict[str, object],
) -> None:
    article = with_data(**thing)

    assert (article.title, article.byline, article.published) == (None, None, None)
    assert article.image is None


def test_invalid_json_ld_is_skipped() -> None:
    broken = '<script type="application/ld+json">'
    deep = "[" * 100_000

    article = with_head(f"{broken}{{</script>{broken}{deep}</script><title>T</title>")

    assert article.title == "T"


def test_site_name_is_removed_from_headline() -> None:
    assert with_head("<title>Tide turns - The Post</title>").title == "Tide turns"


def test_displayed_headline_is_preferred_to_one_for_sharing() -> None:
    shared = '<meta property="og:title" content="What the river did to these cellars">'
    page = PAGE.replace("<meta", f"{shared}<meta", 1)

    assert read_html(page).title == HEADLINE


TITLES = {
    "h1 that links to the front page": (
        '<title>River floods | Mill Post</title><h1><a href="/">The Mill Post</a></h1>',
        "River floods",
    ),
    "h1 that links to the article": (
        '<title>Flood | Post</title><h1><a href="/flood">Flood fills cellars</a></h1>',
        "Flood fills cellars",
    ),
    "h1 that is another headline": (
        "<title>The river is up</title><h1 itemprop=alternativeHeadline>River</h1>",
        "The river is up",
    ),
    "title for sharing in a smaller heading": (
        "<title>Mill</title><meta name=twitter:title content=Flood><h3>Mill</h3>",
        "Mill",
    ),
    "value in place of content": (
        '<meta name="og:title" value="River floods"><h2>Mill Street</h2>',
        "River floods",
    ),
}


@pytest.mark.parametrize(("html", "title"), TITLES.values(), ids=TITLES)
def test_headline_is_the_declared_title_that_the_page_displays(
    html: str, title: str
) -> None:
    assert read_html(f"<html><body>{html}<article>{STORY}").title == title


@pytest.mark.parametrize(
    ("html", "language"),
    [
        ('<html lang="de"><p>a', "de"),
        ('<html lang="??"><p>a', "en"),
        ('<meta property="og:locale" content="pt_BR"><p>a', "pt-BR"),
        ("<p>a", "en"),
    ],
)
def test_language_is_read_from_attributes_and_metadata(
    html: str, language: str
) -> None:
    assert read_html(html).language == language


def test_given_title_replaces_headline_of_html() -> None:
    assert read_html(PAGE, title="Mine").title == "Mine"


def test_comment_inside_a_paragraph_loses_no_words() -> None:
    page = PAGE.replace("overnight and", "overnight<!-- --> and")

    assert read_html(page).texts == read_html(PAGE).texts


def test_html_that_declares_an_encoding_is_read() -> None:
    declared = '<?xml version="1.0" encoding="iso-8859-1"?>' + PAGE

    assert read_html(declared).texts == read_html(PAGE).texts


def test_page_without_main_text_is_returned_line_by_line() -> None:
    page = "<body><div>One</div><script>no</script>and <b>two</b><br>three</body>"

    article = read_html(page)

    assert article.texts == ("One", "and two", "three")
    assert article.omitted == ()


@pytest.mark.parametrize(
    ("wrapper", "rule"),
    [
        ("<aside>{}</aside>", "aside"),
        (
            "<figure><img src=a><figcaption>{}</figcaption></figure>",
            "caption-or-credit",
        ),
        ("<form>{}</form>", "aside"),
        ("<nav>{}</nav>", "menu"),
        ('<div class="sr-only">{}</div>', "unseen"),
        ("<div hidden>{}</div>", "hidden"),
        ('<div style="display: none">{}</div>', "hidden"),
        ('<blockquote class="instagram-media">{}</blockquote>', "embed"),
        ("<div data-nosnippet>{}</div>", "opted-out"),
        ('<section data-outspoken="skip">{}</section>', "opted-out"),
    ],
)
def test_markup_excludes_lines_with_its_rule(wrapper: str, rule: str) -> None:
    line = "The warden keeps a cat that has never once been wet."
    page = PAGE.replace("</p><p>", f"</p>{wrapper.format(f'<p>{line}</p>')}<p>", 1)

    article = read_html(page)

    assert texts_read(article) == texts_read(read_html(PAGE))
    assert omission_rules(article)[line] == rule
    cuts = clean(article, load_markers()).cuts
    assert (rule, line) in [(cut.rule, cut.text) for cut in cuts]


def test_hidden_article_that_unfolds_is_read() -> None:
    page = PAGE.replace("<article>", '<article style="display:none">')

    assert texts_read(read_html(page)) == texts_read(read_html(PAGE))


def test_opt_out_inside_a_paragraph_does_not_split_it() -> None:
    marked = (
        "overnight <i data-nosnippet>(map: <b>4</b>)</i> and <i data-nosnippet>x</i>"
    )
    page = PAGE.replace("overnight and", marked, 1)

    article = read_html(page)

    assert texts_read(article) == texts_read(read_html(PAGE))
    assert omission_rules(article) == {
        HEADLINE: "before-body",
        "(map: 4)": "opted-out",
        "x": "opted-out",
    }


def test_exclude_selector_excludes_paragraphs() -> None:
    page = PAGE.replace("<p>", '<p class="lede">', 1)

    article = read_html(page, options=PageOptions(exclude=("p.lede",)))

    assert texts_read(article) == texts_read(read_html(PAGE))[1:]
    assert "excluded" in omission_rules(article).values()


def test_include_selector_limits_reading() -> None:
    card = "<p>Short.</p><aside>Beside.</aside><p hidden>Hidden.</p>"
    page = PAGE.replace("<article>", f'<div class="card">{card}</div><article>')

    article = read_html(page, options=PageOptions(include=(".card",)))

    assert texts_read(article) == ["Short."]
    rules = omission_rules(article)
    assert rules["Beside."] == "aside"
    assert rules["Hidden."] == "hidden"
    assert rules[HEADLINE] == "not-included"


def test_include_selector_without_match_is_ignored() -> None:
    assert read_html(PAGE, options=PageOptions(include=("#none",))) == read_html(PAGE)


@pytest.mark.parametrize("css", ["div[", "", "p::first-line", "a:hover("])
def test_invalid_selector_is_named_in_error(css: str) -> None:
    with pytest.raises(InvalidSelector, match="not a CSS selector") as error:
        PageOptions(exclude=("p", css))

    assert repr(css) in str(error.value)


def test_invalid_selector_is_reported_with_its_setting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OUTSPOKEN_HTML_EXCLUDE", '["aside", "div["]')

    with pytest.raises(InvalidSettings, match=r"OUTSPOKEN_HTML_EXCLUDE.*'div\['"):
        page_options_of(read_settings())


def test_selector_settings_are_json_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTSPOKEN_HTML_INCLUDE", '["article", ".story"]')
    monkeypatch.setenv("OUTSPOKEN_HTML_EXCLUDE", '["aside"]')

    assert page_options_of(read_settings()) == PageOptions(
        ("article", ".story"), ("aside",)
    )


@given(HTML, SELECTORS)
def test_any_html_is_read(html: str, selectors: PageOptions) -> None:
    article = read_html(html, options=selectors)

    assert all(text.strip() for text in article.texts)
    omitted = [line.line for line in article.omitted]
    assert omitted == sorted(set(omitted))
    assert set(omitted) <= set(range(len(article.texts)))


def test_links_of_html_are_not_fetched() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)  # noqa: FBT003 - that is its signature
        site = f"http://127.0.0.1:{server.getsockname()[1]}"
        entity = f'<!DOCTYPE html [<!ENTITY e SYSTEM "{site}/e">]>'
        remote = (
            f'<link rel="stylesheet" href="{site}/s.css"><script src="{site}/s.js">'
            f'</script><img src="{site}/i.png"><iframe src="{site}/"></iframe>&e;'
        )
        page = entity + PAGE.replace("<article>", f"<article>{remote}")

        article = read_html(page, url=f"{site}/river")

        assert article.title == HEADLINE
        with pytest.raises(BlockingIOError):
            server.accept()
