"""Sample sentences per language, to measure or try a voice."""

import tomllib
from functools import cache
from importlib.resources import files

_COUNTING = ("1, 2, 3, 4, 5.", "6, 7, 8, 9, 10.")
"""For other languages: espeak reads figures in every language it supports."""

ANY = "en"
"""Sample language of a voice that speaks all languages."""


def sample_of(language: str) -> tuple[str, ...]:
    """Return about ten seconds of sentences for a BCP 47 tag."""
    primary = language.partition("-")[0].lower()
    return _samples().get(ANY if primary == "mul" else primary, _COUNTING)


@cache
def _samples() -> dict[str, tuple[str, ...]]:
    folder = files("voices.install")
    samples = tomllib.loads(folder.joinpath("sample_texts.toml").read_text("utf-8"))
    return {tag: tuple(entry["sentences"]) for tag, entry in samples.items()}
