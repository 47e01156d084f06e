"""JSON that is sent: articles, and how to read them."""

from dataclasses import replace
from typing import Annotated, Self

from pydantic import (
    AwareDatetime,
    BaseModel,
    Field,
    HttpUrl,
    field_validator,
    model_validator,
)

from service.article import ContentSource
from service.articles.publishing import Publication
from service.articles.revision import AudioMode, NarrationPolicy
from service.preparation import ArticleRequest
from workers.queue.jobs import Lane

_EXAMPLE = {
    "title": "Ferry sails again",
    "text": "The harbour ferry sails again on Monday, the council said.",
    "source": "article",
}


def _storable(value: object) -> object:
    # JSON can represent half of a surrogate pair, which UTF-8 cannot, and NUL, which
    # PostgreSQL cannot store.
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "replace").decode()
    return value


class NarrationRequestBody(
    BaseModel, extra="forbid", json_schema_extra={"examples": [_EXAMPLE]}
):
    """Text, HTML or Markdown to narrate."""

    text: Annotated[
        str | None, Field(description="The article, or a page as copied.")
    ] = None
    html: str | None = None
    markdown: str | None = None
    source: Annotated[
        ContentSource | None,
        Field(
            description="What is sent: a page, or a copy of one, from which everything"
            " around the article is cut; or the article alone, from which only"
            " advertisement markers and repeats are cut.  Detected if it is not"
            " stated.",
            examples=["article"],
        ),
    ] = None
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
    def _make_storable(cls, value: object) -> object:
        # No deeper: JSON may be nested beyond what a recursive function can follow.
        if isinstance(value, list):
            return [_storable(item) for item in value]
        return _storable(value)

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
            source=self.source,
            title=self.title,
            language=self.language,
            voice=self.voice,
        )


class ArticleRequestBody(
    NarrationRequestBody,
    json_schema_extra={
        "examples": [_EXAMPLE | {"published": "2024-02-08T18:15:00Z", "tags": ["sea"]}]
    },
):
    """An article with the publisher's metadata."""

    byline: Annotated[str | None, Field(max_length=500)] = None
    section: Annotated[str | None, Field(max_length=500)] = None
    tags: Annotated[
        tuple[Annotated[str, Field(max_length=200)], ...], Field(max_length=100)
    ] = ()
    published: AwareDatetime | None = None
    modified: AwareDatetime | None = None
    url: HttpUrl | None = None
    image: HttpUrl | None = None
    publish_at: Annotated[
        AwareDatetime | None,
        Field(description="The article is not public before; its audio is made early."),
    ] = None
    policy: Annotated[
        NarrationPolicy, Field(description="When the narration is requested.")
    ] = NarrationPolicy.AT_ONCE
    audio: Annotated[
        AudioMode,
        Field(
            description="Whether the article has audio: for all, in no feed and no"
            " public list, or not at all."
        ),
    ] = AudioMode.ON
    keep_audio: Annotated[
        bool,
        Field(description="Keep the narration: the edit needs no new reading."),
    ] = False

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

    def publication(self) -> Publication:
        """Return when and for whom it is published with audio."""
        return Publication(
            publish_at=self.publish_at.isoformat() if self.publish_at else None,
            policy=self.policy,
            audio=self.audio,
            keep_audio=self.keep_audio,
        )


class ApprovalRequestBody(BaseModel, extra="forbid"):
    """The approval of an article by a person."""

    revision: Annotated[
        int,
        Field(
            ge=1,
            description="The revision that was looked at; a later one is not approved.",
            examples=[1],
        ),
    ]
