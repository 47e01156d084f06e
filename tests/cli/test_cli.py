"""The command line, run as a newsroom's scripts run it."""

import io
import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from mutagen.mp3 import MP3

from service.settings import ServiceSettings
from tests.support.paths import ROOT
from tests.support.service import environment, run
from voices.sentence import Script
from voices.tone import ToneEngine
from workers.rendering.render import render_script
from workers.storage.archive import open_archive, open_records
from workers.storage.pins import Pins

SAMPLE = ROOT / "samples" / "ferry.txt"
PAGE = """Menu
Search

Advertisement

Ferry sails again after nine days of storms

Ferry sails again after nine days of storms

The harbour ferry left the quay on Monday for the first time in nine days, and the \
council said it would run every hour.

Advertisement

Passengers cheered when the ropes were thrown off, and the skipper sounded the horn.
"""


@pytest.fixture(name="page")
def _page(tmp_path: Path) -> Path:
    page = tmp_path / "page.txt"
    page.write_text(PAGE)
    return page


@pytest.fixture(name="data")
def _data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def test_narrate_writes_an_mp3_and_says_where(page: Path, data: Path) -> None:
    done = run("narrate", page, data=data)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("page.mp3  ")
    assert "Ferry sails again" in done.stdout
    assert done.stderr == "", "no progress bar where there is no terminal"
    mp3 = MP3(io.BytesIO((data.parent / "page.mp3").read_bytes()))
    assert mp3.info.channels == 1


def test_narrate_again_gives_the_same_file_from_the_library(
    page: Path, data: Path
) -> None:
    run("narrate", page, "-o", "one.mp3", data=data)
    (record,) = (data / "records" / "narrations").iterdir()
    before = record.stat().st_mtime_ns
    run("narrate", page, "-o", "two.mp3", data=data)
    one, two = (data.parent / name for name in ("one.mp3", "two.mp3"))
    assert one.read_bytes() == two.read_bytes()
    assert record.stat().st_mtime_ns == before


def test_a_page_with_other_clutter_is_the_same_narration(
    page: Path, data: Path
) -> None:
    """What is not read is not in the key."""
    run("narrate", page, data=data)
    page.write_text(PAGE + "\nAdvertisement\n")
    run("narrate", page, data=data)
    assert len(list((data / "records" / "narrations").iterdir())) == 1


def test_what_is_written_can_be_read_by_a_web_server(page: Path, data: Path) -> None:
    run("narrate", page, data=data)
    assert (data.parent / "page.mp3").stat().st_mode & 0o044 == 0o044


def test_a_link_is_written_through(page: Path, data: Path) -> None:
    (page.parent / "link.mp3").symlink_to(page.parent / "real.mp3")
    run("narrate", page, "-o", "link.mp3", data=data)
    assert (page.parent / "link.mp3").is_symlink()
    assert (page.parent / "real.mp3").stat().st_size > 1000


def test_a_damaged_file_of_the_library_is_made_again(page: Path, data: Path) -> None:
    run("narrate", page, "-o", "one.mp3", data=data)
    (kept,) = (data / "library").rglob("*.mp3")
    kept.write_bytes(kept.read_bytes()[:1000])
    run("narrate", page, "-o", "two.mp3", data=data)
    one, two = (data.parent / name for name in ("one.mp3", "two.mp3"))
    assert one.read_bytes() == two.read_bytes() == kept.read_bytes()


def test_a_falsified_file_of_the_library_is_refused(page: Path, data: Path) -> None:
    run("narrate", page, data=data)
    (kept,) = (data / "library").rglob("*.mp3")
    kept.write_bytes(bytes(kept.stat().st_size))
    done = run("narrate", page, data=data)
    assert done.returncode == 1
    assert "is damaged; delete it" in done.stderr


def test_a_damaged_record_is_named(page: Path, data: Path) -> None:
    run("narrate", page, data=data)
    (record,) = (data / "records" / "narrations").iterdir()
    record.write_text("{}")
    done = run("narrate", page, data=data)
    assert done.returncode == 1
    assert "record narrations/" in done.stderr
    assert done.stderr.count("\n") == 1


def test_narrate_writes_many_files_into_a_folder(page: Path, data: Path) -> None:
    other = page.with_name("other.txt")
    other.write_text(PAGE.replace("nine", "ten"))
    done = run("narrate", page, other, "-o", "out", "--jobs", "2", data=data)
    assert done.returncode == 0, done.stderr
    out = data.parent / "out"
    assert sorted(path.name for path in out.iterdir()) == ["other.mp3", "page.mp3"]


