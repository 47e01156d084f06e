"""The result of one pass over the lines of a page: `CleaningPass`."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from service.cleaning.lines import Line


@dataclass(frozen=True, slots=True)
class CleaningPass:
    """The lines that a pass keeps, and the rules of those that it cuts."""

    kept: tuple[Line, ...]
    rules: Mapping[int, str]
    """Rule by place, for the lines that are not kept."""

    because: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    """Reasons by place, for those of them that the classifier cut."""

    headline: Line | None = None
    """The line taken for the headline, if the article has no title."""

    confidence: float = 1.0
    """How surely the kept lines are the article, from 0 to 1; not a probability."""

    doubts: tuple[str, ...] = ()
    """What lowers the confidence, as sentences."""
