"""Pauses between sentences, paragraphs and headings."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Self

MAX_PAUSE_S = 10
"""A longer silence sounds as if the player had stopped."""


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
    """After a paragraph that is a single quotation."""

    item: int = 500
    """After an item of a list."""

    sentence: int = 400
    """Between two sentences of a paragraph."""

    clause: int = 150
    """Inside a sentence that was split because of its length."""

    @classmethod
    def of_seconds(cls, seconds: Mapping[str, object]) -> Self:
        """Build a table that overrides the default pauses, given in seconds.

        Raises:
            ValueError: A name is unknown, or a value is not a number from 0 to
                `MAX_PAUSE_S`.
        """
        names = [field.name for field in fields(cls)]
        for name, value in seconds.items():
            if name not in names:
                known = ", ".join(sorted(names))
                raise ValueError(f"there is no pause {name!r}; there are {known}")
            is_number = isinstance(value, int | float) and not isinstance(value, bool)
            # NaN is rejected too: no comparison with it is true.
            if not (is_number and 0 <= value <= MAX_PAUSE_S):  # type: ignore[operator]  # it is a number here
                raise ValueError(
                    f"{name} must be a number from 0 to {MAX_PAUSE_S} seconds"
                )
        return cls(**{name: round(1000 * float(str(s))) for name, s in seconds.items()})
