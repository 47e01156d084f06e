"""JSON bodies of requests and responses."""

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

from service.articles.revisions import ArticleRevision
from service.narrations.links import Links
from service.narrations.status import NarrationStatus
from service.preparation import ArticleRequest, PreparedArticle
from voices.voice import Voice
from workers.narration import DISCLOSURE, NarrationKey
from workers.queue.jobs import Lane, State


class NarrationRequestBody(BaseModel, extra="forbid"):
    """Text, HTML or Markdown to narrate."""

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
        Lane, Field(description="Interactive requests are read before bulk ones.")
    ] = Lane.INTERACTIVE
    restore: Annotated[bool, Field(description="Lift the takedown of a narration.")] = (
        False
    )

    @field_validator("*", mode="before")
    @classmethod
    def _replace_lone_surrogates(cls, value: object) -> object:
        # JSON can represent half of a surrogate pair; UTF-8 cannot.
        if isinstance(value, str):
            return value.encode("utf-8", "replace").decode()
        if isinstance(value, list):
            return [cls._replace_lone_surrogates(item) for item in value]
        return value

    @model_validator(mode="after")
    def _require_one_source(self) -> Self:
        if sum(body is not None for body in (self.text, self.html, self.markdown)) != 1:
            message = "send exactly one of text, html and markdown"
            raise ValueError(message)
        return self

    def request(self) -> ArticleRequest:
        """Return the request to prepare this text."""
        return ArticleRequest(
            text=self.text,
            html=self.html,
            markdown=self.markdown,
            title=self.title,
            language=self.language,
            voice=self.voice,
        )


class ArticleRequestBody(NarrationRequestBody):
    """An article with the publisher's metadata."""

    byline: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    published: AwareDatetime | None = None
    modified: AwareDatetime | None = None
    url: HttpUrl | None = None
    image: HttpUrl | None = None

    def request(self) -> ArticleRequest:
        """Return the request to prepare this article, with its metadata."""
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
    """Sentences rendered, and their total."""

    done: int
    total: int


class LinksBody(BaseModel):
    """Addresses of a narration and its audio."""

    self: str
    audio: str


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


class CutBody(BaseModel):
    """A line that cleaning removed, and why."""

    rule: str
    text: str
    line: int
    because: Annotated[
        tuple[str, ...],
        Field(description="The strongest reasons, if the classifier removed it."),
    ] = ()


class NarrationCreatedBody(NarrationBody):
    """A narration that was requested, with what was cut from its article."""

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
    """An installed voice."""

    id: str
    language: str
    licence: str
    credit: str

    default: bool
    """Whether it reads requests that name no voice."""

    @classmethod
    def of(cls, voice: Voice, default: str) -> Self:
        """Return the JSON of a voice."""
        return cls(
            id=voice.id,
            language=voice.language,
            licence=voice.licence,
            credit=voice.credit,
            default=voice.id == default,
        )


class HealthBody(BaseModel):
    """That the service is healthy."""

    status: Literal["ok"] = "ok"


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
        links=LinksBody(self=links.narration(job.key), audio=links.audio(job.key)),
        problem=job.problem,
    )


def created_body(
    prepared: PreparedArticle, status: NarrationStatus, links: Links
) -> NarrationCreatedBody:
    """Return the JSON of a requested narration, with its article's cuts."""
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
        cuts=[CutBody(**asdict(cut)) for cut in prepared.cleaned.cuts],
    )


def article_body(
    revision: ArticleRevision, status: NarrationStatus, links: Links
) -> ArticleBody:
    """Return the JSON of an article, with its narration's status."""
    return ArticleBody(
        source_id=revision.source_id,
        revision=revision.number,
        title=revision.title,
        byline=revision.byline,
        section=revision.section,
        tags=revision.tags,
        published=revision.published,
        modified=revision.modified,
        url=revision.url,
        image=revision.image,
        narration=narration_body(status, links),
    )
