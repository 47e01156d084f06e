"""Articles under the publisher's own ids, as they are stored and received."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from service.cleaning.report import CleaningReport
from workers.narration import JobSpec, NarrationKey
from workers.queue.claimants import Claimant
from workers.storage.article_states import ArticleState

_STORED_LATER = (
    "received",
    "first_received",
    "number",
    "report_digest",
    "state",
    "demanded",
    "playing",
)
"""Fields that say nothing about what was sent."""


class NarrationPolicy(StrEnum):
    """When the narration of an article is requested."""

    AT_ONCE = "at_once"

    ON_FIRST_PLAY = "on_first_play"
    """When a listener starts it; corrections follow at once."""

    ON_APPROVAL = "on_approval"
    """When a person approves it, as for an article in doubt."""


class AudioMode(StrEnum):
    """Whether an article has audio, and for whom."""

    ON = "on"

    HIDDEN = "hidden"
    """It has, but not for the public: it is in no feed and no public list."""

    OFF = "off"
    """It has none: its narration is neither requested nor heard."""


@dataclass(frozen=True, slots=True)
class ArticleRevision:
    """An article as the publisher sent it last, with the key of its narration."""

    source_id: str
    """The publisher's own id."""

    title: str | None
    key: NarrationKey
    voice: str

    received: datetime
    """Time at which this revision was stored first, in UTC."""

    first_received: datetime | None = None
    """That of the article's first revision; None before it is stored."""

    byline: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    published: str | None = None
    """Time in RFC 3339, as it was sent."""

    modified: str | None = None

    publish_at: str | None = None
    """Time in RFC 3339 before which it is not public."""

    url: str | None = None
    image: str | None = None
    summary: str | None = None
    """The first paragraph, for feeds."""

    confidence: float | None = None
    """How surely it was cleaned, 0 to 1; None once the narration was withdrawn."""

    approval_required: bool = False
    """Whether a person must approve it before its narration is requested."""

    policy: NarrationPolicy = NarrationPolicy.AT_ONCE
    audio: AudioMode = AudioMode.ON

    report_digest: str | None = None
    """Which report of the narration says what was cut from it."""

    state: ArticleState = ArticleState.UNFINISHED
    """State when it was read from the database."""

    number: int = 0
    """Counted from 1 for each article."""

    demanded: bool = False
    """Whether a listener has started the narration of any revision."""

    playing: NarrationKey | None = None
    """The narration that is heard: `key` once it is ready, before that an earlier one.
    None while there is none."""

    @property
    def erased(self) -> bool:
        """Whether its text was erased because the narration was withdrawn."""
        return self.state is ArticleState.WITHDRAWN

    @property
    def dated(self) -> datetime:
        """The time from which it is public, and by which it is listed.

        That is the time of publication, or of the first receipt; a later `publish_at`
        postpones it.  A correction does not move it.
        """
        dated = _time(self.published) or self.first_received or self.received
        return max(dated, _time(self.publish_at) or dated)

    @property
    def etag(self) -> str:
        """Entity tag of what was stored; the progress of narrations is not in it."""
        stored = f"{self.source_id} {self.received.isoformat()} {self.erased}"
        return f'"{self.number}-{hashlib.sha256(stored.encode()).hexdigest()[:16]}"'

    def wants(self, key: NarrationKey) -> bool:
        """Return whether a narration is to be rendered for it, or was."""
        return self.key == key and self.state in {
            ArticleState.READY,
            ArticleState.UNFINISHED,
        }

    def is_older_than(self, other: "ArticleRevision") -> bool:
        """Return whether the publisher changed it before the other one."""
        ours, theirs = _time(self.modified), _time(other.modified)
        return ours is not None and theirs is not None and ours < theirs

    @property
    def claimant(self) -> Claimant:
        """Claimant of the narration's job."""
        return Claimant.article(self.source_id)


@dataclass(frozen=True, slots=True)
class NewRevision:
    """An article that was received, to be stored."""

    revision: ArticleRevision
    """Without a number."""

    spec: JobSpec
    """The job spec of its narration."""

    report: CleaningReport
    """What was cut from what was sent."""

    keep_audio: bool = False
    """Whether the narration of the latest revision stays, because the edit needs no new
    reading."""

    content: str = field(init=False)
    """SHA-256 of everything that was sent and is stored."""

    @property
    def is_narrated_at_once(self) -> bool:
        """Whether its narration is requested when it is stored, if it is new."""
        revision = self.revision
        return (
            revision.audio is not AudioMode.OFF
            and revision.policy is NarrationPolicy.AT_ONCE
            and not revision.approval_required
            and not self.keep_audio
        )

    def __post_init__(self) -> None:
        """Compute the SHA-256 of the content."""
        sent = asdict(self.revision) | {
            "report": asdict(self.report),
            "keep_audio": self.keep_audio,
        }
        for name in _STORED_LATER:
            del sent[name]
        canonical = json.dumps(sent, sort_keys=True)
        digest = hashlib.sha256(canonical.encode()).hexdigest()
        object.__setattr__(self, "content", digest)


def _time(text: str | None) -> datetime | None:
    """Return the time that RFC 3339 names; in UTC if it has no zone."""
    if text is None:
        return None
    time = datetime.fromisoformat(text)
    return time if time.tzinfo else time.replace(tzinfo=UTC)
