"""What the processes of the pool answer."""

from dataclasses import dataclass

from service.errors import ArticleTooComplex
from service.preparation import PreparedArticle
from voices.errors import OutspokenError


@dataclass(frozen=True, slots=True)
class Failure:
    """An error that is ours; the log of the process has it."""


Answer = PreparedArticle | OutspokenError | Failure
"""What is sent for a request: the article, why it is refused, or that we failed."""


def too_much_memory() -> ArticleTooComplex:
    """Return the error for an article that takes too much memory."""
    return ArticleTooComplex(
        "Preparing the article takes too much memory; send only its own text."
    )


def too_much_time(limit_s: float) -> ArticleTooComplex:
    """Return the error for an article that takes too much time."""
    return ArticleTooComplex(
        f"Preparing the article takes more than {limit_s:g} seconds; send only its own"
        " text, or raise OUTSPOKEN_PREPARE_SECONDS."
    )
