"""Publish, approve, remove and reindex articles together with their narrations."""

import logging
from collections import Counter
from contextlib import suppress
from dataclasses import asdict, dataclass

from service.articles.approvals import add_approval, is_waiting
from service.articles.listing import ListedArticle, iter_narrated
from service.articles.revisions import (
    ArticleRevision,
    NewRevision,
    find_article,
    find_previous_key,
    put_revision,
    remove_article,
)
from service.cleaning.report import CleaningReport
from service.errors import ArticleNotFound, NarrationNotFound, RevisionOutdated
from service.narrations.backend import NarrationBackend
from service.narrations.requests import request_narration
from service.narrations.status import (
    NarrationStatus,
    narration_status,
    ready_status,
)
from service.preparation import ArticleRequest, PreparedArticle
from workers.database.columns import now
from workers.errors import NarrationWithdrawn, QueueUnavailable
from workers.narration import JobSpec, NarrationKey
from workers.queue.claimants import Claimant
from workers.queue.jobs import Job, Lane, State

_LOG = logging.getLogger(__name__)

_MAX_INDEXED = 500
"""Longest author line, in characters: PostgreSQL's indexes take 2,700 bytes."""

_REINDEX_BATCH = 500
"""Articles read by one query of a reindex."""


def new_revision(
    source_id: str,
    request: ArticleRequest,
    prepared: PreparedArticle,
    approval_below: float = 0,
) -> NewRevision:
    """Build the revision of an article that was just received.

    A person must approve it if the confidence of its cleaning is below
    `approval_below`.
    """
    article = prepared.cleaned.article
    report = CleaningReport.of(prepared.cleaned)
    revision = ArticleRevision(
        source_id=source_id,
        title=article.title,
        key=prepared.key,
        voice=prepared.voice.id,
        received=now(),
        byline=article.byline[:_MAX_INDEXED] if article.byline else None,
        section=request.section,
        tags=request.tags,
        published=article.published,
        modified=request.modified,
        url=request.url or article.url,
        image=request.image or article.image,
        summary=article.texts[0],
        confidence=report.confidence,
        approval_required=report.confidence < approval_below,
    )
    return NewRevision(revision, prepared.spec, report)


def publish_article(
    new: NewRevision,
    backend: NarrationBackend,
    lane: Lane = Lane.INTERACTIVE,
    *,
    restore: bool = False,
) -> tuple[ArticleRevision, NarrationStatus]:
    """Queue the narration, store the revision, release the previous one.

    A revision that waits for approval is stored only.  `restore` lifts a takedown
    first.

    Raises:
        OutspokenError: Any error of `request_narration`.
    """
    revision = new.revision
    if restore:
        backend.archive.restore(revision.key)
    backend.archive.require_not_withdrawn(revision.key)
    if is_waiting(revision, backend.database):
        status = _awaiting_approval(revision, new.spec)
    else:
        status = request_narration(new.spec, backend, lane, revision.claimant)
    with backend.database.write() as connection:
        stored = put_revision(connection, new)
        previous = find_previous_key(connection, stored)
    if previous and previous != stored.key:
        _release_narration(stored.source_id, previous, backend)
    return stored, status


def approve_article(
    source_id: str, number: int, backend: NarrationBackend
) -> tuple[ArticleRevision, NarrationStatus]:
    """Request the narration of a revision that waits for approval.

    Nothing changes if it was approved before or needs no approval.

    Raises:
        ArticleNotFound: No article has this id.
        RevisionOutdated: `number` is not the latest revision.
        OutspokenError: Any error of `request_narration`.
    """
    revision = _require_latest(source_id, number, backend)
    backend.archive.require_not_withdrawn(revision.key)
    if is_waiting(revision, backend.database):
        _request(revision, backend, Lane.INTERACTIVE)
        add_approval(revision, backend.database)
        # If it was corrected or removed meanwhile, that had nothing to release yet.
        _release_narration(source_id, revision.key, backend)
        _require_latest(source_id, number, backend)
    return revision, article_status(revision, backend)


