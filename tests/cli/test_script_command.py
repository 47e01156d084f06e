"""`outspoken script`: what will be said."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.cli import call
from tests.support.service import environment


def test_script_prints_one_sentence_per_line(page: Path, data: Path) -> None:
    sentences = call("script", page, data=data).stdout.splitlines()
    assert len(sentences) == 3
    page.write_text("Prices rose 12% on Feb. 8, the U.S. said.")
    sentences = call("script", page, data=data).stdout.splitlines()
    assert sentences == ["Prices rose twelve percent on February eighth, the US said."]


def test_script_prints_spans_and_pauses_as_json(page: Path, data: Path) -> None:
    sentences = json.loads(call("script", page, "--json", data=data).stdout)
    first = sentences[1]
    assert first["spoken"].startswith("The harbour ferry")
    assert first["tokens"][0]["span"] == {"paragraph": 0, "start": 0, "end": 3}
    assert sentences[0]["pause_after"] > sentences[1]["pause_after"] > 0


def test_script_converts_a_batch(data: Path) -> None:
    stdin = json.dumps({"id": "a", "text": "It is 5 km."})
    done = call("script", "--batch", data=data, stdin=stdin)
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert answers == [{"id": "a", "spoken": "It is five kilometers."}]


def test_invalid_line_does_not_end_a_batch() -> None:
    lines = [
        "{",
        "",
        "7",
        '{"id": "a"}',
        '{"id": "b", "text": null}',
        '{"id": "c", "text": "It is \\ud800 5 km."}',
    ]
    done = subprocess.run(
        [sys.executable, "-m", "service.cli", "script", "--batch"],
        input="\n".join(lines),
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == [None, None, "a", "b", "c"]
    assert ["problem" in answer for answer in answers] == [True] * 4 + [False]


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("intro", "Read by {reader}."),
        ("outro", "{title"),
        ("pauses", '{"paragraph": 11}'),
        ("pauses", '{"chapter": 1}'),
        ("pauses", '{"title": true}'),
        ("pauses", "0.7"),
        ("max_characters", "many"),
    ],
)
def test_invalid_setting_is_named_in_one_sentence(
    page: Path, data: Path, setting: str, value: str
) -> None:
    done = call("script", page, data=data, **{setting: value})
    assert done.returncode == 2
    assert f"OUTSPOKEN_{setting.upper()}" in done.stderr
    assert done.stderr.count("\n") == 1


def test_announcements_are_part_of_the_script(page: Path, data: Path) -> None:
    done = call(
        "script",
        page,
        data=data,
        publication="The Tide",
        intro="From {publication}.",
        outro="Spoken by a machine.",
        pauses='{"title": 2}',
    )
    sentences = done.stdout.splitlines()
    assert sentences[0] == "From The Tide."
    assert sentences[-1] == "Spoken by a machine."
