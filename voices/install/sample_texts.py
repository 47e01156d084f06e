"""What a voice says in its own language to be measured or tried."""

import tomllib
from functools import cache
from importlib.resources import files

_COUNTING = ("1, 2, 3, 4, 5.", "6, 7, 8, 9, 10.")
"""espeak says figures in every language that it knows."""

ANY = "en"
"""What a voice of all languages is given."""


def sample_of(language: str) -> tuple[str, ...]:
    """Return sentences in the language of a BCP 47 tag, about ten seconds of speech."""
    primary = language.partition("-")[0].lower()
    return _samples().get(ANY if primary == "mul" else primary, _COUNTING)


@cache
def _samples() -> dict[str, tuple[str, ...]]:
    folder = files("voices.install")
    told = tomllib.loads(folder.joinpath("samples.toml").read_text("utf-8"))
    return {tag: tuple(one["sentences"]) for tag, one in told.items()}
