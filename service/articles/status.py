"""Report the status of articles; request their narrations again if they were lost."""

import logging
from contextlib import suppress

from service.articles.listing import ListedArticle
from service.articles.revision import ArticleRevision
from service.articles.revisions import find_article
from service.errors import ArticleNotFound, NarrationNotFound
from service.narrations.backend import NarrationBackend
from service.narrations.requests import request_narration
from service.narrations.status import NarrationStatus, narration_status, ready_status
from workers.errors import NarrationWithdrawn, QueueUnavailable
from workers.narration import JobSpec, NarrationKey
from workers.queue.claimants import Claimant
from workers.queue.jobs import Job, Lane, State
from workers.storage.article_states import ArticleState

_LOG = logging.getLogger(__name__)


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
    if revision.state is ArticleState.AWAITING_APPROVAL:
        return awaiting_approval(revision, backend.archive.find_spec(revision.key))
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
        QueueUnavailable: Redis does not answer.
    """
    revision = listed.revision
    if revision.erased:
        return _withdrawn(revision)
    if revision.state is ArticleState.AWAITING_APPROVAL:
        return awaiting_approval(revision, None)
    if listed.record:
        return ready_status(listed.record)
    job = backend.jobs.find(revision.key)
    return NarrationStatus(job or Job(revision.key, State.QUEUED, 0, 0, revision.voice))


def awaiting_approval(
    revision: ArticleRevision, spec: JobSpec | None
) -> NarrationStatus:
    """Return the status of an article that a person must approve first."""
    total = len(spec.script.sentences) if spec else 0
    job = Job(revision.key, State.AWAITING_APPROVAL, 0, total, revision.voice)
    return NarrationStatus(job)


def request_revision(
    revision: ArticleRevision, backend: NarrationBackend, lane: Lane
) -> NarrationStatus:
    """Request the narration of a stored revision.

    Raises:
        OutspokenError: Any error of `request_narration` but NarrationWithdrawn.
    """
    if revision.erased:
        return _withdrawn(revision)
    # Before the script is read, which is long.
    if record := backend.archive.find(revision.key):
        return ready_status(record)
    spec = backend.archive.find_spec(revision.key)
    if spec is None:
        return _withdrawn(revision)
    try:
        return request_narration(spec, backend, lane, revision.claimant)
    except NarrationWithdrawn:
        return _withdrawn(revision)


def release_narration(
    source_id: str, key: NarrationKey, backend: NarrationBackend
) -> None:
    """Give up an article's job of a narration, unless it still has the narration.

    Raises:
        StorageFailed: The database cannot be read.
    """
    with suppress(ArticleNotFound):
        if find_article(source_id, backend.database).key == key:
            return
    try:
        backend.jobs.release(key, Claimant.article(source_id))
    except QueueUnavailable:
        # An article can be removed even if Redis is down.  The narration may then be
        # rendered in vain; it is evicted when the library needs room.
        _LOG.warning("narration %s: not cancelled, it may be rendered in vain", key)


def _request_again(
    revision: ArticleRevision, backend: NarrationBackend
) -> NarrationStatus:
    status = request_revision(revision, backend, Lane.INTERACTIVE)
    # The article may have been corrected or removed since the revision was read.
    release_narration(revision.source_id, revision.key, backend)
    return status


def _withdrawn(revision: ArticleRevision) -> NarrationStatus:
    return NarrationStatus(Job(revision.key, State.WITHDRAWN, 0, 0, revision.voice))
