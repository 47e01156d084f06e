"""Store articles under the publisher's own ids, in numbered revisions.

Functions with a connection work in the transaction of their caller.
"""

from dataclasses import replace

from sqlalchemy import Connection, delete, exists, select, update

from service.articles.article_rows import (
    find_latest,
    find_revision,
    lock_article,
    lock_source_id,
    store_revision,
)
from service.articles.preconditions import UNCONDITIONAL, Precondition
from service.articles.revision import (
    ArticleRevision,
    AudioMode,
    NarrationPolicy,
    NewRevision,
)
from service.cleaning.report import CleaningReport
from service.errors import ArticleNotFound, ArticleOutdated
from service.narrations.cleaning_reports import find_report, save_report
from workers.database import Database
from workers.database.tables import APPROVALS, ARTICLES, REVISIONS, SCRIPTS
from workers.narration import NarrationKey
from workers.storage.article_states import ArticleState, is_heard
from workers.storage.narration_rows import save_spec
from workers.storage.withdrawals import lock_text, require_allowed, restore


def put_revision(
    connection: Connection,
    new: NewRevision,
    precondition: Precondition = UNCONDITIONAL,
    *,
    lift_takedown: bool = False,
) -> ArticleRevision:
    """Store a revision; return it numbered, or the latest if nothing changed.

    The script is stored so that the narration can be rendered, now or after its audio
    was evicted; that of the previous revision is removed unless it was rendered.

    Raises:
        PreconditionFailed: The article is not as the client expects.
        ArticleOutdated: The publisher changed the stored revision later.
        NarrationWithdrawn: The article or its words were taken down.
    """
    source_id = new.revision.source_id
    latest = lock_article(connection, source_id, new.revision.key)
    lock_text(connection, new.spec)
    current = None if latest is None or latest.erased else latest
    unchanged = current is not None and _has_content(connection, current, new.content)
    if not unchanged:
        precondition.require(latest)
        _require_newer(new.revision, latest)
    if lift_takedown:
        restore(connection, new.spec, source_id)
    require_allowed(connection, new.spec, source_id)
    if current and unchanged:
        return current
    kept = current if new.keep_audio else None
    revision = _following(new.revision, latest, kept)
    if kept is None:
        save_spec(connection, new.spec)
    digest = save_report(connection, revision.key, new.report)
    revision = _with_state(connection, replace(revision, report_digest=digest))
    store_revision(connection, revision, new.content)
    if latest and latest.key != revision.key:
        remove_unrendered_script(connection, latest.key)
    return require_article(find_latest(connection, revision.source_id))


def refresh_state(connection: Connection, revision: ArticleRevision) -> ArticleRevision:
    """Store the state of an article and what it plays now; return the article."""
    current = _with_state(connection, revision)
    connection.execute(
        update(ARTICLES)
        .where(ARTICLES.c.source_id == revision.source_id)
        .values(state=current.state, playing=current.playing)
    )
    return current


def find_article(source_id: str, database: Database) -> ArticleRevision:
    """Return the latest revision.

    Raises:
        ArticleNotFound: No article has this id.
        StorageFailed: The database cannot be read.
    """
    with database.read() as connection:
        return require_article(find_latest(connection, source_id))


def require_article(revision: ArticleRevision | None) -> ArticleRevision:
    """Return an article that was looked for.

    Raises:
        ArticleNotFound: There is none.
    """
    if revision is None:
        raise ArticleNotFound("There is no article of this id; PUT it first.")
    return revision


def find_article_report(
    revision: ArticleRevision, database: Database
) -> CleaningReport | None:
    """Return what was cut from a revision; None once its text was erased.

    Raises:
        StorageFailed: The database cannot be read.
    """
    if revision.report_digest is None:
        return None
    return find_report(database, revision.key, revision.report_digest)


def find_previous_key(
    connection: Connection, revision: ArticleRevision
) -> NarrationKey | None:
    """Return the narration of the revision before this one, if any."""
    row = find_revision(connection, revision.source_id, revision.number - 1)
    return row.key if row else None


