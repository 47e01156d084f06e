"""Phonemes of a sentence, and the token that each belongs to."""

from dataclasses import replace

import pytest
from piper import PhonemeType, PiperVoice

from tests.support.scripts import script_of, sentence_of
from tests.support.voices.heap import heap
from voices.piper import PiperEngine
from voices.piper.espeak import ESPEAK, FLUSH
from voices.piper.phonemizer import Phonemizer, owners_of
from voices.piper.source import Source
from voices.sentence import Sentence, Token
from workers.rendering.render import render_script

pytestmark = pytest.mark.live

TEXT = (
    "The harbour ferry sails again on Monday, the council said, if its hull is sound."
)


def test_words_are_placed_in_order_and_within_the_sound(piper: PiperEngine) -> None:
    narration = render_script(script_of(TEXT), piper, lambda _done, _total: None)
    (timing,) = narration.timings
    bounds = [timing.start, *(at for word in timing.words for at in word), timing.end]
    assert bounds == sorted(bounds)
    assert all(end > start for start, end in timing.words)


def test_a_token_spoken_as_many_words_lasts_as_long(piper: PiperEngine) -> None:
    tokens = (
        Token("It", None),
        Token("cost", None),
        Token("three point two billion dollars", None),
        Token("then.", None),
    )
    words = piper.speak(Sentence("It cost $3.2 billion then.", tokens, 0)).words
    lengths = [word.end - word.start for word in words]
    assert lengths[2] > 3 * lengths[1]


def test_words_that_espeak_joins_have_separate_timings(piper: PiperEngine) -> None:
    """espeak makes one group of "of the" and one of "in the"."""
    utterance = piper.speak(sentence_of("The end of the war in the east came late."))
    assert all(word.end > word.start for word in utterance.words)


def test_phonemes_belong_to_the_token_that_says_them() -> None:
    letters = list("ʌvðə pˈiːpəl.")
    owners = owners_of(letters, [(0, "ʌv"), (1, "ðə"), (2, "pipəl")])
    said = [
        "".join(x for x, y in zip(letters, owners, strict=True) if y == n)
        for n in range(3)
    ]
    assert said == ["ʌv", "ðə", "pˈiːpəl"]
    assert owners[-1] is None


def test_given_phonemes_reach_the_voice_as_they_are(piper: PiperEngine) -> None:
    given = (
        Token("In", None),
        Token("al-Qaim,", None, "ælkɑːˈiːm"),
        Token("he left.", None),
    )
    guessed = tuple(replace(token, ipa=None) for token in given)
    first = piper.pronounce(Sentence("x", given, 0)).ids
    other = piper.pronounce(Sentence("x", guessed, 0)).ids
    assert first != other
    comma = 8
    assert comma in first


def test_a_word_with_unknown_ipa_symbols_is_pronounced_by_espeak(
    piper: PiperEngine,
) -> None:
    """Skipping the symbols would leave a gap in the word."""
    token = Token("Xhosa.", None, "ᵏǁʰosa")
    guessed = replace(token, ipa=None)
    assert piper.pronounce(Sentence("x", (token,), 0)) == piper.pronounce(
        Sentence("x", (guessed,), 0)
    )


def test_double_brackets_in_an_article_are_not_parsed_as_phonemes(
    piper: PiperEngine,
) -> None:
    bracketed = Sentence("x", (Token("He [[hˈaɪ]] left.", None),), 0)
    plain = Sentence("x", (Token("He hˈaɪ left.", None),), 0)
    assert piper.pronounce(bracketed) == piper.pronounce(plain)


def test_phonemes_do_not_leak_into_the_next_sentence(piper: PiperEngine) -> None:
    """After "U.S.A.." espeak would begin with a "dot"."""
    before = piper.pronounce(sentence_of(TEXT))
    for text in ("He left the U.S.A..", "etc..", "at 10 a.m.."):
        # Twice: the first time its words are also said alone, which clears espeak.
        piper.pronounce(sentence_of(text))
        piper.pronounce(sentence_of(text))
        assert piper.pronounce(sentence_of(TEXT)) == before


def test_memory_does_not_grow_with_new_words(source: Source) -> None:
    """Each word is phonemized alone too, and setting espeak's voice leaks memory."""
    phonemiser = Phonemizer(source.config)
    phonemiser.pronounce(sentence_of(TEXT))
    before = heap()
    for number in range(1_000):
        phonemiser.pronounce(sentence_of(f"Boat number {number}."))
    assert heap() - before < 1_000_000


@pytest.mark.parametrize(
    "changes",
    [
        {"phoneme_type": PhonemeType.TEXT},
        {"vowel_clusters": frozenset({("a", "ɪ"), ("ə", "ʊ")})},
        {"espeak_voice": "fr"},
    ],
)
def test_other_phoneme_types_get_the_phonemes_of_piper(
    source: Source, changes: dict[str, object]
) -> None:
    config = replace(source.config, **changes)
    piper = PiperVoice(session=None, config=config)
    with ESPEAK.exclusive():
        piper.phonemize(FLUSH)
        (expected,) = piper.phonemize("I know five.")
    known = [phoneme for phoneme in expected if phoneme in config.phoneme_id_map]
    ids = [
        number for phoneme in known for number in (*config.phoneme_id_map[phoneme], 0)
    ]
    said = Phonemizer(config).pronounce(sentence_of("I know five.")).ids
    assert list(said) == [1, 0, *ids, 2]
    assert known
