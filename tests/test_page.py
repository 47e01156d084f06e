import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import UnreadableInput
from service.page import decode, read_html, read_text

PIECES = ["<p>", "</p>", "<b>", "<li>", "&", "<", "\ud800", "\0", "a", "é"]
ANY = st.text(st.characters(codec=None))

STORY = "".join(
    f"<p>The river rose {metres} metres overnight and reached the cellars of the old "
    "mill, the flood warden said on Tuesday, and then it fell again.</p>"
    for metres in ("two", "three", "four", "five")
)
PAGE = (
    '<html lang="en-GB"><head><title>River floods cellars | The Post</title>'
    '<meta name="author" content="Ada Brook">'
    '<meta property="article:published_time" content="2021-03-04T06:00:00Z"></head>'
    f"<body><article><h1>River floods cellars</h1>{STORY}</article></body></html>"
)


def test_paragraphs_are_the_lines_that_are_not_blank() -> None:
    article = read_text("  One.\n\n\t\nTwo\u00a0words. \r\nThree.", title=" Title ")

    assert article.paragraphs == ("One.", "Two\u00a0words.", "Three.")
    assert article.title == "Title"


@given(ANY)
def test_reading_text_keeps_every_code_point_that_is_not_blank(text: str) -> None:
    article = read_text(text)

    kept = "".join("".join(article.paragraphs).split())
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
def test_utf_8_and_marked_utf_16_are_decoded(data: bytes) -> None:
    assert decode(data) == "Café."


@pytest.mark.parametrize(
    "data",
    [b"Caf\xe9.", b"ID3\0\0", b"\xff\xfb\x90\x64", codecs.BOM_UTF16_LE + b"\0\xd8a"],
)
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableInput, match="give"):
        decode(data)


@given(st.binary())
def test_any_bytes_are_decoded_or_refused(data: bytes) -> None:
    try:
        text = decode(data)
    except UnreadableInput:
        return
    assert "\0" not in text


def test_html_gives_text_and_who_wrote_it_when() -> None:
    article = read_html(PAGE, url="https://post.example/river")

    assert article.title == "River floods cellars"
    assert len(article.paragraphs[-4:]) == 4
    assert article.paragraphs[-4].startswith("The river rose two metres")
    assert article.byline == "Ada Brook"
    assert article.published == "2021-03-04"
    assert article.language == "en-GB"
    assert article.url == "https://post.example/river"


def test_a_given_title_is_kept_for_html() -> None:
    assert read_html(PAGE, title="Mine").title == "Mine"


def test_a_comment_inside_a_paragraph_loses_no_words() -> None:
    page = PAGE.replace("overnight and", "overnight<!-- --> and")

    assert read_html(page).paragraphs == read_html(PAGE).paragraphs


def test_html_that_declares_an_encoding_is_read() -> None:
    declared = '<?xml version="1.0" encoding="iso-8859-1"?>' + PAGE

    assert read_html(declared).paragraphs == read_html(PAGE).paragraphs


def test_a_page_without_main_text_comes_back_line_by_line() -> None:
    page = "<body><div>One</div><script>no</script>and <b>two</b><br>three</body>"

    assert read_html(page).paragraphs == ("One", "and two", "three")


@given(ANY | st.lists(st.sampled_from(PIECES)).map("".join))
def test_any_html_is_read(html: str) -> None:
    article = read_html(html)

    assert all(paragraph.strip() for paragraph in article.paragraphs)
