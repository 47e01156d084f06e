"""Text that browsers do not display is not read inside a sentence."""

import pytest

from tests.extraction.pages import PARAGRAPHS, article_of, clean_html, each, page

CLIPPED = (
    "border:0;clip:rect(0 0 0 0);height:1px;overflow:hidden;position:absolute;width:1px"
)


@pytest.mark.parametrize(
    "note",
    [
        '<span class="sr-only">(external link)</span>',
        '<span class="visually-hidden">(external link)</span>',
        f'<span style="{CLIPPED}">(external link)</span>',
        '<span style="display: none">(external link)</span>',
        "<span hidden>(external link)</span>",
        '<span aria-hidden="true">(external link)</span>',
    ],
)
def test_note_for_screen_readers_is_left_out_of_its_sentence(note: str) -> None:
    sentence = (
        "Walkers can see <a href=/map>the map{}</a> of the path in the town hall."
    )
    body = f"<div>{each('<p>{text}</p>')}<p>{sentence.format(note)}</p></div>"

    cleaned = clean_html(page(body))

    assert cleaned.article.texts == (*PARAGRAPHS, sentence_text(sentence))
    assert ("unseen", "(external link)") in [
        (cut.rule, cut.text) for cut in cleaned.cuts
    ]


def test_displayed_text_is_read_if_another_replaces_it_for_screen_readers() -> None:
    price = '<span aria-hidden="true">£5</span><span class="sr-only">5 pounds</span>'
    sentence = "Walkers pay {} for the map of the path in the town hall on Mondays."
    body = f"<div>{each('<p>{text}</p>')}<p>{sentence.format(price)}</p></div>"

    assert article_of(page(body)).texts[-1] == sentence.format("£5")


def test_hidden_element_that_holds_a_long_text_is_read() -> None:
    long = " ".join(PARAGRAPHS[3:])
    body = f"<div>{each('<p>{text}</p>', PARAGRAPHS[:3])}"
    html = page(f'{body}<p><span class="sr-only">{long}</span></p></div>')

    assert article_of(html).texts == (*PARAGRAPHS[:3], long)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        (
            "<b>Update</b><span>The gate is open again, the council said.</span>",
            "Update The gate is open again, the council said.",
        ),
        (
            "<b>T</b><span>he gate is open again, the council said.</span>",
            "The gate is open again, the council said.",
        ),
        (
            "The <i>Mac</i>Gregor gate is open again, the council said on Monday.",
            "The MacGregor gate is open again, the council said on Monday.",
        ),
    ],
)
def test_neighbouring_elements_are_separate_words_if_they_look_so(
    markup: str, text: str
) -> None:
    body = f"<div><p>{markup}</p>{each('<p>{text}</p>')}</div>"

    assert article_of(page(body)).texts[0] == text


def sentence_text(sentence: str) -> str:
    """Return a sentence without its markup."""
    return sentence.replace("<a href=/map>", "").replace("{}</a>", "")
