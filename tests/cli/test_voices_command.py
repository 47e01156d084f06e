"""`outspoken voices`: list, add and try voices."""

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

from tests.support.cli import call
from tests.support.paths import START_TIMEOUT_S
from tests.support.service import environment, run
from tests.support.voices.mirror_server import MirrorFiles, run_mirror
from voices.catalogue import open_catalogue

JIM = "en_US-jim-medium"
CARD = b"# Model card for jim (medium)\n\n* License: CC BY-NC 4.0\n"


@pytest.fixture(name="mirror")
def _mirror() -> Iterator[MirrorFiles]:
    """A mirror with the packaged voice under another name."""
    model = open_catalogue().find("en_US-joe-medium").model
    assert model
    with run_mirror() as mirror:
        config = Path(f"{model}.json").read_bytes()
        mirror.publish(JIM, model.read_bytes(), config, CARD)
        yield mirror


def test_list_prints_id_language_and_licence(data: Path) -> None:
    done = call("voices", "list", data=data)
    rows = [row.split("\t") for row in done.stdout.split("\n")]
    assert rows[0][:3] == ["en_US-joe-medium", "en-US", "CC0"]


@pytest.mark.live
def test_voice_is_added_listed_shown_and_sampled(
    mirror: MirrorFiles, data: Path, voices_cache: Path
) -> None:
    cache = str(voices_cache.parent)
    accept = ["voices", "add", JIM, "--accept-licence"]
    done = run(*accept, data=data, cache=cache, voices_url=mirror.address)
    line = f"{JIM}\ten-US\tCC BY-NC 4.0\tjim (medium)\n"
    assert (done.returncode, done.stdout) == (0, line), done.stderr
    assert "Licence of en_US-jim-medium: CC BY-NC 4.0\n" in done.stderr
    assert call("voices", "list", data=data).stdout.startswith(line)
    again = call("voices", "add", JIM, data=data)
    assert (again.returncode, again.stdout) == (0, line), "without a mirror"
    info = json.loads(
        run("voices", "info", JIM, "--json", data=data, cache=cache).stdout
    )
    assert (info["kind"], info["repeatable"]) == ("compiled", True)
    assert (info["licence"], info["speakers"]) == ("CC BY-NC 4.0", 1)
    assert (info["sample_rate"], info["hop"]) == (22050, 256)
    assert 5 < info["gain_db"] < 12
    sampled = run("voices", "sample", JIM, data=data, cache=cache)
    assert sampled.stdout.startswith(f"{JIM}.mp3  ")
    mp3 = MP3(io.BytesIO((data.parent / f"{JIM}.mp3").read_bytes()))
    assert 5 < mp3.info.length < 12
    assert "en_US-jim-medium: jim (medium)" in str(mp3.tags)


def test_voice_is_not_added_unless_its_licence_is_accepted(
    mirror: MirrorFiles, data: Path
) -> None:
    done = call("voices", "add", JIM, data=data, voices_url=mirror.address)
    assert done.returncode == 2
    assert "CC BY-NC 4.0" in done.stderr
    (last,) = done.stderr.splitlines()[-1:]
    assert last.startswith("outspoken: ")
    assert "--accept-licence" in last
    assert not (data / "voices").exists()
    assert mirror.ranges_requested(".onnx") == []


def test_licence_is_asked_about_on_a_terminal(mirror: MirrorFiles, data: Path) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "service.cli", "voices", "add", JIM],
        env=environment(data=str(data), voices_url=mirror.address),
        cwd=data.parent,
        stdin=theirs,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        os.write(ours, b"n\n")
        _, stderr = process.communicate(timeout=START_TIMEOUT_S)
    os.close(ours)
    os.close(theirs)
    assert process.returncode == 1
    assert "Do you accept them? [y/N]" in stderr
    assert stderr.endswith("was not added: its licence was not accepted.\n")
    assert mirror.ranges_requested(".onnx") == []


@pytest.mark.live
def test_local_model_is_added_with_a_stated_licence(
    mirror: MirrorFiles, data: Path, voices_cache: Path
) -> None:
    model, config = (
        next(content for path, content in mirror.files.items() if path.endswith(end))
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
    ("arguments", "code", "message"),
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
def test_refused_voice_is_reported_in_one_sentence(
    mirror: MirrorFiles, data: Path, arguments: list[str], code: int, message: str
) -> None:
    done = call("voices", "add", *arguments, data=data, voices_url=mirror.address)
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.count("\n") == 1
    assert message in done.stderr


@pytest.mark.parametrize(
    ("settings", "code", "message"),
    [
        ({}, 2, "Set OUTSPOKEN_VOICES_URL to the address of a mirror"),
        ({"voices_url": "ftp://there"}, 2, "Invalid setting OUTSPOKEN_VOICES_URL"),
        ({"voices_url": "/etc"}, 2, "Invalid setting OUTSPOKEN_VOICES_URL"),
        ({"voices_url": "http://127.0.0.1:1"}, 1, "cannot be reached"),
        ({"voices_url": "http://"}, 1, "cannot be reached"),
        ({"voices_url": "http://a b"}, 1, "cannot be reached"),
    ],
)
def test_unusable_mirror_is_reported_in_one_sentence(
    data: Path, settings: dict[str, str], code: int, message: str
) -> None:
    done = call("voices", "add", JIM, data=data, **settings)
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.count("\n") == 1
    assert message in done.stderr


def test_unwritable_voices_folder_is_named(mirror: MirrorFiles, data: Path) -> None:
    data.mkdir()
    (data / "voices").write_text("a file")
    accept = ["voices", "add", JIM, "--accept-licence"]
    done = call(*accept, data=data, voices_url=mirror.address)
    assert done.returncode == 1
    (last,) = done.stderr.splitlines()[-1:]
    assert f"{data / 'voices'} cannot be used" in last


def test_damaged_manifest_is_reported_and_other_voices_stay_usable(data: Path) -> None:
    folder = data / "voices" / JIM
    folder.mkdir(parents=True)
    (folder / "voice.json").write_text("{")
    # In a process of its own, because the warning is a log record.
    listed = run("voices", "list", data=data)
    assert listed.returncode == 0
    assert listed.stdout.splitlines()[-1].startswith("tone\t")
    assert f"Voice {JIM} cannot be used" in listed.stderr
    checked = call("doctor", data=data)
    assert checked.returncode == 1
    assert f"WRONG  Voice {JIM} cannot be used" in checked.stdout


def test_sample_speaks_its_text_in_the_format_of_the_file(data: Path) -> None:
    sample = ["voices", "sample", "tone", "-o"]
    short = call(*sample, "short.wav", "--text", "One.", data=data)
    assert short.stdout.startswith("short.wav  0."), short.stderr
    assert (data.parent / "short.wav").read_bytes().startswith(b"RIFF")
    for arguments in (["no.txt"], ["no.mp3", "--text", "—"]):
        done = call(*sample, *arguments, data=data)
        assert done.returncode == 1
        assert done.stderr.count("\n") == 1
        assert not (data.parent / arguments[0]).exists()


def test_unknown_voice_is_reported_with_the_installed_ones(data: Path) -> None:
    for command in ("info", "sample"):
        done = call("voices", command, "absent", data=data)
        assert done.returncode == 1
        assert "choose one of: en_US-joe-medium, tone." in done.stderr
