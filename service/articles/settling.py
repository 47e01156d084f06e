"""Bring the queue in line with what articles want after a change of them."""

import logging

from service.articles.article_rows import find_latest
from service.articles.revision import ArticleRevision
from service.narrations.backend import NarrationBackend
from service.narrations.requests import request_narration
from workers.errors import QueueUnavailable
from workers.narration import NarrationKey
from workers.queue.claimants import Claimant
from workers.queue.jobs import Lane

_LOG = logging.getLogger(__name__)


def settle_narration(
    source_id: str,
    key: NarrationKey,
    backend: NarrationBackend,
    lane: Lane = Lane.INTERACTIVE,
) -> None:
    """Request a narration that an article wants; give up its job if it does not.

    It is called after the transaction that changed the article.  The article may change
    meanwhile, so it is read again after each step: of several calls at once, the one
    that acts last sees the last change.

    Raises:
        OutspokenError: Any error of `request_narration`.
    """
    while True:
        wanted = _wants(source_id, key, backend)
        if wanted:
            _request(source_id, key, backend, lane)
        else:
            _release(source_id, key, backend)
        if _wants(source_id, key, backend) == wanted:
            return


def _wants(source_id: str, key: NarrationKey, backend: NarrationBackend) -> bool:
    with backend.database.read() as connection:
        latest: ArticleRevision | None = find_latest(connection, source_id)
    return latest is not None and latest.wants(key)


def _request(
    source_id: str, key: NarrationKey, backend: NarrationBackend, lane: Lane
) -> None:
    # Before the script is read, which is long.
    if backend.archive.find(key):
        return
    spec = backend.archive.find_spec(key)
    if spec is None:  # withdrawn or corrected meanwhile
        return
    request_narration(spec, backend, lane, Claimant.article(source_id))


def _release(source_id: str, key: NarrationKey, backend: NarrationBackend) -> None:
    try:
        backend.jobs.release(key, Claimant.article(source_id))
    except QueueUnavailable:
        # An article can be removed even if Redis is down.  The narration may then be
        # rendered in vain; it is evicted when the library needs room.
        _LOG.warning("narration %s: not cancelled, it may be rendered in vain", key)