def test_one_bad_file_does_not_stop_the_others(page: Path, data: Path) -> None:
    done = run("narrate", "missing.txt", page, data=data)
    assert done.returncode == 1
    assert done.stdout.startswith("page.mp3")
    assert done.stderr.count("\n") == 1
    assert "missing.txt cannot be read" in done.stderr


def test_narrate_tells_json_with_every_cut(page: Path, data: Path) -> None:
    told = json.loads(run("narrate", page, "--json", data=data).stdout)
    assert told["title"] == "Ferry sails again after nine days of storms"
    assert told["voice"] == "tone"
    texts = [cut["text"] for cut in told["cuts"]]
    assert texts.count("Advertisement") == 2
    assert "Menu" in texts


def test_narrate_reads_standard_input(data: Path) -> None:
    data.parent.mkdir(exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-m", "service.cli", "narrate", "-", "-o", "in.mp3"],
        input=PAGE,
        env=environment(data=str(data), voice="tone"),
        cwd=data.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("in.mp3")


def test_captions_have_a_cue_a_sentence_in_the_words_of_the_page(
    page: Path, data: Path
) -> None:
    run("narrate", page, "--captions", data=data)
    cues = (data.parent / "page.vtt").read_text().split("\n\n")
    assert cues[0] == "WEBVTT"
    assert cues[1].startswith("00:00:00.050 --> 00:00:00.")
    assert cues[1].endswith("\nFerry sails again after nine days of storms")
    assert len([cue for cue in cues if "-->" in cue]) == 3


def test_other_formats_are_chosen_by_the_files_name(page: Path, data: Path) -> None:
    assert run("narrate", page, "-o", "page.ogg", data=data).returncode == 0
    assert (data.parent / "page.ogg").read_bytes().startswith(b"OggS")
    refused = run("narrate", page, "-o", "page.exe", data=data)
    assert refused.returncode == 2
    assert "choose one of: .flac" in refused.stderr


def test_a_terminal_is_shown_progress(page: Path, data: Path) -> None:
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


def test_clean_prints_the_article_and_tells_what_was_cut(
    page: Path, data: Path
) -> None:
    done = run("clean", page, data=data)
    title, *paragraphs = done.stdout.strip().split("\n\n")
    assert title == "Ferry sails again after nine days of storms"
    assert len(paragraphs) == 2
    assert "cut 3: advertisement: Advertisement" in done.stderr


def test_clean_tells_json(page: Path, data: Path) -> None:
    cleaned = json.loads(run("clean", page, "--json", data=data).stdout)
    assert set(cleaned) == {"title", "paragraphs", "cuts"}
    assert len(cleaned["paragraphs"]) == 2
    assert {"rule", "text", "line", "because"} == set(cleaned["cuts"][0])


def batch(verb: str, *cases: dict[str, str]) -> list[dict[str, object]]:
    done = subprocess.run(
        [sys.executable, "-m", "service.cli", verb, "--batch"],
        input="".join(json.dumps(case) + "\n" for case in cases),
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_clean_works_through_a_batch() -> None:
    html = "<article><h1>Tide</h1>" + "<p>The tide turned at noon on Monday.</p>" * 2
    first, second, third = batch(
        "clean",
        {"id": "a", "text": PAGE},
        {"id": "b", "text": "Advertisement"},
        {"id": "c", "html": html + "</article>", "url": "https://news.example/1"},
    )
    assert (first["id"], len(first["paragraphs"])) == ("a", 2)
    assert (second["id"], second["paragraphs"]) == ("b", [])
    assert third["paragraphs"] == ["The tide turned at noon on Monday."]


def test_script_prints_what_will_be_said(page: Path, data: Path) -> None:
    said = run("script", page, data=data).stdout.splitlines()
    assert len(said) == 3
    page.write_text("Prices rose 12% on Feb. 8, the U.S. said.")
    said = run("script", page, data=data).stdout.splitlines()
    assert said == ["Prices rose twelve percent on February eighth, the US said."]


def test_script_tells_spans_and_pauses(page: Path, data: Path) -> None:
    sentences = json.loads(run("script", page, "--json", data=data).stdout)
    first = sentences[1]
    assert first["spoken"].startswith("The harbour ferry")
    assert first["tokens"][0]["span"] == {"paragraph": 0, "start": 0, "end": 3}
    assert sentences[0]["pause_after"] > sentences[1]["pause_after"] > 0


def test_a_line_of_a_batch_that_is_no_case_does_not_end_it() -> None:
    lines = ["{", "", "7", '{"id": "a"}', '{"id": "b", "text": "It is \\ud800 5 km."}']
    done = subprocess.run(
        [sys.executable, "-m", "service.cli", "script", "--batch"],
        input="\n".join(lines),
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["id"] for one in answers] == [None, None, "a", "b"]
    assert ["problem" in one for one in answers] == [True, True, True, False]


def test_script_works_through_a_batch() -> None:
    assert batch("script", {"id": "a", "text": "It is 5 km."}) == [
        {"id": "a", "spoken": "It is five kilometers."}
    ]


def test_a_word_is_explained(data: Path) -> None:
    done = run("lexicon", "explain", "Kyiv's $3bn", data=data)
    kyiv, amount = (line.split("\t") for line in done.stdout.splitlines())
    assert kyiv[:2] == ["Kyiv's", "keev's"]
    assert kyiv[2] == "lexicon voices/lexicons/en.toml: 'Kyiv' as alias"
    assert amount == ["$3bn", "three billion dollars", "rule: money"]
    plain = run("lexicon", "explain", "harbour", data=data).stdout
    assert plain == "harbour\tharbour\tleft to the voice\n"


def test_a_publishers_lexicon_is_used_everywhere(page: Path, data: Path) -> None:
    page.with_name("own.toml").write_text(
        'entries = [{ grapheme = "Ferry", as = "alias", value = "big boat" }]'
    )
    said = run("script", page, data=data, lexicon="own.toml").stdout
    assert said.startswith("big boat sails again")
    assert run("lexicon", "check", data=data, lexicon="own.toml").stdout.startswith(
        "own.toml: 1 entries are valid\n"
    )


def test_a_lexicon_goes_out_and_comes_in_again(page: Path, data: Path) -> None:
    own = page.with_name("own.toml")
    own.write_text('entries = [{ grapheme = "Ty", as = "ipa", value = "tˈaɪ" }]')
    done = run("lexicon", "export", own, "-o", "own.pls", data=data)
    assert done.returncode == 0, done.stderr
    back = run("lexicon", "import", "own.pls", data=data)
    assert '{ grapheme = "Ty", as = "ipa", value = "tˈaɪ" }' in back.stdout


def test_a_broken_lexicon_is_one_sentence(page: Path, data: Path) -> None:
    own = page.with_name("own.toml")
    own.write_text(
        'entries = [{ grapheme = "Ty", as = "ipa", value = "t\u0283\u00e4" }]'
    )
    for verb in (("script", page), ("lexicon", "check", own)):
        done = run(*verb, data=data, lexicon="own.toml")
        assert done.returncode == 1
        assert "own.toml: entry 1 ('Ty')" in done.stderr
        assert "U+0308" in done.stderr
        assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("intro", "Read by {reader}."),
        ("outro", "{title"),
        ("pauses", '{"paragraph": 11}'),
        ("pauses", '{"chapter": 1}'),
        ("pauses", '{"title": true}'),
        ("pauses", "0.7"),
    ],
)
def test_a_setting_of_what_is_said_is_checked(
    page: Path, data: Path, setting: str, value: str
) -> None:
    done = run("script", page, data=data, **{setting: value})
    assert done.returncode == 2
    assert setting in done.stderr.lower()
    assert done.stderr.count("\n") == 1


