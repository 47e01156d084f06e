"""Report the status of articles; request their narrations again if they were lost."""

from dataclasses import dataclass

from service.articles.listing import ListedArticle
from service.articles.revision import ArticleRevision
from service.articles.settling import settle_narration
from service.errors import AudioOff, NarrationNotFound
from service.narrations.backend import NarrationBackend
from service.narrations.status import NarrationStatus, narration_status, ready_status
from workers.errors import NarrationWithdrawn
from workers.narration import JobSpec
from workers.queue.jobs import Job, Lane, State
from workers.storage.article_states import ArticleState
from workers.storage.withdrawals import narration_withdrawn


@dataclass(frozen=True, slots=True)
class ArticleNarrations:
    """The narration of an article that is heard, and that of its latest revision."""

    playing: NarrationStatus | None
    """None while nothing can be heard."""

    latest: NarrationStatus | None
    """None if the publisher switched the audio off."""

    @property
    def current(self) -> NarrationStatus | None:
        """What is heard now, or will be heard first."""
        return self.playing or self.latest

    @property
    def replacement(self) -> NarrationStatus | None:
        """What will replace the narration that is heard, if anything."""
        return self.latest if self.latest != self.current else None


def article_narrations(
    revision: ArticleRevision, backend: NarrationBackend
) -> ArticleNarrations:
    """Return the status of an article's narrations.

    The latest one is requested again if Redis has lost its job or if the job was
    cancelled for another claimant.

    Raises:
        OutspokenError: Any error of `request_narration` but NarrationWithdrawn.
    """
    latest = _latest_status(revision, backend)
    if latest and latest.record:
        return ArticleNarrations(latest, latest)
    record = None
    if revision.playing and revision.playing != revision.key:
        record = backend.archive.find(revision.playing)
    return ArticleNarrations(ready_status(record) if record else None, latest)


def require_audio(narrations: ArticleNarrations) -> NarrationStatus:
    """Return what is heard of an article now, or will be heard first.

    Raises:
        AudioOff: The publisher switched its audio off.
        NarrationWithdrawn: It was taken down.
    """
    status = narrations.current
    if status is None:
        message = 'The article has no audio; PUT it with "audio": "on" to have one.'
        raise AudioOff(message)
    if status.job.state is State.WITHDRAWN:
        raise narration_withdrawn(status.job.key)
    return status


def request_again(
    revision: ArticleRevision, backend: NarrationBackend, lane: Lane
) -> State:
    """Request the narration of a stored revision; return the narration's state.

    Raises:
        OutspokenError: Any error of `request_narration` but NarrationWithdrawn.
    """
    if revision.erased:
        return State.WITHDRAWN
    if backend.archive.find(revision.key):
        return State.READY
    try:
        settle_narration(revision.source_id, revision.key, backend, lane)
        status = _status_of(revision, backend)
    except NarrationWithdrawn:
        return State.WITHDRAWN
    return status.job.state if status else State.CANCELLED


def listed_narrations(
    listed: ListedArticle, backend: NarrationBackend
) -> ArticleNarrations:
    """Return the status of the narrations of a listed article; request nothing.

    Raises:
        QueueUnavailable: Redis does not answer.
    """
    revision = listed.revision
    playing = ready_status(listed.record) if listed.record else None
    if playing and playing.job.key == revision.key:
        return ArticleNarrations(playing, playing)
    if revision.state is ArticleState.OFF:
        return ArticleNarrations(None, None)
    if waiting := _waiting_status(revision, None):
        return ArticleNarrations(playing, waiting)
    job = backend.jobs.find(revision.key)
    latest = NarrationStatus(job or _job(revision, State.QUEUED))
    return ArticleNarrations(playing, latest)


def _latest_status(
    revision: ArticleRevision, backend: NarrationBackend
) -> NarrationStatus | None:
    if revision.state is ArticleState.OFF:
        return None
    if revision.state in _WAITING:
        spec = backend.archive.find_spec(revision.key)
        return _waiting_status(revision, spec)
    if revision.erased:
        return _waiting_status(revision, None)
    try:
        return _status_of(revision, backend) or _settled(revision, backend)
    except NarrationWithdrawn:
        return NarrationStatus(_job(revision, State.WITHDRAWN))


_WAITING = {
    ArticleState.AWAITING_APPROVAL: State.AWAITING_APPROVAL,
    ArticleState.AWAITING_PLAY: State.AWAITING_PLAY,
    ArticleState.WITHDRAWN: State.WITHDRAWN,
}
"""States of articles whose narration has no job, and those of the narration."""


def _waiting_status(
    revision: ArticleRevision, spec: JobSpec | None
) -> NarrationStatus | None:
    """Return the status of a narration without a job; None if it should have one."""
    state = _WAITING.get(revision.state)
    total = len(spec.script.sentences) if spec else 0
    return NarrationStatus(_job(revision, state, total)) if state else None


def _status_of(
    revision: ArticleRevision, backend: NarrationBackend
) -> NarrationStatus | None:
    """Return the status of a narration; None if it must be requested again."""
    try:
        status = narration_status(revision.key, backend.archive, backend.jobs)
    except NarrationNotFound:
        return None
    return None if status.job.state is State.CANCELLED else status


def _settled(revision: ArticleRevision, backend: NarrationBackend) -> NarrationStatus:
    settle_narration(revision.source_id, revision.key, backend)
    # The article may have been corrected or removed since the revision was read.
    cancelled = NarrationStatus(_job(revision, State.CANCELLED))
    return _status_of(revision, backend) or cancelled


def _job(revision: ArticleRevision, state: State, total: int = 0) -> Job:
    return Job(revision.key, state, 0, total, revision.voice)
