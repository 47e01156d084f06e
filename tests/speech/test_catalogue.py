"""The catalogue, manifests, model cards and language tags of voices."""

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
def test_model_card_states_licence_and_credit(
    card: bytes, licence: str, credit: str
) -> None:
    parsed = read_model_card(card)
    assert (parsed.licence, parsed.credit) == (licence, credit)


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
def test_language_code_becomes_a_bcp_47_tag(code: str, tag: str | None) -> None:
    assert language_tag(code) == tag


def add_manifest(folder: Path, name: str) -> Path:
    """Add a voice without a model; return its folder."""
    voice_folder = folder / name
    voice_folder.mkdir()
    joe = open_catalogue().find("en_US-joe-medium").voice
    write_manifest(voice_folder, replace(joe, id=name))
    return voice_folder


def test_manifest_is_read_as_written(tmp_path: Path) -> None:
    folder = add_manifest(tmp_path, JIM)
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
def test_voice_with_a_damaged_manifest_is_skipped_and_named(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, change: dict[str, object]
) -> None:
    manifest = add_manifest(tmp_path, JIM) / MANIFEST
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | change))
    add_manifest(tmp_path, "de_DE-anna-low")
    with caplog.at_level(logging.WARNING):
        catalogue = open_catalogue(tmp_path)
    known = ["de_DE-anna-low", "en_US-joe-medium", "tone"]
    assert [voice.id for voice in catalogue.voices] == known
    (message,) = catalogue.damaged
    assert f"Voice {JIM} cannot be used" in message
    assert message in caplog.text


def test_unfinished_install_is_not_listed(tmp_path: Path) -> None:
    add_manifest(tmp_path, ".adding")
    (tmp_path / "notes.txt").write_text("not a folder")
    catalogue = open_catalogue(tmp_path)
    assert [voice.id for voice in catalogue.voices] == ["en_US-joe-medium", "tone"]
    assert catalogue.damaged == ()


def test_packaged_voice_wins_over_an_added_one(tmp_path: Path) -> None:
    add_manifest(tmp_path, "tone")
    assert open_catalogue(tmp_path).find("tone").model is None


def test_sample_text_is_in_the_language_of_the_voice() -> None:
    assert sample_of("de-AT") == sample_of("DE") != sample_of("en-GB")
    assert sample_of("mul") == sample_of("en")
    assert sample_of("tlh")[0].startswith("1, 2")
