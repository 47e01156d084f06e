"""A voice's MODEL_CARD: under which licence it may be used, and whose it is."""

import re
from dataclasses import dataclass

NOT_STATED = "not stated"
"""The licence of a voice of which nobody has said it."""

_LICENCE = re.compile(
    r"^\W*licen[cs]e[^\w\n]*:[^\w\n]*(?=\w)(.+)$", re.IGNORECASE | re.MULTILINE
)
_DATA = re.compile(r"^\W*url[^\w\n]*:[^\w\n]*(?=\w)(.+)$", re.IGNORECASE | re.MULTILINE)
_TITLE = re.compile(r"^\W*model card (?:for|of) (.+)$", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What a voice's maker says of it."""

    licence: str
    credit: str

    text: str | None = None
    """The whole card; None where there is none."""


def read_model_card(content: bytes) -> ModelCard:
    """Read a card in the form that the published Piper voices have.

    It is a list in Markdown: "Model card for joe (medium)", "License: CC0", "URL: …" of
    the recordings.  What a terminal would obey and not show is left out.
    """
    text = printable(content.decode("utf-8", "replace"))
    licences = dict.fromkeys(one.strip() for one in _LICENCE.findall(text))
    named, data = _TITLE.search(text), _DATA.search(text)
    credit = [found[1].strip() for found in (named, data) if found]
    return ModelCard("; ".join(licences) or NOT_STATED, ", ".join(credit), text)


def printable(text: str) -> str:
    """Return text without characters that steer a terminal; its lines stay."""
    lines = text.splitlines()
    return "\n".join("".join(filter(str.isprintable, line)) for line in lines)
