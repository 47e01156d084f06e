"""Which voices can speak here, and what is known of them without opening one."""

import json
import logging
from dataclasses import replace
from pathlib import Path

import pytest

from voices.catalogue import open_catalogue
from voices.install.model_card import NOT_STATED, read_model_card
from voices.install.sample_texts import sample_of
from voices.language_tags import language_tag
from voices.manifest import MANIFEST, read_manifest, write_manifest

JIM = "en_US-jim-medium"


@pytest.mark.parametrize(
    ("card", "licence", "credit"),
    [
        (b"", NOT_STATED, ""),
        (b"* License: https://a.example/by", "https://a.example/by", ""),
        (b"**Licence:** MIT\n* License: MIT\n", "MIT", ""),
        (b"License: CC0\nlicense: BY 4.0", "CC0; BY 4.0", ""),
        (b"* License:\n* URL: https://a.example", NOT_STATED, "https://a.example"),
        (b"# Model card for an\x1b[31mna\xff", NOT_STATED, "an[31mna\ufffd"),
    ],
)
def test_a_card_tells_licence_and_credit(
    card: bytes, licence: str, credit: str
) -> None:
    read = read_model_card(card)
    assert (read.licence, read.credit) == (licence, credit)


@pytest.mark.parametrize(
    ("code", "tag"),
    [
        ("en_US", "en-US"),
        ("en-us", "en-US"),
        ("gmw/en-GB-x-rp", "en-GB-x-rp"),
        ("cmn", "zh"),
        ("sr_latn_RS", "sr-Latn-RS"),
        ("es_419", "es-419"),
        ("", None),
        ("<b>", None),
    ],
)
def test_a_language_has_its_tag(code: str, tag: str | None) -> None:
    assert language_tag(code) == tag


def added(folder: Path, name: str) -> Path:
    """Add a voice that could not be opened."""
    place = folder / name
    place.mkdir()
    joe = open_catalogue().find("en_US-joe-medium").voice
    write_manifest(place, replace(joe, id=name))
    return place


def test_a_manifest_is_read_as_it_was_written(tmp_path: Path) -> None:
    folder = added(tmp_path, JIM)
    voice = read_manifest(folder)
    assert replace(voice, id="en_US-joe-medium") == open_catalogue().voices[0]


@pytest.mark.parametrize(
    "change",
    [
        {"id": "en_US-other-low"},
        {"sample_rate": 0},
        {"sample_rate": "many"},
        {"gain_db": None},
        {"gain_db": float("nan")},
        {"credit": "x" * 10_000},
    ],
)
def test_a_voice_whose_manifest_is_damaged_is_left_out_and_named(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, change: dict[str, object]
) -> None:
    manifest = added(tmp_path, JIM) / MANIFEST
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | change))
    added(tmp_path, "de_DE-anna-low")
    with caplog.at_level(logging.WARNING):
        catalogue = open_catalogue(tmp_path)
    known = ["de_DE-anna-low", "en_US-joe-medium", "tone"]
    assert [voice.id for voice in catalogue.voices] == known
    (sentence,) = catalogue.damaged
    assert f"Voice {JIM} cannot be used" in sentence
    assert sentence in caplog.text


def test_what_is_on_its_way_is_no_voice(tmp_path: Path) -> None:
    added(tmp_path, ".adding")
    (tmp_path / "notes.txt").write_text("not a folder")
    catalogue = open_catalogue(tmp_path)
    assert [voice.id for voice in catalogue.voices] == ["en_US-joe-medium", "tone"]
    assert catalogue.damaged == ()


def test_voices_of_the_installation_win_over_added_ones(tmp_path: Path) -> None:
    added(tmp_path, "tone")
    assert open_catalogue(tmp_path).find("tone").model is None


def test_a_voice_is_tried_in_its_own_language_and_else_counts() -> None:
    assert sample_of("de-AT") == sample_of("DE") != sample_of("en-GB")
    assert sample_of("mul") == sample_of("en")
    assert sample_of("tlh")[0].startswith("1, 2")
