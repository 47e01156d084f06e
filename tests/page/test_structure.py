"""Tests of paragraph kinds: from HTML and Markdown to the pauses of the script."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.article import Article, Omitted, Paragraph, ParagraphKind
from service.cli.sources import read_request
from service.page import read_html, read_markdown, read_text
from service.preparation import ArticlePreparer, ArticleRequest, load_preparer
from service.script import Pauses, write_script
from service.settings import read_settings

RIVER = "The river rose two metres overnight and reached the cellars of Mill Street."
HALL = "Forty people spent the night in the sports hall, where volunteers served soup."
WARDEN = "The flood warden said that no one had seen water as high as this before."
PUMP = "pump --start --at 04:00"
PAUSES = Pauses()


@pytest.fixture(scope="module")
def preparer() -> ArticlePreparer:
    return load_preparer(read_settings())


def pauses_of(preparer: ArticlePreparer, request: ArticleRequest) -> dict[str, int]:
    """Return the pause after each sentence, by its text."""
    script = preparer.prepare(request).script
    return {sentence.text: sentence.pause_after for sentence in script.sentences}


@pytest.mark.parametrize(
    ("html", "kind", "level"),
    [
        ("<p>{}</p>", ParagraphKind.PARAGRAPH, None),
        ("<div>{}</div>", ParagraphKind.PARAGRAPH, None),
        ("<h2>{}</h2>", ParagraphKind.HEADING, 2),
        ("<h6><span>{}</span></h6>", ParagraphKind.HEADING, 6),
        ("<ul><li>{}</li></ul>", ParagraphKind.LIST_ITEM, None),
        ("<ol><li><p>{}</p></li></ol>", ParagraphKind.LIST_ITEM, None),
        ("<blockquote>{}</blockquote>", ParagraphKind.QUOTATION, None),
        (
            "<blockquote><div><p>{}</p></div></blockquote>",
            ParagraphKind.QUOTATION,
            None,
        ),
        ("<blockquote><ul><li>{}</ul></blockquote>", ParagraphKind.LIST_ITEM, None),
        ("<li><h3>{}</h3></li>", ParagraphKind.HEADING, 3),
        ("<pre><code>{}</code></pre>", ParagraphKind.CODE, None),
        ("<pre>{}</pre>", ParagraphKind.PARAGRAPH, None),
        ("<p><code>{}</code></p>", ParagraphKind.PARAGRAPH, None),
        ("<li><article><p>{}</p></article></li>", ParagraphKind.PARAGRAPH, None),
        ("<li>Before.<table><td>{}</table></li>", ParagraphKind.PARAGRAPH, None),
    ],
)
def test_html_declares_the_kind_of_a_paragraph(
    html: str, kind: ParagraphKind, level: int | None
) -> None:
    article = read_html(f"<p>{RIVER}</p>{html.format(WARDEN)}<p>{HALL}</p>")

    assert article.paragraphs[0] == Paragraph(RIVER)
    assert article.paragraphs[-2:] == (Paragraph(WARDEN, kind, level), Paragraph(HALL))


def test_kinds_of_html_decide_the_pauses(preparer: ArticlePreparer) -> None:
    # None of these texts would be taken for what it is without its markup.
    heading = "what the water left behind when it went."
    html = (
        f"<article><p>{RIVER}</p><h2>{heading}</h2><ul><li>{HALL}</li></ul>"
        f"<blockquote>{WARDEN}</blockquote><p>It fell again by noon on Monday.</p>"
        "</article>"
    )

    assert pauses_of(preparer, ArticleRequest(html=html, title="Flood")) == {
        "Flood": PAUSES.title,
        RIVER: PAUSES.paragraph,
        heading: PAUSES.subhead,
        HALL: PAUSES.item,
        WARDEN: PAUSES.quotation,
        "It fell again by noon on Monday.": PAUSES.paragraph,
    }


def test_kinds_of_text_are_guessed(preparer: ArticlePreparer) -> None:
    text = f"{RIVER}\nWhat happened\n{HALL}\n• {WARDEN}\n“It fell again by noon.”"

    kinds = {paragraph.kind for paragraph in read_text(text).paragraphs}
    pauses = pauses_of(preparer, ArticleRequest(text=text, title="Flood"))

    assert kinds == {ParagraphKind.PARAGRAPH}
    assert pauses == {
        "Flood": PAUSES.title,
        RIVER: PAUSES.paragraph,
        "What happened": PAUSES.subhead,
        HALL: PAUSES.paragraph,
        WARDEN: PAUSES.item,
        "“It fell again by noon.”": PAUSES.quotation,
    }


def test_paragraphs_without_kind_are_guessed_in_html_too(
    preparer: ArticlePreparer,
) -> None:
    html = f"<p>{RIVER}</p><p><b>What happened</b></p><p>{HALL}</p><p>{WARDEN}</p>"

    pauses = pauses_of(preparer, ArticleRequest(html=html, title="Flood"))

    assert pauses["What happened"] == PAUSES.subhead


@pytest.mark.parametrize("clean", [True, False])
def test_code_is_cut_and_not_read(preparer: ArticlePreparer, *, clean: bool) -> None:
    code = f"<pre><code>{PUMP}</code></pre>"
    html = f"<article><p>{RIVER}</p><p>{HALL}</p>{code}<p>{WARDEN}</p></article>"

    prepared = preparer.prepare(ArticleRequest(html=html, title="Flood", clean=clean))

    assert prepared.cleaned.article.texts == (RIVER, HALL, WARDEN)
    assert [(cut.rule, cut.text) for cut in prepared.cleaned.cuts] == [("code", PUMP)]
    last = prepared.script.sentences[-1].tokens[0].span
    assert last is not None
    assert last.paragraph == 2


def test_code_above_the_text_is_not_the_headline(preparer: ArticlePreparer) -> None:
    markdown = f"    {RIVER[:40]}\n\n{RIVER}\n\n{HALL}\n"

    cleaned = preparer.prepare(ArticleRequest(markdown=markdown)).cleaned

    assert cleaned.article.title is None
    assert cleaned.article.texts == (RIVER, HALL)
    assert [cut.rule for cut in cleaned.cuts] == ["code"]


def test_a_script_has_no_code() -> None:
    paragraphs = (Paragraph(PUMP, ParagraphKind.CODE), Paragraph(RIVER))

    sentences = write_script(Article(None, paragraphs)).sentences

    assert [sentence.text for sentence in sentences] == [RIVER]


MARKDOWN = f"""\
# Flood in *Mill Street*