def test_an_article_is_announced(page: Path, data: Path) -> None:
    done = run(
        "script",
        page,
        data=data,
        publication="The Tide",
        intro="From {publication}.",
        outro="Spoken by a machine.",
        pauses='{"title": 2}',
    )
    said = done.stdout.splitlines()
    assert (said[0], said[-1]) == ("From The Tide.", "Spoken by a machine.")


def test_an_article_in_a_language_that_nobody_speaks_is_refused(
    page: Path, data: Path
) -> None:
    page.write_text(
        "Le maire a annoncé mardi que le pont serait rouvert en mars après deux ans"
        " de travaux, et que la région paierait la facture avec l'aide de l'État."
    )
    done = run("narrate", page, "--voice", "en_US-joe-medium", data=data)
    assert done.returncode == 1
    assert "is in French, and no installed voice speaks it" in done.stderr


def test_voices_lists_who_can_speak(data: Path) -> None:
    rows = [
        row.split("\t") for row in run("voices", "list", data=data).stdout.split("\n")
    ]
    assert rows[0][:3] == ["en_US-joe-medium", "en-US", "CC0"]


@pytest.mark.live
def test_doctor_finds_a_sound_installation(data: Path) -> None:
    done = run("doctor", data=data)
    assert done.returncode == 0, done.stdout
    assert "en_US-joe-medium speaks" in done.stdout


