"""JSON of the revisions of an article."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from service.articles.history import RevisionPage
from service.narrations.links import Links
from workers.narration import NarrationKey


class RevisionBody(BaseModel):
    """A revision of an article, and its narration."""

    revision: int
    received: datetime
    modified: str | None
    key: Annotated[NarrationKey, Field(description="Of its narration.")]
    playing: Annotated[bool, Field(description="Whether its narration is heard now.")]
    duration: Annotated[
        float | None, Field(description="Seconds; null if it has no audio.")
    ]
    audio: Annotated[
        str | None, Field(description="Address of the MP3; null if it has none.")
    ]


class RevisionListBody(BaseModel):
    """A page of the revisions of an article, latest first."""

    revisions: list[RevisionBody]
    next: Annotated[
        str | None,
        Field(description="Address of the next page; null on the last one."),
    ]


def revisions_body(page: RevisionPage, limit: int, links: Links) -> RevisionListBody:
    """Return the JSON of a page of revisions."""
    bodies = [
        RevisionBody(
            revision=past.number,
            received=past.received,
            modified=past.modified,
            key=past.key,
            playing=past.playing,
            duration=round(past.record.seconds, 3) if past.record else None,
            audio=links.audio(past.key) if past.record else None,
        )
        for past in page.revisions
    ]
    following = None
    if page.next:
        address = links.revisions(page.source_id)
        following = f"{address}?before={page.next}&limit={limit}"
    return RevisionListBody(revisions=bodies, next=following)
