"""What a listener would call the same words: phonemes without what is mere delivery."""

import re
import unicodedata
from functools import cache

from piper.phonemize_espeak import EspeakPhonemizer

_DELIVERY = re.compile("[ˈˌːʲ\u0303\u0329\u02d1\\s.,;:!?'\"“”‘’()«»¡¿…/\u2013—-]")
_DIPHTHONGS = {"eɪ": "E", "aɪ": "A", "ɔɪ": "O", "aʊ": "W", "oʊ": "U"}
_SAME = (
    (re.compile("[əɪᵻɐʊ]"), "ə"),
    (re.compile("ɾ"), "t"),
    (re.compile("ɔɹ"), "oɹ"),
    (re.compile("iə"), "i"),
    (re.compile(r"(.)\1"), r"\1"),
)


@cache
def heard(text: str) -> str:
    """Return the sounds of a text as espeak makes them; equal sounds are equal."""
    phonemizer = _phonemizer()
    # This text takes what an earlier text left in espeak.
    phonemizer.phonemize("en-us", "Flush this.")
    clauses = phonemizer.phonemize("en-us", text)
    sounds = unicodedata.normalize(
        "NFD", " ".join("".join(clause) for clause in clauses)
    )
    sounds = _DELIVERY.sub("", sounds)
    for written, letter in _DIPHTHONGS.items():
        sounds = sounds.replace(written, letter)
    for pattern, same in _SAME:
        sounds = pattern.sub(same, sounds)
    return sounds


@cache
def _phonemizer() -> EspeakPhonemizer:
    return EspeakPhonemizer()
