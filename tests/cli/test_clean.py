"""`outspoken clean`: the article in a page."""

import json
from pathlib import Path

import pytest

from tests.support.cli import PAGE, call


def test_clean_prints_the_article_and_the_cuts(page: Path, data: Path) -> None:
    done = call("clean", page, data=data)
    title, *paragraphs = done.stdout.strip().split("\n\n")
    assert title == "Ferry sails again after nine days of storms"
    assert len(paragraphs) == 2
    assert "cut 3: advertisement: Advertisement" in done.stderr
    assert done.stderr.count("\nrule advertisement: It marks an adv") == 1
    assert "\nconfidence " in done.stderr


def test_clean_prints_json(page: Path, data: Path) -> None:
    fields = json.loads(call("clean", page, "--json", data=data).stdout)
    assert set(fields) == {"title", "paragraphs", "cuts", "confidence", "doubts"}
    assert len(fields["paragraphs"]) == 2
    assert {"rule", "text", "line", "because"} == set(fields["cuts"][0])
    assert all(cut["because"] for cut in fields["cuts"])


BOX = "The quay was built in 1904, and the harbour office keeps its first plan."
PARAGRAPHS = (
    "The harbour ferry is late, the council said on Monday evening.",
    "Passengers waited on the quay in the rain for most of the afternoon.",
)
WITH_BOX = "".join(f"<p>{text}</p>" for text in PARAGRAPHS) + f"<aside>{BOX}</aside>"


@pytest.mark.parametrize(
    ("option", "read"), [("--article", (*PARAGRAPHS, BOX)), ("--page", PARAGRAPHS)]
)
def test_option_states_what_is_cleaned(
    data: Path, option: str, read: tuple[str, ...]
) -> None:
    file = data.parent / "ferry.html"
    file.write_text(WITH_BOX)
    cleaned = json.loads(call("clean", file, option, "--json", data=data).stdout)
    assert tuple(cleaned["paragraphs"]) == read
    said = call("script", file, option, data=data).stdout
    assert ("harbour office" in said) == (BOX in read)
    narrated = call("narrate", file, option, "--json", data=data).stdout
    assert [cut["text"] for cut in json.loads(narrated)["cuts"]] == (
        [] if BOX in read else [BOX]
    )


def test_doubts_about_a_short_page_are_printed(data: Path) -> None:
    file = data.parent / "ferry.html"
    file.write_text(WITH_BOX)
    fields = json.loads(call("clean", file, "--page", "--json", data=data).stdout)
    (doubt,) = fields["doubts"]
    shown = call("clean", file, "--page", data=data).stderr
    assert shown.endswith(f"confidence {fields['confidence']:.2f}\ndoubt: {doubt}\n")
    narrated = call("narrate", file, "--page", data=data)
    warning = f"{file}: confidence {fields['confidence']:.2f}: {doubt}"
    assert (narrated.returncode, narrated.stderr) == (0, f"outspoken: {warning}\n")


def test_line_of_a_batch_states_what_is_cleaned(data: Path) -> None:
    lines = [
        {"id": source, "html": WITH_BOX, "source": source}
        for source in ("article", "page", "book")
    ]
    stdin = "".join(json.dumps(line) + "\n" for line in lines)
    done = call("clean", "--batch", data=data, stdin=stdin)
    article, page, book = map(json.loads, done.stdout.splitlines())
    assert article["paragraphs"] == [*PARAGRAPHS, BOX]
    assert page["paragraphs"] == [*PARAGRAPHS]
    assert page["confidence"] < 1
    assert page["doubts"]
    assert book["paragraphs"] == []
    assert "use page or article" in book["problem"]


def test_clean_converts_each_line_of_a_batch(data: Path) -> None:
    html = "<article><h1>Tide</h1>" + "<p>The tide turned at noon on Monday.</p>" * 2
    lines = [
        {"id": "a", "text": PAGE},
        {"id": "b", "text": "Advertisement"},
        {"id": "c", "html": html + "</article>", "url": "https://news.example/1"},
        {"id": "d", "text": None},
        {"id": "e", "html": None, "text": PAGE},
    ]
    stdin = "".join(json.dumps(line) + "\n" for line in lines)
    done = call("clean", "--batch", data=data, stdin=stdin)
    assert done.returncode == 0, done.stderr
    first, second, third, fourth, fifth = map(json.loads, done.stdout.splitlines())
    assert (first["id"], len(first["paragraphs"])) == ("a", 2)
    assert (second["id"], second["paragraphs"]) == ("b", [])
    assert third["paragraphs"] == ["The tide turned at noon on Monday."]
    assert "'text' is missing or is not text" in fourth["problem"]
    assert fifth == first | {"id": "e"}
