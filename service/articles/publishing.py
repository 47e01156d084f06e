"""Publish, approve and remove articles together with their narrations."""

from service.articles.approvals import add_approval
from service.articles.revision import ArticleRevision, NewRevision
from service.articles.revisions import (
    find_article,
    find_previous_key,
    put_revision,
    remove_article,
    waits_for_approval,
)
from service.articles.status import (
    article_status,
    awaiting_approval,
    release_narration,
    request_revision,
)
from service.cleaning.report import CleaningReport
from service.errors import RevisionOutdated
from service.narrations.backend import NarrationBackend
from service.narrations.requests import request_narration
from service.narrations.status import NarrationStatus
from service.preparation import ArticleRequest, PreparedArticle
from workers.database.columns import now
from workers.queue.jobs import Lane
from workers.storage.article_states import ArticleState
from workers.storage.withdrawals import require_allowed

_MAX_INDEXED = 500
"""Longest author line, in characters: PostgreSQL's indexes take 2,700 bytes."""


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
        backend.archive.restore(new.spec, revision.source_id)
    with backend.database.read() as connection:
        require_allowed(connection, new.spec, revision.source_id)
        waits = waits_for_approval(connection, revision)
    if waits:
        status = awaiting_approval(revision, new.spec)
    else:
        status = request_narration(new.spec, backend, lane, revision.claimant)
    with backend.database.write() as connection:
        stored = put_revision(connection, new)
        previous = find_previous_key(connection, stored)
    if previous and previous != stored.key:
        release_narration(stored.source_id, previous, backend)
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
    if revision.state is ArticleState.AWAITING_APPROVAL:
        request_revision(revision, backend, Lane.INTERACTIVE)
        add_approval(revision, backend.database)
        # If it was corrected or removed meanwhile, that had nothing to release yet.
        release_narration(source_id, revision.key, backend)
        revision = _require_latest(source_id, number, backend)
    return revision, article_status(revision, backend)


def drop_article(source_id: str, backend: NarrationBackend) -> None:
    """Remove an article; cancel its job unless another claimant waits for it.

    Raises:
        ArticleNotFound: No article has this id.
        StorageFailed: The database cannot be read or written.
    """
    with backend.database.write() as connection:
        keys = remove_article(connection, source_id)
    for key in keys:
        release_narration(source_id, key, backend)


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
