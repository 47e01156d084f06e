"""Binary data and text in the wrong encoding are refused with what to do."""

from collections.abc import Callable
from random import Random

import pytest

from service.errors import PageTooLong, UnreadableInput
from service.page.bounds.lengths import MAX_BLOCKS, MAX_ELEMENTS, MAX_LINES
from service.page.bounds.readable import check_readable
from service.preparation import ArticleRequest, load_preparer
from service.settings import ServiceSettings

PROSE = (
    "The “ferry” sails again on Monday – café tickets cost £3, the council said. " * 20
)
NOISE = Random(1).randbytes(20_000)  # noqa: S311 - not a secret


@pytest.mark.parametrize(
    "sent",
    [
        NOISE.decode("latin-1"),
        NOISE.decode("cp1252", "replace"),
        NOISE.decode("utf-8", "replace"),
        PROSE + NOISE.decode("latin-1"),
    ],
    ids=["Latin-1", "Windows-1252", "UTF-8", "after prose"],
)
def test_binary_data_is_refused(sent: str) -> None:
    with pytest.raises(UnreadableInput, match="binary"):
        check_readable(sent)


@pytest.mark.parametrize(
    ("beginning", "kind"),
    [
        ("%PDF-1.7\n%âãÏÓ\n1 0 obj", "a PDF"),
        ("{\\rtf1\\ansi The council", "an RTF document"),
        ("PK\x03\x04", "a ZIP archive or a Word document"),
    ],
)
def test_a_file_of_another_kind_is_named(beginning: str, kind: str) -> None:
    with pytest.raises(UnreadableInput, match=kind):
        check_readable(beginning + PROSE)


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
@pytest.mark.parametrize(
    "text",
    [
        "Le café du musée a été fermé, a annoncé la mairie de la cité. " * 9,
        "Der Bürgermeister schließt die Brücke für zwei Jahre. " * 20,
        "Мост закрыт на два года, сказал мэр города. " * 9,
    ],
    ids=["French", "German", "Russian"],
)
def test_text_that_was_decoded_in_the_wrong_encoding_is_refused(
    text: str, encoding: str
) -> None:
    with pytest.raises(UnreadableInput, match="UTF-8"):
        check_readable(text.encode().decode(encoding, "replace"))


@pytest.mark.parametrize(
    "text",
    [
        PROSE,
        "Le café du musée a été fermé, a annoncé la mairie de la cité. " * 9,
        "NÃO À CONSTRUÇÃO: A CÂMARA VOTA NO MÊS DE MARÇO, DIZ O JORNAL. " * 9,
        "Мост закрыт на два года, сказал мэр города. " * 9,
        "港の橋は二年間閉鎖されると市長が述べた。" * 20,
        PROSE + "It costs a lot, itâ€™s said.",
        f"{PROSE}\x0b\x0c\x85{PROSE}",
        "A \ufffd or two \ufffd in a short text.",
    ],
)
def test_text_is_read(text: str) -> None:
    check_readable(text)


def test_a_request_is_refused_before_it_is_parsed() -> None:
    preparer = load_preparer(ServiceSettings(voice="tone"))
    for field in ("text", "html", "markdown"):
        request = ArticleRequest(**{field: f"%PDF-1.7 {PROSE}"})
        with pytest.raises(UnreadableInput, match="a PDF"):
            preparer.prepare(request)


@pytest.mark.parametrize(
    ("request_of", "what"),
    [
        (lambda: ArticleRequest(text="a\n" * (MAX_LINES + 1)), "lines"),
        (lambda: ArticleRequest(html="<p>a" * (MAX_BLOCKS + 1)), "lines"),
        (lambda: ArticleRequest(markdown="a\n\n" * (MAX_BLOCKS + 1)), "lines"),
        (lambda: ArticleRequest(html="<b>a</b>" * (MAX_ELEMENTS + 1)), "elements"),
        (lambda: ArticleRequest(html="<b>" * (2 * MAX_ELEMENTS + 1)), "tags"),
    ],
    ids=["text", "HTML", "Markdown", "elements", "tags"],
)
def test_too_many_lines_are_refused(
    request_of: Callable[[], ArticleRequest], what: str
) -> None:
    preparer = load_preparer(ServiceSettings(voice="tone"))
    with pytest.raises(PageTooLong, match=f"more than [0-9,]+ {what}"):
        preparer.prepare(request_of())


def test_as_many_blank_lines_as_there_are_are_read() -> None:
    preparer = load_preparer(ServiceSettings(voice="tone"))
    text = "\n" * (2 * MAX_LINES) + PROSE
    assert preparer.prepare(ArticleRequest(text=text)).script.sentences
