"""A publisher's articles lead to narrations, and hold on to them."""

import logging
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from service.articles.revisions import (
    ArticleRevision,
    erase_text,
    find_article,
    list_articles,
    previous_revision,
    put_article,
    remove_article,
)
from service.errors import ArticleNotFound, NarrationNotFound
from service.narrations.backend import NarrationBackend
from service.narrations.requests import (
    NarrationStatus,
    narration_status,
    request_narration,
)
from service.preparation import ArticleRequest, PreparedArticle
from workers.errors import NarrationWithdrawn, QueueUnavailable
from workers.queue.jobs import Job, Lane, State
from workers.storage.pins import Pins
from workers.storage.records import Records

_LOG = logging.getLogger(__name__)


def new_revision(
    source_id: str, request: ArticleRequest, prepared: PreparedArticle
) -> ArticleRevision:
    """Return the revision of an article that was just received."""
    article = prepared.cleaned.article
    return ArticleRevision(
        source_id=source_id,
        title=article.title,
        key=prepared.key,
        voice=prepared.voice.id,
        script=prepared.script,
        received=datetime.now(UTC).isoformat(timespec="seconds"),
        byline=article.byline,
        section=request.section,
        tags=request.tags,
        published=article.published,
        modified=request.modified,
        url=request.url or article.url,
        image=request.image or article.image,
        summary=article.paragraphs[0],
    )


def publish_article(
    revision: ArticleRevision,
    backend: NarrationBackend,
    records: Records,
    lane: Lane = Lane.INTERACTIVE,
    *,
    restore: bool = False,
) -> tuple[ArticleRevision, NarrationStatus]:
    """Queue the narration, store the revision, release the narration it replaces.

    `restore` lifts a takedown first.  Raises what `request_narration` raises.
    """
    if restore:
        backend.archive.restore(revision.key)
    backend.archive.require_not_withdrawn(revision.key)
    status = _request(revision, backend, lane)
    # First, so that no narration goes of which an article tells.
    Pins(records).add(revision.key, str(revision.claimant))
    kept = put_article(revision, records)
    if backend.archive.is_withdrawn(kept.key):
        # Taken down this moment: its words may have come after they were erased.
        erase_text(kept.key, records)
        backend.archive.require_not_withdrawn(kept.key)
    before = previous_revision(kept, records)
    if before and before.key != kept.key:
        _release_narration(before, backend, records)
    return kept, status


def article_status(
    revision: ArticleRevision, backend: NarrationBackend
) -> NarrationStatus:
    """Return where an article's narration stands.

    One that nobody remembers, because Redis was emptied, or that was cancelled by who
    waited before, is asked for again.  Raises what `request_narration` raises, but for
    NarrationWithdrawn.
    """
    try:
        status = narration_status(revision.key, backend.archive, backend.jobs)
    except NarrationWithdrawn:
        return _withdrawn(revision)
    except NarrationNotFound:
        return _request(revision, backend, Lane.INTERACTIVE)
    if status.job.state is State.CANCELLED:
        return _request(revision, backend, Lane.INTERACTIVE)
    return status


def drop_article(source_id: str, backend: NarrationBackend, records: Records) -> None:
    """Remove an article; a narration that nobody else waits for is not made.

    Raises ArticleNotFound or StorageFailed.
    """
    for revision in remove_article(source_id, records):
        _release_narration(revision, backend, records)


@dataclass(frozen=True, slots=True)
class ReindexReport:
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


def reindex(backend: NarrationBackend, records: Records) -> ReindexReport:
    """Order every article that is to be read and is not, behind what listeners ask for.

    What a Redis that was emptied forgot is so made good: all else is in the records.
    Raises what `request_narration` raises, but for NarrationWithdrawn.
    """
    references, states = Pins(records), list[State]()
    for article in list_articles(records):
        references.add(article.key, str(article.claimant))
        states.append(_request(article, backend, Lane.BULK).job.state)
    return ReindexReport(
        articles=len(states),
        ready=states.count(State.READY),
        queued=states.count(State.QUEUED) + states.count(State.MAKING),
        failed=states.count(State.FAILED),
        withdrawn=states.count(State.WITHDRAWN),
    )


def _request(
    revision: ArticleRevision, backend: NarrationBackend, lane: Lane
) -> NarrationStatus:
    if revision.spec is None:
        return _withdrawn(revision)
    try:
        return request_narration(revision.spec, backend, lane, revision.claimant)
    except NarrationWithdrawn:
        return _withdrawn(revision)


def _withdrawn(revision: ArticleRevision) -> NarrationStatus:
    return NarrationStatus(Job(revision.key, State.WITHDRAWN, 0, 0, revision.voice))


def _release_narration(
    revision: ArticleRevision, backend: NarrationBackend, records: Records
) -> None:
    key = revision.key
    with suppress(ArticleNotFound):
        if find_article(revision.source_id, records).key == key:
            return  # it has come back meanwhile
    Pins(records).remove(key, str(revision.claimant))
    try:
        backend.jobs.release(key, revision.claimant)
    except QueueUnavailable:
        # Made in vain, it is dropped when room is needed; an article must be able to
        # go also while Redis is away.
        _LOG.warning("narration %s: may be made although nobody waits for it", key)
