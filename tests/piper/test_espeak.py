"""espeak gives Piper's phonemes, repeatably and without leaking memory."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from piper.phonemize_espeak import EspeakPhonemizer

from tests.support.voices.heap import heap
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
def test_espeak_gives_the_phonemes_of_piper(voice: str, text: str) -> None:
    with ESPEAK.exclusive():
        piper = EspeakPhonemizer()
        piper.phonemize(voice, "Flush this.")
        expected = [sentence for sentence in piper.phonemize(voice, text) if sentence]
    assert ESPEAK.phonemes(voice, text) == expected


@given(st.lists(st.sampled_from(TEXTS), max_size=20), st.sampled_from(TEXTS))
def test_phonemes_do_not_depend_on_earlier_texts(before: list[str], text: str) -> None:
    alone = ESPEAK.phonemes("en-us", text)
    for other in before:
        ESPEAK.phonemes("en-us", other)
    assert ESPEAK.phonemes("en-us", text) == alone


def test_a_borrower_of_espeak_may_leave_another_voice_set() -> None:
    english = ESPEAK.phonemes("en-us", "water")
    with ESPEAK.exclusive():
        EspeakPhonemizer().phonemize("de", "Wasser")
    assert ESPEAK.phonemes("en-us", "water") == english


def test_memory_does_not_grow_with_sentences() -> None:
    """Setting the voice leaks 1,360 bytes, and Piper sets it for each text."""
    ESPEAK.phonemes("en-us", TEXTS[0])
    before = heap()
    for _ in range(2_000):
        ESPEAK.phonemes("en-us", "A word.")
    assert heap() - before < 200_000
