"""Articles under the publisher's own ids, as they are stored and received."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime

from service.cleaning.report import CleaningReport
from workers.narration import JobSpec, NarrationKey
from workers.queue.claimants import Claimant
from workers.storage.article_states import ArticleState


@dataclass(frozen=True, slots=True)
class ArticleRevision:
    """An article as the publisher sent it last, with the key of its narration."""

    source_id: str
    """The publisher's own id."""

    title: str | None
    key: NarrationKey
    voice: str

    received: datetime
    """Time of the first storage, in UTC."""

    byline: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    published: str | None = None
    """Time in RFC 3339, as it was sent."""

    modified: str | None = None
    url: str | None = None
    image: str | None = None
    summary: str | None = None
    """The first paragraph, for feeds."""

    confidence: float | None = None
    """How surely it was cleaned, 0 to 1; None once the narration was withdrawn."""

    approval_required: bool = False
    """Whether a person must approve it before its narration is requested."""

    report_digest: str | None = None
    """Which report of the narration says what was cut from it."""

    state: ArticleState = ArticleState.UNFINISHED
    """State when it was read from the database."""

    number: int = 0
    """Counted from 1 for each article."""

    @property
    def erased(self) -> bool:
        """Whether its text was erased because the narration was withdrawn."""
        return self.state is ArticleState.WITHDRAWN

    @property
    def dated(self) -> datetime:
        """The time of publication, or of receipt."""
        if self.published is None:
            return self.received
        date = datetime.fromisoformat(self.published)
        return date if date.tzinfo else date.replace(tzinfo=UTC)

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

    content: str = field(init=False)
    """SHA-256 of everything that was sent and is stored."""

    def __post_init__(self) -> None:
        """Compute the SHA-256 of the content."""
        sent = asdict(self.revision) | {"report": asdict(self.report)}
        for stored_later in ("received", "number", "report_digest", "state"):
            del sent[stored_later]
        canonical = json.dumps(sent, sort_keys=True)
        digest = hashlib.sha256(canonical.encode()).hexdigest()
        object.__setattr__(self, "content", digest)
