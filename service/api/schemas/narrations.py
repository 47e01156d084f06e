"""JSON of narrations."""

from typing import Annotated, Self

from pydantic import BaseModel, Field

from service.api.schemas.cleaning import CleaningBody, CutsBody
from service.cleaning.report import CleaningReport
from service.narrations.links import Links
from service.narrations.status import NarrationStatus
from service.preparation import PreparedSummary
from workers.narration import DISCLOSURE, NarrationKey
from workers.queue.jobs import State


class ProgressBody(BaseModel):
    """Sentences rendered, and their total."""

    done: int
    total: int


class LinksBody(BaseModel):
    """Addresses of a narration, its audio, captions, and what was cut from its text."""

    self: str
    audio: Annotated[str, Field(description="MP3.")]
    playlist: Annotated[str, Field(description="HLS, even while it is rendered.")]
    captions: Annotated[str, Field(description="WebVTT.")]
    captions_srt: Annotated[str, Field(description="SubRip.")]
    transcript: Annotated[str, Field(description="Plain text.")]
    transcript_vtt: Annotated[str, Field(description="WebVTT by paragraph.")]
    transcript_json: Annotated[str, Field(description="JSON of podcast apps.")]
    words: Annotated[str, Field(description="JSON: words with times and spans.")]
    marks: Annotated[str, Field(description="JSON lines: speech marks.")]
    cuts: str

    @classmethod
    def of(cls, key: NarrationKey, links: Links) -> Self:
        """Return the addresses of a narration."""
        captions = links.captions(key, "vtt")
        return cls(
            self=links.narration(key),
            audio=links.audio(key),
            playlist=links.playlist(key),
            captions=captions,
            captions_srt=links.captions(key, "srt"),
            transcript=links.captions(key, "txt"),
            transcript_vtt=f"{captions}?by=paragraph",
            transcript_json=links.captions(key, "transcript.json"),
            words=links.captions(key, "json"),
            marks=links.captions(key, "marks.jsonl"),
            cuts=links.narration_cuts(key),
        )


class DisclosureBody(BaseModel):
    """Disclosure that the voice is synthetic."""

    text: str = DISCLOSURE
    short: str = "AI voice"


class NarrationBody(BaseModel):
    """A narration's state and progress."""

    key: NarrationKey
    state: State
    progress: ProgressBody
    duration: Annotated[
        float | None, Field(description="Seconds; null until it is ready.")
    ]
    title: str | None
    voice: str | None
    links: LinksBody
    disclosure: DisclosureBody = DisclosureBody()
    problem: str | None = None


class NarrationStatusBody(CleaningBody, NarrationBody):
    """A narration, with how the text that was sent last for it was cleaned."""


class NarrationCreatedBody(CutsBody, NarrationStatusBody):
    """A narration that was requested, with what was cut from its article."""

    byline: str | None


def narration_body(status: NarrationStatus, links: Links) -> NarrationBody:
    """Return the JSON of a narration's status."""
    job, record = status.job, status.record
    return NarrationBody(
        key=job.key,
        state=job.state,
        progress=ProgressBody(done=job.done, total=job.total),
        duration=round(record.seconds, 3) if record else None,
        title=status.title,
        voice=record.voice if record else job.voice,
        links=LinksBody.of(job.key, links),
        problem=job.problem,
    )


def status_body(
    status: NarrationStatus, report: CleaningReport | None, links: Links
) -> NarrationStatusBody:
    """Return the JSON of a narration's status, with a summary of its cuts."""
    summary = CleaningBody.summary(report)
    return NarrationStatusBody(**dict(narration_body(status, links)), **dict(summary))


def created_body(
    summary: PreparedSummary, status: NarrationStatus, links: Links
) -> NarrationCreatedBody:
    """Return the JSON of a requested narration, with its article's cuts."""
    fields = dict(status_body(status, summary.report, links)) | {
        "title": summary.title,
        "voice": summary.voice,
    }
    cuts = CutsBody.of(summary.report.cuts).cuts
    return NarrationCreatedBody(**fields, byline=summary.byline, cuts=cuts)
