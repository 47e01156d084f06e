"""JSON of articles."""

from typing import Annotated

from pydantic import BaseModel, Field

from service.api.schemas.cleaning import CleaningBody, CutsBody
from service.api.schemas.narrations import NarrationBody, narration_body
from service.articles.revision import ArticleRevision
from service.cleaning.report import CleaningReport
from service.narrations.links import Links
from service.narrations.status import NarrationStatus


class ArticleLinksBody(BaseModel):
    """Addresses of an article, what was cut from it, and its approval."""

    self: str
    cuts: str
    approval: str


class ListedArticleBody(BaseModel):
    """An article of a list, and its narration."""

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
    links: ArticleLinksBody
    narration: NarrationBody


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
    revision: ArticleRevision, status: NarrationStatus, links: Links
) -> ListedArticleBody:
    """Return the JSON of an article, with its narration's status."""
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
        links=ArticleLinksBody(
            self=links.article(source_id),
            cuts=links.article_cuts(source_id),
            approval=links.approval(source_id),
        ),
        narration=narration_body(status, links),
    )


def article_body(
    revision: ArticleRevision,
    status: NarrationStatus,
    report: CleaningReport | None,
    links: Links,
) -> ArticleBody:
    """Return the JSON of an article, with a summary of its cuts."""
    listed = listed_body(revision, status, links)
    return ArticleBody(**dict(listed), **dict(CleaningBody.summary(report)))


def stored_body(
    revision: ArticleRevision,
    status: NarrationStatus,
    report: CleaningReport,
    links: Links,
) -> ArticleStoredBody:
    """Return the JSON of an article that was just stored, with its cuts."""
    body = article_body(revision, status, report, links)
    return ArticleStoredBody(**dict(body), cuts=CutsBody.of(report.cuts).cuts)
