"""JSON of articles."""

from pydantic import BaseModel

from service.api.schemas.cleaning import CleaningBody, CutsBody
from service.api.schemas.narrations import NarrationBody, narration_body
from service.articles.revisions import ArticleRevision
from service.narrations.links import Links
from service.narrations.status import NarrationStatus


class ArticleLinksBody(BaseModel):
    """Addresses of an article, what was cut from it, and its approval."""

    self: str
    cuts: str
    approval: str


class ArticleBody(CleaningBody):
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
    links: ArticleLinksBody
    narration: NarrationBody


class ArticleStoredBody(CutsBody, ArticleBody):
    """An article that was stored, with what was cut from it."""


def article_body(
    revision: ArticleRevision, status: NarrationStatus, links: Links
) -> ArticleBody:
    """Return the JSON of an article, with its narration's status."""
    source_id, summary = revision.source_id, CleaningBody.summary(revision.cleaning)
    return ArticleBody(
        **dict(summary),
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


def stored_body(
    revision: ArticleRevision, status: NarrationStatus, links: Links
) -> ArticleStoredBody:
    """Return the JSON of an article that was just stored, with its cuts."""
    report = revision.cleaning
    cuts = CutsBody.of(report.cuts if report else ()).cuts
    return ArticleStoredBody(**dict(article_body(revision, status, links)), cuts=cuts)
