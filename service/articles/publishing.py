"""Publish, remove and reindex articles together with their narrations."""

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
from service.narrations.requests import request_narration
from service.narrations.status import (
    NarrationStatus,
    narration_status,
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
    """Build the revision of an article that was just received."""
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
        summary=article.texts[0],
    )


def publish_article(
    revision: ArticleRevision,
    backend: NarrationBackend,
    records: Records,
    lane: Lane = Lane.INTERACTIVE,
    *,
    restore: bool = False,
) -> tuple[ArticleRevision, NarrationStatus]:
    """Queue the narration, store the revision, release the previous one.

    `restore` lifts a takedown first.

    Raises:
        OutspokenError: Any error of `request_narration`.
    """
    if restore:
        backend.archive.restore(revision.key)
    backend.archive.require_not_withdrawn(revision.key)
    status = _request(revision, backend, lane)
    # Pinned before it is stored, so that no stored article lacks its pin.
    Pins(records).add(revision.key, str(revision.claimant))
    stored = put_article(revision, records)
    if backend.archive.is_withdrawn(stored.key):
        # Taken down meanwhile: the text may have been stored after it was erased.
        erase_text(stored.key, records)
        backend.archive.require_not_withdrawn(stored.key)
    previous = previous_revision(stored, records)
    if previous and previous.key != stored.key:
        _release_narration(previous, backend, records)
    return stored, status


def article_status(
    revision: ArticleRevision, backend: NarrationBackend
) -> NarrationStatus:
    """Return the status of an article's narration.

    The narration is requested again if Redis has lost its job or if the job was
    cancelled for another claimant.

    Raises:
        OutspokenError: Any error of `request_narration` but NarrationWithdrawn.
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
    """Remove an article; cancel its job unless another claimant waits for it.

    Raises:
        ArticleNotFound: No article has this id.
        StorageFailed: The records cannot be read or written.
    """
    for revision in remove_article(source_id, records):
        _release_narration(revision, backend, records)


@dataclass(frozen=True, slots=True)
class ReindexReport:
    """Number of articles by the state of their narrations."""

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


def reindex(backend: NarrationBackend, records: Records) -> ReindexReport:
    """Requeue every article without audio, as bulk.

    This restores the jobs that a flush of Redis has lost; everything else is in the
    records.

    Raises:
        OutspokenError: Any error of `request_narration` but NarrationWithdrawn.
    """
    pins, states = Pins(records), list[State]()
    for article in list_articles(records):
        pins.add(article.key, str(article.claimant))
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
            return  # published again meanwhile
    Pins(records).remove(key, str(revision.claimant))
    try:
        backend.jobs.release(key, revision.claimant)
    except QueueUnavailable:
        # An article can be removed even if Redis is down.  The narration may then be
        # rendered in vain; it is evicted when the library needs room.
        _LOG.warning("narration %s: not cancelled, it may be rendered in vain", key)
