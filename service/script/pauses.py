"""How long a reader is silent: one table."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Self

LONGEST = 10
"""Seconds; a longer silence sounds as if the player had stopped."""


@dataclass(frozen=True, slots=True)
class Pauses:
    """Silence after each kind of boundary, in milliseconds."""

    title: int = 1000
    """After the headline, and after an announcement before it."""

    subhead: int = 600
    """After a heading between paragraphs."""

    paragraph: int = 750
    """After the last sentence of a paragraph."""

    quotation: int = 800
    """After a paragraph that is one quotation from its beginning to its end."""

    item: int = 500
    """After an item of a list."""

    sentence: int = 400
    """Between two sentences of a paragraph."""

    clause: int = 150
    """Where a sentence too long for one breath was cut."""

    @classmethod
    def of_seconds(cls, seconds: Mapping[str, object]) -> Self:
        """Build a table in which these pauses differ from the usual ones.

        Raises ValueError for a name that is none and for what is no number from 0 to
        `LONGEST`.
        """
        names = [field.name for field in fields(cls)]
        for name, value in seconds.items():
            if name not in names:
                known = ", ".join(sorted(names))
                raise ValueError(f"there is no pause {name!r}; there are {known}")
            number = isinstance(value, int | float) and not isinstance(value, bool)
            # Written so that "not a number" is refused too.
            if not (number and 0 <= value <= LONGEST):  # type: ignore[operator]  # it is a number here
                raise ValueError(f"{name} must be a number from 0 to {LONGEST} seconds")
        return cls(**{name: round(1000 * float(str(s))) for name, s in seconds.items()})
