"""`outspoken narrate`: articles into audio files."""

import io
import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from mutagen.mp3 import MP3

from tests.support.cli import PAGE, call
from tests.support.paths import ROOT
from tests.support.service import environment, run

SAMPLE = ROOT / "samples" / "ferry.txt"


def test_narrate_writes_an_mp3_and_prints_its_path(page: Path, data: Path) -> None:
    done = run("narrate", page, data=data)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("page.mp3  ")
    assert "Ferry sails again" in done.stdout
    assert done.stderr == "", "no progress bar where there is no terminal"
    mp3 = MP3(io.BytesIO((data.parent / "page.mp3").read_bytes()))
    assert mp3.info.channels == 1


def test_second_run_gives_the_same_file_from_the_library(
    page: Path, data: Path
) -> None:
    call("narrate", page, "-o", "first.mp3", data=data)
    (stored,) = (data / "library").rglob("*.mp3")
    before = stored.stat().st_mtime_ns
    # Another process, so that nothing but the library can be shared.
    run("narrate", page, "-o", "second.mp3", data=data)
    first, second = (data.parent / f"{name}.mp3" for name in ("first", "second"))
    assert first.read_bytes() == second.read_bytes()
    assert stored.stat().st_mtime_ns == before
    assert list((data / "library").rglob("*.mp3")) == [stored]


def test_boilerplate_does_not_change_the_narration_key(page: Path, data: Path) -> None:
    call("narrate", page, data=data)
    page.write_text(PAGE + "\nAdvertisement\n")
    call("narrate", page, data=data)
    assert len(list((data / "library").rglob("*.mp3"))) == 1


def test_output_is_readable_by_other_users(page: Path, data: Path) -> None:
    """A web server often runs as another user."""
    call("narrate", page, data=data)
    assert (data.parent / "page.mp3").stat().st_mode & 0o044 == 0o044


def test_symbolic_link_as_output_is_followed(page: Path, data: Path) -> None:
    (page.parent / "link.mp3").symlink_to(page.parent / "real.mp3")
    call("narrate", page, "-o", "link.mp3", data=data)
    assert (page.parent / "link.mp3").is_symlink()
    assert (page.parent / "real.mp3").stat().st_size > 1000


def test_truncated_library_file_is_rendered_again(page: Path, data: Path) -> None:
    call("narrate", page, "-o", "first.mp3", data=data)
    (stored,) = (data / "library").rglob("*.mp3")
    stored.write_bytes(stored.read_bytes()[:1000])
    call("narrate", page, "-o", "second.mp3", data=data)
    first, second = (data.parent / f"{name}.mp3" for name in ("first", "second"))
    (rendered,) = (data / "library").rglob("*.mp3")
    assert first.read_bytes() == second.read_bytes() == rendered.read_bytes()


def test_falsified_library_file_is_refused(page: Path, data: Path) -> None:
    call("narrate", page, data=data)
    (stored,) = (data / "library").rglob("*.mp3")
    stored.write_bytes(bytes(stored.stat().st_size))
    done = call("narrate", page, data=data)
    assert done.returncode == 1
    assert "is damaged; delete it" in done.stderr


def test_damaged_database_is_named(page: Path, data: Path) -> None:
    data.mkdir(exist_ok=True)
    (data / "outspoken.db").write_text("no database " * 100)
    done = call("narrate", page, data=data)
    assert done.returncode == 1
    assert "outspoken.db is not a database or is damaged" in done.stderr
    assert done.stderr.count("\n") == 1


def test_narrate_writes_many_files_into_a_folder(page: Path, data: Path) -> None:
    other = page.with_name("other.txt")
    other.write_text(PAGE.replace("nine", "ten"))
    done = run("narrate", page, other, "-o", "out", "--jobs", "2", data=data)
    assert done.returncode == 0, done.stderr
    out = data.parent / "out"
    assert sorted(path.name for path in out.iterdir()) == ["other.mp3", "page.mp3"]


