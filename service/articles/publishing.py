"""A publisher's articles lead to narrations, and hold on to them."""

import logging
from contextlib import suppress
from dataclasses import asdict, dataclass

from service.articles.revisions import (
    Revision,
    erase_words,
    find_article,
    list_articles,
    put_article,
    remove_article,
    revision_before,
)
from service.errors import ArticleNotFound, NarrationNotFound
from service.narrations.backend import Press
from service.narrations.requests import (
    Status,
    narration_status,
    request_narration,
    require_welcome,
)
from workers.errors import NarrationWithdrawn, QueueUnavailable
from workers.queue.jobs import Job, Lane, State
from workers.storage.pins import References
from workers.storage.records import Records

_LOG = logging.getLogger(__name__)


def publish_article(
    revision: Revision, press: Press, records: Records, lane: Lane = Lane.INTERACTIVE
) -> tuple[Revision, Status]:
    """Have an article read and keep it; what it took the place of is let go.

    Raises what `request_narration` raises.
    """
    require_welcome(revision.key, press.archive)
    status = _request(revision, press, lane)
    # First, so that no narration goes of which an article tells.
    References(records).note(revision.key, revision.who)
    kept = put_article(revision, records)
    if press.archive.is_withdrawn(kept.key):
        # Taken down this moment: its words may have come after they were erased.
        erase_words(kept.key, records)
        require_welcome(kept.key, press.archive)
    before = revision_before(kept, records)
    if before and before.key != kept.key:
        _let_go(before, press, records)
    return kept, status


def article_status(revision: Revision, press: Press) -> Status:
    """Return where an article's narration stands.

    One that nobody remembers, because Redis was emptied, or that was cancelled by who
    waited before, is asked for again.  Raises what `request_narration` raises, but for
    NarrationWithdrawn.
    """
    try:
        status = narration_status(revision.key, press.archive, press.queue.jobs)
    except NarrationWithdrawn:
        return _withdrawn(revision)
    except NarrationNotFound:
        return _request(revision, press, Lane.INTERACTIVE)
    if status.job.state is State.CANCELLED:
        return _request(revision, press, Lane.INTERACTIVE)
    return status


def drop_article(source_id: str, press: Press, records: Records) -> None:
    """Remove an article; a narration that nobody else waits for is not made.

    Raises ArticleNotFound or StorageFailed.
    """
    for revision in remove_article(source_id, records):
        _let_go(revision, press, records)


@dataclass(frozen=True, slots=True)
class Count:
    """Articles, by how their narrations stand."""

    articles: int = 0
    ready: int = 0

    queued: int = 0
    """They wait or are made."""

    failed: int = 0
    """They cannot be made."""

    withdrawn: int = 0

    def __str__(self) -> str:
        """Say it in a line."""
        return ", ".join(f"{name} {count}" for name, count in asdict(self).items())


def reindex(press: Press, records: Records) -> Count:
    """Order every article that is to be read and is not, behind what listeners ask for.

    What a Redis that was emptied forgot is so made good: all else is in the records.
    Raises what `request_narration` raises, but for NarrationWithdrawn.
    """
    references, states = References(records), list[State]()
    for article in list_articles(records):
        references.note(article.key, article.who)
        states.append(_request(article, press, Lane.BULK).job.state)
    return Count(
        articles=len(states),
        ready=states.count(State.READY),
        queued=states.count(State.QUEUED) + states.count(State.MAKING),
        failed=states.count(State.FAILED),
        withdrawn=states.count(State.WITHDRAWN),
    )


def _request(revision: Revision, press: Press, lane: Lane) -> Status:
    if revision.order is None or press.archive.is_withdrawn(revision.key):
        return _withdrawn(revision)
    return request_narration(revision.order, press, lane, revision.who)


def _withdrawn(revision: Revision) -> Status:
    return Status(Job(revision.key, State.WITHDRAWN, 0, 0, revision.voice))


def _let_go(revision: Revision, press: Press, records: Records) -> None:
    key = revision.key
    with suppress(ArticleNotFound):
        if find_article(revision.source_id, records).key == key:
            return  # it has come back meanwhile
    References(records).forget(key, revision.who)
    try:
        press.queue.jobs.release(key, revision.who)
    except QueueUnavailable:
        # Made in vain, it is dropped when room is needed; an article must be able to
        # go also while Redis is away.
        _LOG.warning("narration %s: may be made although nobody waits for it", key)