def article_status(
    revision: ArticleRevision, backend: NarrationBackend
) -> NarrationStatus:
    """Return the status of an article's narration.

    The narration is requested again if Redis has lost its job or if the job was
    cancelled for another claimant.

    Raises:
        OutspokenError: Any error of `request_narration` but NarrationWithdrawn.
    """
    if revision.erased:
        return _withdrawn(revision)
    if is_waiting(revision, backend.database):
        spec = backend.archive.find_spec(revision.key)
        return _awaiting_approval(revision, spec)
    try:
        status = narration_status(revision.key, backend.archive, backend.jobs)
    except NarrationWithdrawn:
        return _withdrawn(revision)
    except NarrationNotFound:
        return _request_again(revision, backend)
    if status.job.state is State.CANCELLED:
        return _request_again(revision, backend)
    return status


def listed_status(listed: ListedArticle, backend: NarrationBackend) -> NarrationStatus:
    """Return the status of an article of a list; request nothing.

    Raises:
        StorageFailed: The database cannot be read.
        QueueUnavailable: Redis does not answer.
    """
    revision = listed.revision
    if revision.erased:
        return _withdrawn(revision)
    if is_waiting(revision, backend.database):
        return _awaiting_approval(revision, None)
    if listed.record:
        return ready_status(listed.record)
    job = backend.jobs.find(revision.key)
    return NarrationStatus(job or Job(revision.key, State.QUEUED, 0, 0, revision.voice))


def drop_article(source_id: str, backend: NarrationBackend) -> None:
    """Remove an article; cancel its job unless another claimant waits for it.

    Raises:
        ArticleNotFound: No article has this id.
        StorageFailed: The database cannot be read or written.
    """
    with backend.database.write() as connection:
        keys = remove_article(connection, source_id)
    for key in keys:
        _release_narration(source_id, key, backend)


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
        _request(article, backend, Lane.BULK).job.state
        for article in iter_narrated(backend.database, _REINDEX_BATCH)
    )
    return ReindexReport(
        articles=states.total(),
        ready=states[State.READY],
        queued=states[State.QUEUED] + states[State.MAKING],
        failed=states[State.FAILED],
        withdrawn=states[State.WITHDRAWN],
    )


def _request(
    revision: ArticleRevision, backend: NarrationBackend, lane: Lane
) -> NarrationStatus:
    spec = None if revision.erased else backend.archive.find_spec(revision.key)
    if spec is None:
        return _withdrawn(revision)
    try:
        return request_narration(spec, backend, lane, revision.claimant)
    except NarrationWithdrawn:
        return _withdrawn(revision)


def _request_again(
    revision: ArticleRevision, backend: NarrationBackend
) -> NarrationStatus:
    status = _request(revision, backend, Lane.INTERACTIVE)
    # The article may have been corrected or removed since the revision was read.
    _release_narration(revision.source_id, revision.key, backend)
    return status


def _withdrawn(revision: ArticleRevision) -> NarrationStatus:
    return NarrationStatus(Job(revision.key, State.WITHDRAWN, 0, 0, revision.voice))


def _require_latest(
    source_id: str, number: int, backend: NarrationBackend
) -> ArticleRevision:
    latest = find_article(source_id, backend.database)
    if latest.number != number:
        message = (
            f"Revision {number} is not the latest; look at revision {latest.number}"
            " and approve that one."
        )
        raise RevisionOutdated(message)
    return latest


def _awaiting_approval(
    revision: ArticleRevision, spec: JobSpec | None
) -> NarrationStatus:
    total = len(spec.script.sentences) if spec else 0
    job = Job(revision.key, State.AWAITING_APPROVAL, 0, total, revision.voice)
    return NarrationStatus(job)


def _release_narration(
    source_id: str, key: NarrationKey, backend: NarrationBackend
) -> None:
    """Give up the job of a narration, unless the article still has it."""
    with suppress(ArticleNotFound):
        if find_article(source_id, backend.database).key == key:
            return
    try:
        backend.jobs.release(key, Claimant.article(source_id))
    except QueueUnavailable:
        # An article can be removed even if Redis is down.  The narration may then be
        # rendered in vain; it is evicted when the library needs room.
        _LOG.warning("narration %s: not cancelled, it may be rendered in vain", key)
