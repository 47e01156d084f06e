"""Articles of many kinds are read whole from their pages, without what is around."""

from tests.extraction.pages import HEADLINE, PARAGRAPHS, article_of, each, page

SHARE = (
    '<ul class="share-tools"><li><a href="#f">Facebook</a></li>'
    '<li><a href="#x">X</a></li><li><a href="#m">Email</a></li></ul>'
)
NEWSLETTER = (
    '<div class="signup"><h3>Sign up for The Stile</h3><p>A weekly letter about paths '
    "and gates.</p><form><input><button>Sign up</button></form></div>"
)
MUSEUMS = (
    (
        "3. The Ladder House, Umm",
        "Sixty ladders lean in a barn, and you may climb any.",
    ),
    ("2. The Bell Room, Tarn", "All of its bells are cracked, and all of them ring."),
    (
        "1. The Key Cellar, Orre",
        "Nine thousand keys hang there, and no door has a lock.",
    ),
)


def test_list_of_places_is_read_past_the_newsletter_box() -> None:
    entries = [
        f"<h2>{name}</h2><figure><img><figcaption>{name}. Credit: Alamy</figcaption>"
        f"</figure><p>{text}</p>"
        for name, text in MUSEUMS
    ]
    body = f"<article>{SHARE}<p>{PARAGRAPHS[0]}</p>{entries[0]}{NEWSLETTER}"
    html = page(f"{body}{entries[1]}{entries[2]}</article>")

    expected = [line for entry in MUSEUMS for line in entry]
    assert list(article_of(html).texts) == [PARAGRAPHS[0], *expected]


def test_every_post_of_a_live_page_is_read_with_its_heading() -> None:
    posts = (
        ("Gate opened", PARAGRAPHS[0]),
        ("Council votes", PARAGRAPHS[2]),
        ("First children cross", PARAGRAPHS[5]),
    )
    blocks = "".join(
        f'<article class="post"><time>11.0{number}</time><h2>{heading}</h2>'
        f"<p>{text}</p>{SHARE}</article>"
        for number, (heading, text) in enumerate(posts)
    )

    texts = article_of(page(f'<div class="feed">{blocks}</div>')).texts

    assert [text for text in texts if not text.startswith("11.")] == [
        line for post in posts for line in post
    ]


def test_interview_is_read_with_its_short_answers() -> None:
    talk = (
        "Petra Lindqvist owns the orchard of Halm. We met at the lower gate in May.",
        "Did you miss the walkers?",
        "No.",
        "And now?",
        "Now I would miss them. They bring news, and some of them bring cake.",
        "What happens next?",
        "We plant. A path needs shade, and the old pear tree will not live for ever.",
    )
    body = f"<article>{SHARE}{each('<p>{text}</p>', talk)}</article>"

    assert article_of(page(body)).texts == talk


def test_embedded_post_is_left_out_and_the_article_around_it_is_read() -> None:
    post = (
        '<blockquote class="twitter-tweet"><p>The gate is open! 🎉</p>— Petra '
        '(@petra_halm) <a href="/s">May 2, 2031</a></blockquote>'
    )
    body = f"<div>{each('<p>{text}</p>', PARAGRAPHS[:4])}{post}"
    html = page(f"{body}{each('<p>{text}</p>', PARAGRAPHS[4:])}</div>")

    assert article_of(html).texts == PARAGRAPHS


def test_table_of_data_is_read_a_row_at_a_time() -> None:
    body = f"<div>{each('<p>{text}</p>', PARAGRAPHS[:4])}{table(3)}"
    html = page(f"{body}{each('<p>{text}</p>', PARAGRAPHS[4:])}</div>")

    assert article_of(html).texts == (
        *PARAGRAPHS[:4],
        "Ward, For, Against",
        *("Ward 0, 0, 7", "Ward 1, 1, 7", "Ward 2, 2, 7"),
        *PARAGRAPHS[4:],
    )


def test_long_table_of_data_is_left_out_whole() -> None:
    body = f"<div>{each('<p>{text}</p>', PARAGRAPHS[:4])}{table(40)}"
    html = page(f"{body}{each('<p>{text}</p>', PARAGRAPHS[4:])}</div>")

    assert article_of(html).texts == PARAGRAPHS


def test_one_paragraph_and_a_list_of_one_item_are_read() -> None:
    body = f"<article><p>{PARAGRAPHS[0]}</p><ul><li>{PARAGRAPHS[1]}</li></ul></article>"

    article = article_of(page(body))

    assert article.title == HEADLINE
    assert article.texts == PARAGRAPHS[:2]


def table(rows: int) -> str:
    """Return a table of votes by ward."""
    cells = "".join(
        f"<tr><td>Ward {number}</td><td>{number}</td><td>7</td></tr>"
        for number in range(rows)
    )
    return f"<table><tr><th>Ward</th><th>For</th><th>Against</th></tr>{cells}</table>"
