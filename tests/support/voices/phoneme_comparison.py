"""Compare texts by their phonemes, without stress, length and pauses."""

import re
import unicodedata
from functools import cache

from piper.phonemize_espeak import EspeakPhonemizer

_PROSODY = re.compile("[ˈˌːʲ\u0303\u0329\u02d1\\s.,;:!?'\"“”‘’()«»¡¿…/\u2013—-]")
_DIPHTHONGS = {"eɪ": "E", "aɪ": "A", "ɔɪ": "O", "aʊ": "W", "oʊ": "U"}
_EQUIVALENTS = (
    (re.compile("[əɪᵻɐʊ]"), "ə"),
    (re.compile("ɾ"), "t"),
    (re.compile("ɔɹ"), "oɹ"),
    (re.compile("iə"), "i"),
    (re.compile(r"(.)\1"), r"\1"),
)


@cache
def phonemes_of(text: str) -> str:
    """Return espeak's phonemes of a text; texts that sound the same are equal."""
    phonemizer = _phonemizer()
    # espeak keeps a remainder of an earlier text and adds it to the next one.
    phonemizer.phonemize("en-us", "Flush this.")
    clauses = phonemizer.phonemize("en-us", text)
    phonemes = " ".join("".join(clause) for clause in clauses)
    phonemes = _PROSODY.sub("", unicodedata.normalize("NFD", phonemes))
    for diphthong, letter in _DIPHTHONGS.items():
        phonemes = phonemes.replace(diphthong, letter)
    for pattern, equivalent in _EQUIVALENTS:
        phonemes = pattern.sub(equivalent, phonemes)
    return phonemes


@cache
def _phonemizer() -> EspeakPhonemizer:
    return EspeakPhonemizer()
