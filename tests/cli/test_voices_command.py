"""`outspoken voices`, as an editor's colleague types it."""

import io
import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from mutagen.mp3 import MP3

from tests.support.paths import START_TIMEOUT_S
from tests.support.service import Run, environment, run
from tests.support.voices_mirror import MirrorFiles, run_mirror
from voices.catalogue import open_catalogue

JIM = "en_US-jim-medium"
CARD = b"# Model card for jim (medium)\n\n* License: CC BY-NC 4.0\n"


@pytest.fixture(name="shelf")
def _shelf() -> Iterator[MirrorFiles]:
    """A mirror with a voice under another name."""
    model = open_catalogue().find("en_US-joe-medium").model
    assert model
    with run_mirror() as shelf:
        config = Path(f"{model}.json").read_bytes()
        shelf.publish(JIM, model.read_bytes(), config, CARD)
        yield shelf


@pytest.fixture(name="data")
def _data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def add(shelf: MirrorFiles, data: Path, *arguments: str, **settings: str) -> Run:
    return run(
        "voices", "add", *arguments, data=data, voices_url=shelf.address, **settings
    )


@pytest.mark.live
def test_a_voice_is_added_listed_shown_and_heard(
    shelf: MirrorFiles, data: Path, voices_cache: Path
) -> None:
    cache = str(voices_cache.parent)
    done = add(shelf, data, JIM, "--accept-licence", cache=cache)
    line = f"{JIM}\ten-US\tCC BY-NC 4.0\tjim (medium)\n"
    assert (done.returncode, done.stdout) == (0, line), done.stderr
    assert "Licence of en_US-jim-medium: CC BY-NC 4.0\n" in done.stderr
    assert run("voices", "list", data=data).stdout.startswith(line)
    again = run("voices", "add", JIM, data=data)
    assert (again.returncode, again.stdout) == (0, line), "without a mirror"
    info = json.loads(
        run("voices", "info", JIM, "--json", data=data, cache=cache).stdout
    )
    assert (info["kind"], info["repeatable"]) == ("compiled", True)
    assert (info["licence"], info["speakers"]) == ("CC BY-NC 4.0", 1)
    assert (info["sample_rate"], info["hop"]) == (22050, 256)
    assert 5 < info["gain_db"] < 12
    heard = run("voices", "sample", JIM, data=data, cache=cache)
    assert heard.stdout.startswith(f"{JIM}.mp3  ")
    mp3 = MP3(io.BytesIO((data.parent / f"{JIM}.mp3").read_bytes()))
    assert 5 < mp3.info.length < 12
    assert "en_US-jim-medium: jim (medium)" in str(mp3.tags)


def test_a_licence_that_nobody_accepts_adds_nothing(
    shelf: MirrorFiles, data: Path
) -> None:
    done = add(shelf, data, JIM)
    assert done.returncode == 2
    assert "CC BY-NC 4.0" in done.stderr
    (last,) = done.stderr.splitlines()[-1:]
    assert last.startswith("outspoken: ")
    assert "--accept-licence" in last
    assert not (data / "voices").exists()
    assert shelf.ranges_requested(".onnx") == []


def test_a_licence_is_asked_about_on_a_terminal(shelf: MirrorFiles, data: Path) -> None:
    data.parent.mkdir(exist_ok=True)
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "service.cli", "voices", "add", JIM],
        env=environment(data=str(data), voices_url=shelf.address),
        cwd=data.parent,
        stdin=theirs,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        os.write(ours, b"n\n")
        _, told = process.communicate(timeout=START_TIMEOUT_S)
    os.close(ours)
    os.close(theirs)
    assert process.returncode == 1
    assert "Do you accept them? [y/N]" in told
    assert told.endswith("was not added: its licence was not accepted.\n")
    assert shelf.ranges_requested(".onnx") == []


