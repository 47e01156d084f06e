"""How long a reader is silent: one table."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pauses:
    """Silence after each kind of boundary, in milliseconds."""

    title: int = 1000
    """After the headline."""

    paragraph: int = 750
    """After the last sentence of a paragraph."""

    sentence: int = 400
    """Between two sentences of a paragraph."""

    clause: int = 150
    """Where a sentence too long for one breath was cut."""
