"""Readings of written news, compared by their phonemes.

In tests/script/readings, `informed` has cases written along with the rules, `blind`
those of an author who had not read the rules, and `reported` those of kinds that public
bug reports of other readers name, one file per kind.
"""

import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest

from service.script import normalize_text
from tests.support.voices.phoneme_comparison import phonemes_of

READINGS = Path(__file__).with_name("readings")


class Case(NamedTuple):
    kind: str
    written: str
    spoken: tuple[str, ...]
    locale: str


def _cases() -> list[Case]:
    return [
        Case(
            f"{path.parent.name}/{path.stem}",
            case["written"],
            tuple(case["spoken"]),
            case.get("locale", "en-US"),
        )
        for path in sorted(READINGS.glob("*/*.toml"))
        for case in tomllib.loads(path.read_text("utf-8"))["case"]
    ]


CASES = _cases()


def test_reading_cases_include_blind_ones() -> None:
    blind = [case for case in CASES if case.kind.startswith("blind/")]
    assert len(CASES) >= 400
    assert len(blind) >= 200


@pytest.mark.parametrize(
    "case", CASES, ids=[f"{case.kind}: {case.written}" for case in CASES]
)
def test_reading_sounds_like_a_newsreader(case: Case) -> None:
    spoken = normalize_text(case.written, case.locale)
    expected = {phonemes_of(variant) for variant in case.spoken}
    assert phonemes_of(spoken) in expected, spoken