def test_doctor_says_that_what_is_pinned_fills_the_library(
    data: Path, script: Script
) -> None:
    settings = ServiceSettings(data=data, _env_file=None)
    narration = render_script(script, ToneEngine(), lambda _done, _total: None)
    open_archive(settings).store("a" * 32, script, "tone", narration)
    narrow = {"library_limit": str(len(narration.mp3) - 1)}
    assert run("doctor", data=data, **narrow).returncode == 0
    Pins(open_records(settings)).note("a" * 32, "article:a")
    done = run("doctor", data=data, **narrow)
    assert done.returncode == 1
    assert "WRONG  What articles refer to fills the library" in done.stdout


def test_doctor_says_what_is_wrong(data: Path) -> None:
    done = run("doctor", data=data, library="ftp://x", voice="nobody")
    assert done.returncode == 1
    wrong = [line for line in done.stdout.splitlines() if line.startswith("WRONG")]
    assert len(wrong) == 2
    assert "OUTSPOKEN_LIBRARY" in wrong[0]
    assert "'nobody'" in wrong[1]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "page.txt cannot be read (No such file or directory); check its name."),
        (b"", "othing"),
        (b"\n\n \n", "othing"),
        (b"Menu\nSearch\nAdvertisement\n", "othing"),
        (b"\x7fELF\x02\x01\x01\x00\x00\xff\xfe", "ext"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "ext"),
    ],
    ids=["missing", "empty", "blank", "nothing to read", "a program", "a picture"],
)
def test_what_cannot_be_read_is_one_sentence(
    tmp_path: Path, content: bytes | None, said: str
) -> None:
    if content is not None:
        (tmp_path / "page.txt").write_bytes(content)
    for verb in ("narrate", "clean", "script"):
        done = run(verb, "page.txt", data=tmp_path / "data")
        assert done.returncode == 1
        assert said in done.stderr
        assert done.stderr.startswith("outspoken: ")
        assert done.stderr.count("\n") == 1
        assert done.stdout == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("narrate",),
        ("narrate", "page.txt", "--nonsense"),
        ("narrate", "page.txt", "--jobs", "0"),
        ("narrate", "page.txt", "page.txt", "-o", "one.mp3"),
        ("narrate", "page.txt", "folder/page.txt", "-o", "out/"),
        ("narrate", "page.txt", "-o", "-"),
        ("serve", "--port", "x"),
    ],
)
def test_wrong_usage_is_one_sentence_and_2(
    page: Path, data: Path, arguments: tuple[str, ...]
) -> None:
    assert page.exists()
    done = run(*arguments, data=data)
    assert done.returncode == 2
    assert done.stderr.startswith("outspoken: ")
    assert "--help" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_wrong_setting_is_named(page: Path, data: Path) -> None:
    done = run("script", page, data=data, max_characters="many")
    assert done.returncode == 2
    assert "OUTSPOKEN_MAX_CHARACTERS" in done.stderr
    assert done.stderr.count("\n") == 1


def test_an_unknown_voice_is_one_sentence(page: Path, data: Path) -> None:
    done = run("narrate", page, "--voice", "en_GB-nobody", data=data)
    assert done.returncode == 1
    assert "choose one of: en_US-joe-medium, tone." in done.stderr


def test_a_library_that_cannot_be_written_is_one_sentence(
    page: Path, data: Path
) -> None:
    data.mkdir()
    (data / "library").write_text("in the way")
    done = run("narrate", page, data=data)
    assert done.returncode == 1
    assert f"{data / 'library'}/.segments cannot be used" in done.stderr
    assert not (data.parent / "page.mp3").exists()


@pytest.mark.parametrize(
    "verb",
    [
        *("narrate", "clean", "script", "serve", "worker", "voices list", "doctor"),
        *(f"lexicon {verb}" for verb in ("check", "explain", "export", "import")),
    ],
)
def test_every_verb_helps_with_an_example(data: Path, verb: str) -> None:
    data.parent.mkdir(exist_ok=True)
    done = run(*verb.split(), "--help", data=data)
    assert done.returncode == 0
    assert "Example:" in done.stdout
    assert f"outspoken {verb}" in done.stdout


@pytest.mark.live
def test_the_sample_is_read_by_the_neural_voice(data: Path) -> None:
    done = run("narrate", SAMPLE, data=data, voice="en_US-joe-medium")
    assert done.returncode == 0, done.stderr
    mp3 = MP3(io.BytesIO((data.parent / "ferry.mp3").read_bytes()))
    assert 85 < mp3.info.length < 160
