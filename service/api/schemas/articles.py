"""JSON of articles."""

from typing import Annotated

from pydantic import BaseModel, Field

from service.api.schemas.cleaning import CleaningBody, CutsBody
from service.api.schemas.narrations import NarrationBody, narration_body
from service.articles.public import is_public
from service.articles.publishing import PublishedArticle
from service.articles.revision import ArticleRevision, AudioMode, NarrationPolicy
from service.articles.status import ArticleNarrations
from service.cleaning.report import CleaningReport
from service.narrations.links import Links
from service.narrations.status import NarrationStatus
from workers.database.columns import now


class ArticleLinksBody(BaseModel):
    """Addresses of an article, and of what belongs to it."""

    self: str
    cuts: str
    approval: str
    narration: Annotated[str, Field(description="POST starts the narration.")]
    revisions: str


class ListedArticleBody(BaseModel):
    """An article of a list, and its narrations."""

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
    publish_at: str | None
    policy: NarrationPolicy
    audio: AudioMode
    public: Annotated[bool, Field(description="Whether anyone may hear it now.")]
    links: ArticleLinksBody
    narration: Annotated[
        NarrationBody | None,
        Field(
            description="What is heard now, or will be heard first; null while `audio`"
            " is `off`."
        ),
    ]
    replacement: Annotated[
        NarrationBody | None,
        Field(
            description="The narration of a corrected text, which is heard once it is"
            " ready; null while there is none."
        ),
    ]


class ArticleBody(CleaningBody, ListedArticleBody):
    """An article and its narration, with how its text was cleaned."""


class ArticleStoredBody(CutsBody, ArticleBody):
    """An article that was stored, with what was cut from it."""


class ArticleListBody(BaseModel):
    """A page of a list of articles, newest first."""

    articles: list[ListedArticleBody]
    next: Annotated[
        str | None,
        Field(description="Address of the next page; null on the last one."),
    ]


def listed_body(
    revision: ArticleRevision, narrations: ArticleNarrations, links: Links
) -> ListedArticleBody:
    """Return the JSON of an article, with the status of its narrations."""
    source_id = revision.source_id
    return ListedArticleBody(
        source_id=source_id,
        revision=revision.number,
        title=revision.title,
        byline=revision.byline,
        section=revision.section,
        tags=revision.tags,
        published=revision.published,
        modified=revision.modified,
        url=revision.url,
        image=revision.image,
        publish_at=revision.publish_at,
        policy=revision.policy,
        audio=revision.audio,
        public=is_public(revision, now()),
        links=ArticleLinksBody(
            self=links.article(source_id),
            cuts=links.article_cuts(source_id),
            approval=links.approval(source_id),
            narration=links.article_narration(source_id),
            revisions=links.revisions(source_id),
        ),
        narration=_narration(narrations.current, links),
        replacement=_narration(narrations.replacement, links),
    )


def article_body(
    article: PublishedArticle, report: CleaningReport | None, links: Links
) -> ArticleBody:
    """Return the JSON of an article, with a summary of its cuts."""
    listed = listed_body(article.revision, article.narrations, links)
    return ArticleBody(**dict(listed), **dict(CleaningBody.summary(report)))


def stored_body(
    article: PublishedArticle, report: CleaningReport, links: Links
) -> ArticleStoredBody:
    """Return the JSON of an article that was just stored, with its cuts."""
    body = article_body(article, report, links)
    return ArticleStoredBody(**dict(body), cuts=CutsBody.of(report.cuts).cuts)


def _narration(status: NarrationStatus | None, links: Links) -> NarrationBody | None:
    return narration_body(status, links) if status else None