def test_unreadable_file_does_not_stop_the_others(page: Path, data: Path) -> None:
    done = call("narrate", "missing.txt", page, data=data)
    assert done.returncode == 1
    assert done.stdout.startswith("page.mp3")
    assert done.stderr.count("\n") == 1
    assert "missing.txt cannot be read" in done.stderr


def test_narrate_prints_json_with_every_cut(page: Path, data: Path) -> None:
    fields = json.loads(call("narrate", page, "--json", data=data).stdout)
    assert fields["title"] == "Ferry sails again after nine days of storms"
    assert fields["voice"] == "tone"
    assert fields["confidence"] > 0.5
    assert fields["doubts"] == []
    assert all(cut["because"] for cut in fields["cuts"])
    texts = [cut["text"] for cut in fields["cuts"]]
    assert texts.count("Advertisement") == 2
    assert "Menu" in texts


def test_narrate_reads_standard_input(data: Path) -> None:
    done = call("narrate", "-", "-o", "in.mp3", data=data, stdin=PAGE)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("in.mp3")


def test_captions_are_written_next_to_the_audio(page: Path, data: Path) -> None:
    call("narrate", page, "--captions", data=data)
    cues = (data.parent / "page.vtt").read_text().split("\n\n")
    assert cues[0] == "WEBVTT\nLanguage: en"
    assert cues[1].startswith("00:00:00.050 --> 00:00:00.")
    assert cues[1].endswith("\nFerry sails again\nafter nine days of storms")
    lines = [line for cue in cues for line in cue.splitlines()[1:]]
    assert max(map(len, lines)) <= 42


def test_output_suffix_selects_the_format(page: Path, data: Path) -> None:
    assert call("narrate", page, "-o", "page.ogg", data=data).returncode == 0
    assert (data.parent / "page.ogg").read_bytes().startswith(b"OggS")
    refused = call("narrate", page, "-o", "page.exe", data=data)
    assert refused.returncode == 2
    assert "choose one of: .flac" in refused.stderr


def test_progress_is_shown_on_a_terminal(page: Path, data: Path) -> None:
    ours, theirs = pty.openpty()
    subprocess.run(
        [sys.executable, "-m", "service.cli", "narrate", page],
        env=environment(data=str(data), voice="tone"),
        cwd=data.parent,
        stdout=subprocess.DEVNULL,
        stderr=theirs,
        check=True,
    )
    os.close(theirs)
    shown = os.read(ours, 10_000).decode()
    os.close(ours)
    assert "page.mp3" in shown
    assert "100%" in shown


def test_language_without_a_voice_is_refused(page: Path, data: Path) -> None:
    page.write_text(
        "Le maire a annoncé mardi que le pont serait rouvert en mars après deux ans"
        " de travaux, et que la région paierait la facture avec l'aide de l'État."
    )
    done = call("narrate", page, "--voice", "en_US-joe-medium", data=data)
    assert done.returncode == 1
    assert "is in French, and no installed voice speaks it" in done.stderr


def test_unknown_voice_is_refused_with_the_known_ones(page: Path, data: Path) -> None:
    done = call("narrate", page, "--voice", "en_GB-absent", data=data)
    assert done.returncode == 1
    assert "choose one of: en_US-joe-medium, tone." in done.stderr


def test_unwritable_library_is_named(page: Path, data: Path) -> None:
    data.mkdir()
    (data / "library").write_text("in the way")
    done = call("narrate", page, data=data)
    assert done.returncode == 1
    assert f"{data / 'library'}/.segments cannot be used" in done.stderr
    assert not (data.parent / "page.mp3").exists()


@pytest.mark.live
def test_sample_is_narrated_by_the_neural_voice(data: Path) -> None:
    done = run("narrate", SAMPLE, data=data, voice="en_US-joe-medium")
    assert done.returncode == 0, done.stderr
    mp3 = MP3(io.BytesIO((data.parent / "ferry.mp3").read_bytes()))
    assert 85 < mp3.info.length < 160