{RIVER}

What it left
------------

- {HALL}
- Two: a pump.

> {WARDEN}

```sh
{PUMP}
```

### The costs ###

| street | euros |
| ------ | ----- |
| Mill   | 4,000 |

<aside>Sign up for our newsletter.</aside>
"""


def test_markdown_declares_the_kind_of_a_paragraph() -> None:
    article = read_markdown(MARKDOWN)

    assert article.title == "Flood in Mill Street"
    assert article.paragraphs == (
        Paragraph(RIVER),
        Paragraph("What it left", ParagraphKind.HEADING, 2),
        Paragraph(HALL, ParagraphKind.LIST_ITEM),
        Paragraph("Two: a pump.", ParagraphKind.LIST_ITEM),
        Paragraph(WARDEN, ParagraphKind.QUOTATION),
        Paragraph(PUMP, ParagraphKind.CODE),
        Paragraph("The costs", ParagraphKind.HEADING, 3),
        *map(Paragraph, ("street, euros", "Mill, 4,000")),
        Paragraph("Sign up for our newsletter."),
    )
    assert article.omitted == (Omitted(9, "aside"),)


def test_kinds_of_markdown_reach_the_script(preparer: ArticlePreparer) -> None:
    prepared = preparer.prepare(ArticleRequest(markdown=MARKDOWN))
    pauses = pauses_of(preparer, ArticleRequest(markdown=MARKDOWN))

    assert next(iter(pauses)) == "Flood in Mill Street"
    assert pauses["What it left"] == PAUSES.subhead
    assert pauses[HALL] == PAUSES.item
    assert pauses[WARDEN] == PAUSES.quotation
    assert PUMP not in pauses
    assert ("code", PUMP) in [(cut.rule, cut.text) for cut in prepared.cleaned.cuts]


@pytest.mark.parametrize(
    ("markdown", "title", "first"),
    [
        ("# Flood\n\nRain.", "Flood", "Rain."),
        ("Flood\n=====\r\nRain.", "Flood", "Rain."),
        ("## Flood\n\nRain.", None, "Flood"),
        ("Rain.\n\n# Flood", None, "Rain."),
        ("---\ntitle: Flood\ndate: 2031-02-08\n---\nRain.", "Flood", "Rain."),
        ('---\r\ntitle: "Flood: day 2"\r\n---\r\nRain.', "Flood: day 2", "Rain."),
        ("---\ntitle: Other\n---\n# Flood\n\nRain.", "Flood", "Rain."),
        ("---\ndate: 2031-02-08\n---\nRain.", None, "Rain."),
        ("---\n\nRain.\n\n---\n", None, "Rain."),
    ],
)
def test_title_of_markdown(markdown: str, title: str | None, first: str) -> None:
    article = read_markdown(markdown)

    assert article.title == title
    assert article.texts[0] == first
    assert "2031-02-08" not in article.texts


def test_given_title_replaces_that_of_markdown() -> None:
    article = read_markdown("# Flood\n\nRain.", title="Mine")

    assert (article.title, article.texts) == ("Mine", ("Rain.",))


@given(st.text(st.sampled_from("a \n#*_-`>[]()!|<&1.\\\0\ud800")))
def test_any_markdown_is_read(markdown: str) -> None:
    assert all(text.strip() for text in read_markdown(markdown).texts)


@pytest.mark.parametrize("suffix", [".md", ".markdown"])
def test_suffix_of_a_file_declares_markdown(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"flood{suffix}"
    path.write_text(MARKDOWN)

    assert read_request(str(path)) == ArticleRequest(markdown=MARKDOWN)