@pytest.mark.live
def test_a_model_of_ones_own_is_added_under_ones_own_terms(
    shelf: MirrorFiles, data: Path, voices_cache: Path
) -> None:
    model, config = (
        next(one for path, one in shelf.files.items() if path.endswith(end))
        for end in (".onnx", ".onnx.json")
    )
    (data.parent / f"{JIM}.onnx").write_bytes(model)
    (data.parent / "jim.json").write_bytes(config)
    chosen = ["--file", f"{JIM}.onnx", "--config", "jim.json"]
    terms = ["--licence", "our own", "--credit", "Jim, of our newsroom"]
    cache = str(voices_cache.parent)
    done = run("voices", "add", *chosen, *terms, data=data, cache=cache)
    line = f"{JIM}\ten-US\tour own\tJim, of our newsroom\n"
    assert (done.returncode, done.stdout) == (0, line), done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        ([], 2, "Name a voice, or a model with --file."),
        ([JIM, "--file", "x.onnx"], 2, "Name a voice, or a model with --file."),
        ([JIM, "--licence", "CC0"], 2, "belong to --file."),
        (["en_US-jin-medium"], 1, f"is it {JIM}?"),
        (["en_US-joe-medium"], 1, "it need not be added."),
        (["../jim"], 1, "use letters, digits"),
        (["--file", "gone.onnx"], 1, "gone.onnx cannot be read"),
    ],
)
def test_what_cannot_be_added_is_told_in_one_sentence(
    shelf: MirrorFiles, data: Path, arguments: list[str], code: int, sentence: str
) -> None:
    done = add(shelf, data, *arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.count("\n") == 1
    assert sentence in done.stderr


@pytest.mark.parametrize(
    ("settings", "code", "sentence"),
    [
        ({}, 2, "Set OUTSPOKEN_VOICES_URL to the address of a mirror"),
        ({"voices_url": "ftp://there"}, 2, "Invalid setting OUTSPOKEN_VOICES_URL"),
        ({"voices_url": "/etc"}, 2, "Invalid setting OUTSPOKEN_VOICES_URL"),
        ({"voices_url": "http://127.0.0.1:1"}, 1, "cannot be reached"),
        ({"voices_url": "http://"}, 1, "cannot be reached"),
        ({"voices_url": "http://a b"}, 1, "cannot be reached"),
    ],
)
def test_a_mirror_that_is_none_is_told_in_one_sentence(
    data: Path, settings: dict[str, str], code: int, sentence: str
) -> None:
    data.parent.mkdir(exist_ok=True)
    done = run("voices", "add", JIM, data=data, **settings)
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.count("\n") == 1
    assert sentence in done.stderr


def test_a_folder_that_cannot_be_written_is_named(
    shelf: MirrorFiles, data: Path
) -> None:
    data.mkdir()
    (data / "voices").write_text("a file")
    done = add(shelf, data, JIM, "--accept-licence")
    assert done.returncode == 1
    (last,) = done.stderr.splitlines()[-1:]
    assert f"{data / 'voices'} cannot be used" in last


def test_a_damaged_manifest_is_named_by_the_doctor_and_stops_nobody(data: Path) -> None:
    folder = data / "voices" / JIM
    folder.mkdir(parents=True)
    (folder / "voice.json").write_text("{")
    listed = run("voices", "list", data=data)
    assert listed.returncode == 0
    assert listed.stdout.splitlines()[-1].startswith("tone\t")
    assert f"Voice {JIM} cannot be used" in listed.stderr
    examined = run("doctor", data=data)
    assert examined.returncode == 1
    assert f"WRONG  Voice {JIM} cannot be used" in examined.stdout


def test_a_sample_says_what_it_is_given_in_the_format_it_is_given(data: Path) -> None:
    data.parent.mkdir(exist_ok=True)
    say = ["voices", "sample", "tone", "-o"]
    short = run(*say, "short.wav", "--text", "One.", data=data)
    assert short.stdout.startswith("short.wav  0."), short.stderr
    assert (data.parent / "short.wav").read_bytes().startswith(b"RIFF")
    for arguments in (["no.txt"], ["no.mp3", "--text", "—"]):
        done = run(*say, *arguments, data=data)
        assert done.returncode == 1
        assert done.stderr.count("\n") == 1
        assert not (data.parent / arguments[0]).exists()


def test_a_voice_that_is_not_there_is_answered_with_those_that_are(data: Path) -> None:
    data.parent.mkdir(exist_ok=True)
    for verb in ("info", "sample"):
        done = run("voices", verb, "nobody", data=data)
        assert done.returncode == 1
        assert "choose one of: en_US-joe-medium, tone." in done.stderr
