"""`/v1/articles`: articles under the publisher's own ids."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from service.access.policy import Access, allow
from service.api.cache_tags import article_tags
from service.api.context import ApiContext
from service.api.etags import precondition_of
from service.api.resource_router import ResourceRouter
from service.api.schemas.articles import (
    ArticleBody,
    ArticleStoredBody,
    article_body,
    stored_body,
)
from service.api.schemas.requests import ArticleRequestBody
from service.api.threads import ARTICLES, STATE, on_threads
from service.articles.publishing import (
    PublishedArticle,
    drop_article,
    new_revision,
    publish_article,
)
from service.articles.revisions import find_article, find_article_report
from service.articles.status import article_narrations

SourceId = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:~-]{0,127}$")]


def routes(context: ApiContext) -> APIRouter:
    """Return the routes below /v1/articles."""
    router = ResourceRouter(prefix="/v1/articles", tags=["articles"])

    @router.put(
        "/{source_id}",
        responses={HTTPStatus.ACCEPTED: {"model": ArticleStoredBody}},
    )
    @allow(Access.WRITE)
    @on_threads(ARTICLES)
    def put(
        source_id: SourceId,
        body: ArticleRequestBody,
        request: Request,
        response: Response,
    ) -> ArticleStoredBody:
        """Store an article and request its narration; resending has no effect.

        The narration of a corrected text is heard once it is ready, the previous one
        until then.  What was `modified` before the stored revision is refused.

        If its text was not cleaned with enough confidence, it waits for approval.
        """
        article = body.request()
        prepared = context.preparer.prepare(article)
        new = new_revision(
            source_id, article, prepared, context.approval_below, body.publication()
        )
        published = publish_article(
            new,
            context.backend,
            body.priority,
            precondition_of(request),
            restore=body.restore,
        )
        describe(published, response)
        return stored_body(published, new.report, context.links(request))

    @router.get("/{source_id}")
    @allow(Access.LISTENER)
    @on_threads(STATE)
    def get(source_id: SourceId, request: Request, response: Response) -> ArticleBody:
        """Return an article with the state of its narrations.

        The latest one is requested again if it was cancelled or lost by Redis.
        """
        revision = find_article(source_id, context.database)
        narrations = article_narrations(revision, context.backend)
        report = find_article_report(revision, context.database)
        published = PublishedArticle(revision, narrations)
        describe(published, response)
        response.status_code = HTTPStatus.OK
        return article_body(published, report, context.links(request))

    @router.delete("/{source_id}", status_code=HTTPStatus.NO_CONTENT)
    @allow(Access.WRITE)
    @on_threads(STATE)
    def delete(source_id: SourceId, request: Request) -> None:
        """Remove an article; cancel its job unless another claimant waits for it."""
        drop_article(source_id, context.backend, precondition_of(request))

    return router


def describe(article: PublishedArticle, response: Response) -> None:
    """Set headers of an answer about an article; 202 while its narration is made."""
    revision, latest = article.revision, article.narrations.latest
    tags = article_tags(revision.source_id, revision.playing, revision.key)
    response.headers.update(tags | {"ETag": revision.etag, "Cache-Control": "no-store"})
    if latest and not latest.record:
        response.status_code = HTTPStatus.ACCEPTED