def remove_article(
    connection: Connection,
    source_id: str,
    precondition: Precondition = UNCONDITIONAL,
) -> set[NarrationKey]:
    """Remove an article; return the narrations of its revisions.

    Raises:
        ArticleNotFound: No article has this id.
        PreconditionFailed: The article is not as the client expects.
    """
    lock_source_id(connection, source_id)
    query = select(REVISIONS.c.key).where(REVISIONS.c.source_id == source_id)
    keys = set(connection.execute(query).scalars())
    latest = lock_article(connection, source_id, *keys)
    precondition.require(latest)
    if latest is None:
        raise ArticleNotFound("There is no article of this id; nothing was removed.")
    # Tags, revisions and approvals are removed with it.
    connection.execute(delete(ARTICLES).where(ARTICLES.c.source_id == source_id))
    for key in keys:
        remove_unrendered_script(connection, key)
    return keys


def has_revision(connection: Connection, key: NarrationKey) -> bool:
    """Return whether any revision of an article has a narration."""
    query = select(exists().where(REVISIONS.c.key == key))
    return bool(connection.execute(query).scalar())


def remove_unrendered_script(connection: Connection, key: NarrationKey) -> None:
    """Remove the script of a narration that was not rendered and has no article."""
    connection.execute(
        delete(SCRIPTS).where(
            SCRIPTS.c.key == key,
            SCRIPTS.c.timings.is_(None),
            ~exists().where(ARTICLES.c.key == key),
        )
    )


def _require_newer(sent: ArticleRevision, latest: ArticleRevision | None) -> None:
    if latest and sent.is_older_than(latest):
        raise ArticleOutdated(
            f"Revision {latest.number} was modified at {latest.modified}, after what"
            " was sent; GET the article and send a later `modified` to replace it."
        )


def _following(
    revision: ArticleRevision,
    latest: ArticleRevision | None,
    kept: ArticleRevision | None,
) -> ArticleRevision:
    """Return a revision as the one after `latest`, with the narration of `kept`."""
    if latest is None:
        return replace(revision, number=1, first_received=revision.received)
    if kept:
        revision = replace(revision, key=kept.key, voice=kept.voice)
    return replace(
        revision,
        number=latest.number + 1,
        first_received=latest.first_received,
        demanded=latest.demanded,
        playing=latest.playing,
    )


def _with_state(connection: Connection, revision: ArticleRevision) -> ArticleRevision:
    """Return a revision with its state and with what it plays now."""
    state = _state_of(connection, revision)
    playing = revision.playing
    if state is ArticleState.READY:
        playing = revision.key
    elif state is ArticleState.OFF:
        playing = None
    return replace(revision, state=state, playing=playing)


def _state_of(connection: Connection, revision: ArticleRevision) -> ArticleState:
    if revision.audio is AudioMode.OFF:
        return ArticleState.OFF
    heard = is_heard(connection, revision.key)
    # What is on the air needs no approval to stay there.
    if heard and revision.playing == revision.key:
        return ArticleState.READY
    if revision.approval_required and not _is_approved(connection, revision):
        return ArticleState.AWAITING_APPROVAL
    if heard:
        return ArticleState.READY
    if revision.policy is NarrationPolicy.ON_FIRST_PLAY and not revision.demanded:
        return ArticleState.AWAITING_PLAY
    return ArticleState.UNFINISHED


def _is_approved(connection: Connection, revision: ArticleRevision) -> bool:
    approval = APPROVALS.select().where(
        APPROVALS.c.source_id == revision.source_id, APPROVALS.c.key == revision.key
    )
    return connection.execute(approval).first() is not None


def _has_content(
    connection: Connection, revision: ArticleRevision, content: str
) -> bool:
    row = find_revision(connection, revision.source_id, revision.number)
    return row is not None and row.digest == content
