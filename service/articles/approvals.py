"""Approvals: articles that a person allowed to be narrated.

An approval is for what is heard: it names the article and the key of its narration.  So
an approval that races with a correction never applies to the correction.
"""

from collections.abc import Iterator

from service.articles.revisions import ArticleRevision, list_articles
from workers.storage.records import Records

_KIND = "approvals"


def add_approval(revision: ArticleRevision, records: Records) -> None:
    """Record that a person approved what is read of a revision.

    Raises:
        StorageFailed: The records cannot be written.
    """
    records.create(_KIND, _name(revision), {})


def remove_approval(revision: ArticleRevision, records: Records) -> None:
    """Remove the approval of a revision, if there is one.

    Raises:
        StorageFailed: The records cannot be written.
    """
    records.remove(_KIND, _name(revision))


def is_waiting(revision: ArticleRevision, records: Records) -> bool:
    """Whether a revision is not narrated until a person approves it.

    Raises:
        StorageFailed: The records cannot be read.
    """
    return (
        revision.approval_required
        and revision.script is not None
        and records.find(_KIND, _name(revision)) is None
    )


def list_published(records: Records) -> Iterator[ArticleRevision]:
    """Yield the latest revision of every article that does not wait for approval.

    Raises:
        StorageFailed: The records cannot be read.
    """
    for revision in list_articles(records):
        if not is_waiting(revision, records):
            yield revision


def _name(revision: ArticleRevision) -> str:
    return f"{revision.key}.{revision.source_id}"
