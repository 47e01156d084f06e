"""Parse a voice's MODEL_CARD for its licence and credit."""

import re
from dataclasses import dataclass

NOT_STATED = "not stated"
"""Licence of a voice whose card does not state one."""

_LICENCE = re.compile(
    r"^\W*licen[cs]e[^\w\n]*:[^\w\n]*(?=\w)(.+)$", re.IGNORECASE | re.MULTILINE
)
_DATA = re.compile(r"^\W*url[^\w\n]*:[^\w\n]*(?=\w)(.+)$", re.IGNORECASE | re.MULTILINE)
_TITLE = re.compile(r"^\W*model card (?:for|of) (.+)$", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class ModelCard:
    """Licence and credit, as the publisher of a voice states them."""

    licence: str
    credit: str

    text: str | None = None
    """The whole card; None if the voice has none."""


def read_model_card(content: bytes) -> ModelCard:
    """Parse a card in the form of the published Piper voices.

    It is a Markdown list: "Model card for joe (medium)", "License: CC0", "URL: …" of
    the recordings.  Terminal control characters are removed.
    """
    text = printable(content.decode("utf-8", "replace"))
    licences = dict.fromkeys(licence.strip() for licence in _LICENCE.findall(text))
    title, data = _TITLE.search(text), _DATA.search(text)
    credit = [match[1].strip() for match in (title, data) if match]
    return ModelCard("; ".join(licences) or NOT_STATED, ", ".join(credit), text)


def printable(text: str) -> str:
    """Remove control characters except line breaks."""
    lines = text.splitlines()
    return "\n".join("".join(filter(str.isprintable, line)) for line in lines)
