"""Scripts and timings are stored without loss, in few bytes."""

import json
from dataclasses import asdict

from hypothesis import given
from hypothesis import strategies as st

from tests.support.scripts import script_of
from voices.sentence import Script, Sentence, Span, Token
from workers.database.script_codec import (
    pack_script,
    pack_timings,
    unpack_script,
    unpack_timings,
)
from workers.narration import Timing

WORDS = st.text(
    st.characters(exclude_categories=["Cc"], exclude_characters="\x1f"), min_size=1
)
SPANS = st.builds(
    Span, st.integers(-1, 500), st.integers(0, 9_000), st.integers(0, 9_000)
)
TOKENS = st.builds(Token, WORDS, st.none() | SPANS, st.none() | WORDS)
SENTENCES = st.builds(
    Sentence,
    st.text(),
    st.lists(TOKENS, min_size=1, max_size=6).map(tuple),
    st.integers(0, 5_000),
)
SCRIPTS = st.builds(
    Script, st.sampled_from(["en", "de-AT"]), st.lists(SENTENCES).map(tuple)
)
SAMPLES = st.integers(0, 2**40)
TIMINGS = st.builds(
    Timing,
    st.integers(0, 1_000),
    SAMPLES,
    SAMPLES,
    st.lists(st.tuples(SAMPLES, SAMPLES)).map(tuple),
)


@given(SCRIPTS)
def test_a_script_is_unpacked_as_it_was_packed(script: Script) -> None:
    assert unpack_script(pack_script(script)) == script


@given(st.lists(TIMINGS))
def test_timings_are_unpacked_as_they_were_packed(timings: list[Timing]) -> None:
    assert unpack_timings(pack_timings(timings)) == tuple(timings)


def test_half_a_surrogate_pair_is_kept() -> None:
    script = script_of("The \ud83d turns")
    assert unpack_script(pack_script(script)) == script


def test_a_packed_script_is_a_tenth_of_its_object() -> None:
    texts = [
        f"In month {number} the ferry sails {number} times." for number in range(60)
    ]
    script = script_of(*texts)
    as_object = json.dumps(asdict(script)).encode()
    assert len(pack_script(script)) < len(as_object) / 10
