"""Publish, approve, start and remove articles together with their narrations."""

from dataclasses import dataclass

from service.articles.approvals import add_approval
from service.articles.first_play import add_demand
from service.articles.preconditions import UNCONDITIONAL, Precondition
from service.articles.revision import (
    ArticleRevision,
    AudioMode,
    NarrationPolicy,
    NewRevision,
)
from service.articles.revisions import (
    find_article,
    find_previous_key,
    put_revision,
    remove_article,
)
from service.articles.settling import settle_narration
from service.articles.status import ArticleNarrations, article_narrations
from service.cleaning.report import CleaningReport
from service.narrations.backend import NarrationBackend
from service.narrations.requests import require_capacity
from service.preparation import ArticleRequest, PreparedArticle
from workers.database.columns import now
from workers.queue.jobs import Lane

_MAX_INDEXED = 500
"""Longest author line, in characters: PostgreSQL's indexes take 2,700 bytes."""


@dataclass(frozen=True, slots=True)
class Publication:
    """When and for whom an article is published with audio."""

    publish_at: str | None = None
    policy: NarrationPolicy = NarrationPolicy.AT_ONCE
    audio: AudioMode = AudioMode.ON
    keep_audio: bool = False


AT_ONCE = Publication()


def new_revision(
    source_id: str,
    request: ArticleRequest,
    prepared: PreparedArticle,
    approval_below: float = 0,
    publication: Publication = AT_ONCE,
) -> NewRevision:
    """Build the revision of an article that was just received.

    A person must approve it if its policy says so, or if the confidence of its cleaning
    is below `approval_below`.
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
        publish_at=publication.publish_at,
        url=request.url or article.url,
        image=request.image or article.image,
        summary=article.texts[0],
        confidence=report.confidence,
        approval_required=(
            report.confidence < approval_below
            or publication.policy is NarrationPolicy.ON_APPROVAL
        ),
        policy=publication.policy,
        audio=publication.audio,
    )
    return NewRevision(revision, prepared.spec, report, publication.keep_audio)


@dataclass(frozen=True, slots=True)
class PublishedArticle:
    """An article after a change, with the status of its narrations."""

    revision: ArticleRevision
    narrations: ArticleNarrations


def publish_article(
    new: NewRevision,
    backend: NarrationBackend,
    lane: Lane = Lane.INTERACTIVE,
    precondition: Precondition = UNCONDITIONAL,
    *,
    restore: bool = False,
) -> PublishedArticle:
    """Store a revision, queue its narration, give up the job of the previous one.

    The previous narration is heard until the new one is ready.  A revision that waits
    for approval or for a listener is stored only.  `restore` lifts a takedown.

    Nothing is stored if there is no room for the narration.  If the queue fails after
    that, the revision is stored, and its narration is requested when it is sent or read
    again.

    Raises:
        OutspokenError: Any error of `put_revision`, `require_capacity` or
            `settle_narration`.
    """
    if new.is_narrated_at_once:
        require_capacity(new.spec.key, backend)
    with backend.database.write() as connection:
        stored = put_revision(connection, new, precondition, lift_takedown=restore)
        previous = find_previous_key(connection, stored)
    if previous and previous != stored.key:
        settle_narration(stored.source_id, previous, backend)
    return _settled(stored, backend, lane)


def approve_article(
    source_id: str, number: int, backend: NarrationBackend
) -> PublishedArticle:
    """Request the narration of a revision that waits for approval.

    Nothing changes if it was approved before or needs no approval.

    Raises:
        OutspokenError: Any error of `add_approval` or `settle_narration`.
    """
    with backend.database.write() as connection:
        approved = add_approval(connection, source_id, number)
    return _settled(approved, backend)


def start_narration(source_id: str, backend: NarrationBackend) -> PublishedArticle:
    """Request the narration of an article that a listener wants to hear.

    It still waits for approval if it must be approved.

    Raises:
        OutspokenError: Any error of `add_demand` or `settle_narration`.
    """
    article = find_article(source_id, backend.database)
    if not article.demanded:
        with backend.database.write() as connection:
            article = add_demand(connection, source_id)
    return _settled(article, backend)


def drop_article(
    source_id: str,
    backend: NarrationBackend,
    precondition: Precondition = UNCONDITIONAL,
) -> None:
    """Remove an article; cancel its job unless another claimant waits for it.

    Raises:
        ArticleNotFound: No article has this id.
        PreconditionFailed: The article is not as the client expects.
        StorageFailed: The database cannot be read or written.
    """
    with backend.database.write() as connection:
        keys = remove_article(connection, source_id, precondition)
    for key in keys:
        settle_narration(source_id, key, backend)


def _settled(
    revision: ArticleRevision,
    backend: NarrationBackend,
    lane: Lane = Lane.INTERACTIVE,
) -> PublishedArticle:
    settle_narration(revision.source_id, revision.key, backend, lane)
    return PublishedArticle(revision, article_narrations(revision, backend))
