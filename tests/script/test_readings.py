"""News as it is written is said as a newsreader says it.

In tests/script/readings, `informed` has cases written along with the rules and `blind`
those of an author who had not read a rule.
"""

import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest

from service.script import normalize_text
from tests.support.phoneme_comparison import heard

HERE = Path(__file__).with_name("readings")


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
        for path in sorted(HERE.glob("*/*.toml"))
        for case in tomllib.loads(path.read_text("utf-8"))["case"]
    ]


CASES = _cases()


def test_there_are_cases_of_both_kinds() -> None:
    blind = [case for case in CASES if case.kind.startswith("blind/")]
    assert len(CASES) >= 400
    assert len(blind) >= 200


@pytest.mark.parametrize(
    "case", CASES, ids=[f"{case.kind}: {case.written}" for case in CASES]
)
def test_is_said_as_a_newsreader_says_it(case: Case) -> None:
    said = normalize_text(case.written, case.locale)
    assert heard(said) in {heard(spoken) for spoken in case.spoken}, said
