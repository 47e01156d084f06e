"""espeak says what Piper has it say, always the same, and loses no memory by it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from piper.phonemize_espeak import EspeakPhonemizer

from tests.support.heap import heap
from voices.piper.espeak import ESPEAK

TEXTS = (
    "The harbour ferry sails again on Monday, the council said, if its hull is sound.",
    "He said: no; she said yes... Then? Nothing!",
    "They used to read the U.S.A..",
    "It cost 3.2 billion (then), and Gabriel García Márquez wrote it.",
    "I read",
    "have",
    "week",
    "do",
    "the",
    "",
    "—",
    "Guten Tag.",
)


@pytest.mark.parametrize("voice", ["en-us", "de", "fr"])
@pytest.mark.parametrize("text", TEXTS)
def test_it_says_what_piper_has_it_say(voice: str, text: str) -> None:
    with ESPEAK.lent():
        piper = EspeakPhonemizer()
        piper.phonemize(voice, "Flush this.")
        expected = [sentence for sentence in piper.phonemize(voice, text) if sentence]
    assert ESPEAK.phonemes(voice, text) == expected


@given(st.lists(st.sampled_from(TEXTS), max_size=20), st.sampled_from(TEXTS))
def test_a_text_is_said_alike_after_any_other(before: list[str], text: str) -> None:
    alone = ESPEAK.phonemes("en-us", text)
    for other in before:
        ESPEAK.phonemes("en-us", other)
    assert ESPEAK.phonemes("en-us", text) == alone


def test_who_borrowed_it_may_leave_another_voice() -> None:
    english = ESPEAK.phonemes("en-us", "water")
    with ESPEAK.lent():
        EspeakPhonemizer().phonemize("de", "Wasser")
    assert ESPEAK.phonemes("en-us", "water") == english


def test_a_worker_that_speaks_for_weeks_does_not_grow_by_it() -> None:
    """Setting the voice takes 1,360 bytes for good, and Piper does so every time."""
    ESPEAK.phonemes("en-us", TEXTS[0])
    before = heap()
    for _ in range(2_000):
        ESPEAK.phonemes("en-us", "A word.")
    assert heap() - before < 200_000
