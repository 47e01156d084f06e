"""What is sent and answered, as JSON."""

from dataclasses import asdict, replace
from typing import Annotated, Literal, Self

from pydantic import (
    AwareDatetime,
    BaseModel,
    Field,
    HttpUrl,
    field_validator,
    model_validator,
)

from service.cleaning import Cut
from service.narrations.links import Links
from service.narrations.requests import NarrationStatus
from service.preparation import ArticleRequest, PreparedArticle
from voices.voice import Voice
from workers.narration import DISCLOSURE, NarrationKey
from workers.queue.jobs import Lane, State


class NarrationRequestBody(BaseModel, extra="forbid"):
    """Text, HTML or Markdown to be read."""

    text: Annotated[
        str | None, Field(description="The article, or a page as copied.")
    ] = None
    html: str | None = None
    markdown: str | None = None
    title: str | None = None
    voice: Annotated[str | None, Field(examples=["en_US-joe-medium"])] = None
    language: Annotated[
        str | None, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
    ] = None
    priority: Annotated[
        Lane, Field(description="What is interactive is read before what is bulk.")
    ] = Lane.INTERACTIVE
    restore: Annotated[
        bool, Field(description="Have a narration read again that was withdrawn.")
    ] = False

    @field_validator("*", mode="before")
    @classmethod
    def _whole(cls, value: object) -> object:
        # JSON may hold half of a character (a lone surrogate); no file can.
        if isinstance(value, str):
            return value.encode("utf-8", "replace").decode()
        if isinstance(value, list):
            return [cls._whole(item) for item in value]
        return value

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if sum(body is not None for body in (self.text, self.html, self.markdown)) != 1:
            message = "send exactly one of text, html and markdown"
            raise ValueError(message)
        return self

    def request(self) -> ArticleRequest:
        """Return what was sent as a request to prepare an article."""
        return ArticleRequest(
            text=self.text,
            html=self.html,
            markdown=self.markdown,
            title=self.title,
            language=self.language,
            voice=self.voice,
        )


class ArticleRequestBody(NarrationRequestBody):
    """An article with what a publisher knows of it."""

    byline: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    published: AwareDatetime | None = None
    modified: AwareDatetime | None = None
    url: HttpUrl | None = None
    image: HttpUrl | None = None

    def request(self) -> ArticleRequest:
        """Return what was sent, with the article's metadata."""
        return replace(
            super().request(),
            byline=self.byline,
            section=self.section,
            tags=self.tags,
            published=self.published.isoformat() if self.published else None,
            modified=self.modified.isoformat() if self.modified else None,
            url=str(self.url) if self.url else None,
            image=str(self.image) if self.image else None,
        )


class ProgressBody(BaseModel):
    """Sentences spoken, of how many."""

    done: int
    total: int


class LinksBody(BaseModel):
    """Where a narration and its audio are."""

    self: str
    audio: str


class DisclosureBody(BaseModel):
    """That a machine speaks."""

    text: str = DISCLOSURE
    short: str = "AI voice"


class NarrationBody(BaseModel):
    """Where a narration stands."""

    key: NarrationKey
    state: State
    progress: ProgressBody
    duration: Annotated[float | None, Field(description="Seconds, once it is ready.")]
    title: str | None
    voice: str | None
    links: LinksBody
    disclosure: DisclosureBody = DisclosureBody()
    problem: str | None = None


class CutBody(BaseModel):
    """A line that is not read, and why."""

    rule: str
    text: str
    line: int
    because: Annotated[
        tuple[str, ...], Field(description="What spoke most against a judged line.")
    ] = ()


class NarrationCreatedBody(NarrationBody):
    """A narration that was asked for, with what was cut from its article."""

    byline: str | None
    cuts: list[CutBody]


class ArticleBody(BaseModel):
    """An article and its narration."""

    source_id: str
    revision: int
    title: str | None
    byline: str | None
    section: str | None
    tags: tuple[str, ...]
    published: str | None
    modified: str | None
    url: str | None
    image: str | None
    narration: NarrationBody


class VoiceBody(BaseModel):
    """A voice that can be asked to read."""

    id: str
    language: str
    licence: str
    credit: str

    default: bool
    """Whether it reads when a request names nobody."""

    @classmethod
    def of(cls, voice: Voice, default: str) -> Self:
        """Show a voice."""
        return cls(
            id=voice.id,
            language=voice.language,
            licence=voice.licence,
            credit=voice.credit,
            default=voice.id == default,
        )


class HealthBody(BaseModel):
    """Whether the service is well."""

    status: Literal["ok"] = "ok"


def narration_body(status: NarrationStatus, links: Links) -> NarrationBody:
    """Show where a narration stands."""
    job, record = status.job, status.record
    return NarrationBody(
        key=job.key,
        state=job.state,
        progress=ProgressBody(done=job.done, total=job.total),
        duration=round(record.seconds, 3) if record else None,
        title=status.title,
        voice=record.voice if record else job.voice,
        links=LinksBody(self=links.narration(job.key), audio=links.audio(job.key)),
        problem=job.problem,
    )


def created_body(
    prepared: PreparedArticle, status: NarrationStatus, links: Links
) -> NarrationCreatedBody:
    """Show a narration that was requested, with what was cut from its article."""
    article = prepared.cleaned.article
    narration = narration_body(status, links)
    return NarrationCreatedBody(
        key=narration.key,
        state=narration.state,
        progress=narration.progress,
        duration=narration.duration,
        title=article.title,
        voice=prepared.voice.id,
        links=narration.links,
        problem=narration.problem,
        byline=article.byline,
        cuts=_cut_bodies(prepared.cleaned.cuts),
    )


def _cut_bodies(cuts: tuple[Cut, ...]) -> list[CutBody]:
    """Show what was cut."""
    return [CutBody(**asdict(cut)) for cut in cuts]
