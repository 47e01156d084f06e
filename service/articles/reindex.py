"""Request the narrations of all articles again after Redis was lost."""

from collections import Counter
from dataclasses import asdict, dataclass

from service.articles.listing import iter_narrated
from service.articles.status import request_again
from service.narrations.backend import NarrationBackend
from workers.queue.jobs import Lane, State

_BATCH_ARTICLES = 500
"""Articles read by one query."""


@dataclass(frozen=True, slots=True)
class ReindexReport:
    """Number of published articles by the state of their narrations."""

    articles: int = 0
    ready: int = 0

    queued: int = 0
    """Queued or rendering."""

    failed: int = 0
    """They cannot be rendered."""

    withdrawn: int = 0

    def __str__(self) -> str:
        """Return the counts as one line."""
        return ", ".join(f"{name} {count}" for name, count in asdict(self).items())


def reindex(backend: NarrationBackend) -> ReindexReport:
    """Requeue every published article without audio, as bulk.

    This restores the jobs that a flush of Redis has lost; everything else is in the
    database.

    Raises:
        OutspokenError: Any error of `request_narration` but NarrationWithdrawn.
    """
    states = Counter(
        request_again(article, backend, Lane.BULK)
        for article in iter_narrated(backend.database, _BATCH_ARTICLES)
    )
    return ReindexReport(
        articles=states.total(),
        ready=states[State.READY],
        queued=states[State.QUEUED] + states[State.MAKING],
        failed=states[State.FAILED],
        withdrawn=states[State.WITHDRAWN],
    )
