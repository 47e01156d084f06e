"""Publish, approve, remove and reindex articles together with their narrations."""

import logging
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from service.articles.approvals import (
    add_approval,
    is_waiting,
    list_published,
    remove_approval,
)
from service.articles.revisions import (
    ArticleRevision,
    erase_text,
    find_article,
    previous_revision,
    put_article,
    remove_article,
)
from service.cleaning.report import CleaningReport
from service.errors import ArticleNotFound, NarrationNotFound, RevisionOutdated
from service.narrations.backend import NarrationBackend
from service.narrations.cleaning_reports import save_report
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
    source_id: str,
    request: ArticleRequest,
    prepared: PreparedArticle,
    approval_below: float = 0,
) -> ArticleRevision:
    """Build the revision of an article that was just received.

    A person must approve it if the confidence of its cleaning is below
    `approval_below`.
    """
    article = prepared.cleaned.article
    report = CleaningReport.of(prepared.cleaned)
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
        cleaning=report,
        approval_required=report.confidence < approval_below,
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

    A revision that waits for approval is stored only.  `restore` lifts a takedown
    first.

    Raises:
        OutspokenError: Any error of `request_narration`.
    """
    if restore:
        backend.archive.restore(revision.key)
    backend.archive.require_not_withdrawn(revision.key)
    waiting = is_waiting(revision, records)
    if waiting:
        status = _awaiting_approval(revision)
    else:
        status = _request(revision, backend, lane)
        # Pinned before it is stored, so that no published article lacks its pin.
        Pins(records).add(revision.key, str(revision.claimant))
    stored = put_article(revision, records)
    if backend.archive.is_withdrawn(stored.key):
        # Taken down meanwhile: the text may have been stored after it was erased.
        erase_text(stored.key, records)
        backend.archive.require_not_withdrawn(stored.key)
    previous = previous_revision(stored, records)
    if previous and previous.key != stored.key:
        _release_narration(previous, backend, records)
    if not waiting:
        _save_report(stored, backend, records)
    return stored, status


def approve_article(
    source_id: str, number: int, backend: NarrationBackend, records: Records
) -> tuple[ArticleRevision, NarrationStatus]:
    """Request the narration of a revision that waits for approval.

    Nothing changes if it was approved before or needs no approval.

    Raises:
        ArticleNotFound: No article has this id.
        RevisionOutdated: `number` is not the latest revision.
        OutspokenError: Any error of `request_narration`.
    """
    revision = _require_latest(source_id, number, records)
    backend.archive.require_not_withdrawn(revision.key)
    if is_waiting(revision, records):
        _request(revision, backend, Lane.INTERACTIVE)
        Pins(records).add(revision.key, str(revision.claimant))
        add_approval(revision, records)
        _save_report(revision, backend, records)
        # If it was corrected or removed meanwhile, that had nothing to release yet.
        _release_narration(revision, backend, records)
        _require_latest(source_id, number, records)
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
    if is_waiting(revision, backend.records):
        return _awaiting_approval(revision)
    try:
        status = narration_status(revision.key, backend.archive, backend.jobs)
    except NarrationWithdrawn:
        return _withdrawn(revision)
    except NarrationNotFound:
        return _request_again(revision, backend)
    if status.job.state is State.CANCELLED:
        return _request_again(revision, backend)
    return status


def drop_article(source_id: str, backend: NarrationBackend, records: Records) -> None:
    """Remove an article; cancel its job unless another claimant waits for it.

    Raises:
        ArticleNotFound: No article has this id.
        StorageFailed: The records cannot be read or written.
    """
    for revision in remove_article(source_id, records):
        remove_approval(revision, records)
        _release_narration(revision, backend, records)


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


def reindex(backend: NarrationBackend, records: Records) -> ReindexReport:
    """Requeue every published article without audio, as bulk.

    This restores the jobs that a flush of Redis has lost; everything else is in the
    records.

    Raises:
        OutspokenError: Any error of `request_narration` but NarrationWithdrawn.
    """
    pins, states = Pins(records), list[State]()
    for article in list_published(records):
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


def _request_again(
    revision: ArticleRevision, backend: NarrationBackend
) -> NarrationStatus:
    status = _request(revision, backend, Lane.INTERACTIVE)
    # The article may have been corrected or removed since the revision was read.
    _release_narration(revision, backend, backend.records)
    return status


def _withdrawn(revision: ArticleRevision) -> NarrationStatus:
    return NarrationStatus(Job(revision.key, State.WITHDRAWN, 0, 0, revision.voice))


def _require_latest(source_id: str, number: int, records: Records) -> ArticleRevision:
    latest = find_article(source_id, records)
    if latest.number != number:
        message = (
            f"Revision {number} is not the latest; look at revision {latest.number}"
            " and approve that one."
        )
        raise RevisionOutdated(message)
    return latest


def _save_report(
    revision: ArticleRevision, backend: NarrationBackend, records: Records
) -> None:
    if revision.cleaning:
        save_report(revision.key, revision.cleaning, backend.archive, records)


def _awaiting_approval(revision: ArticleRevision) -> NarrationStatus:
    total = len(revision.script.sentences) if revision.script else 0
    job = Job(revision.key, State.AWAITING_APPROVAL, 0, total, revision.voice)
    return NarrationStatus(job)


def _release_narration(
    revision: ArticleRevision, backend: NarrationBackend, records: Records
) -> None:
    """Unpin a narration and give up its job, unless the article still has it."""
    key = revision.key
    with suppress(ArticleNotFound):
        if find_article(revision.source_id, records).key == key:
            return
    Pins(records).remove(key, str(revision.claimant))
    try:
        backend.jobs.release(key, revision.claimant)
    except QueueUnavailable:
        # An article can be removed even if Redis is down.  The narration may then be
        # rendered in vain; it is evicted when the library needs room.
        _LOG.warning("narration %s: not cancelled, it may be rendered in vain", key)
