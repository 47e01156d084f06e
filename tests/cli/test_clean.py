"""`outspoken clean`: the article in a page."""

import json
from pathlib import Path

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


def test_clean_converts_each_line_of_a_batch(data: Path) -> None:
    html = "<article><h1>Tide</h1>" + "<p>The tide turned at noon on Monday.</p>" * 2
    lines = [
        {"id": "a", "text": PAGE},
        {"id": "b", "text": "Advertisement"},
        {"id": "c", "html": html + "</article>", "url": "https://news.example/1"},
    ]
    stdin = "".join(json.dumps(line) + "\n" for line in lines)
    done = call("clean", "--batch", data=data, stdin=stdin)
    assert done.returncode == 0, done.stderr
    first, second, third = map(json.loads, done.stdout.splitlines())
    assert (first["id"], len(first["paragraphs"])) == ("a", 2)
    assert (second["id"], second["paragraphs"]) == ("b", [])
    assert third["paragraphs"] == ["The tide turned at noon on Monday."]
