"""`/v1/articles`: articles under the publisher's own ids."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from service.access.policy import Access, allow
from service.api.cache_tags import article_tags
from service.api.context import ApiContext
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
    drop_article,
    new_revision,
    publish_article,
)
from service.articles.revisions import find_article, find_article_report
from service.articles.status import article_status
from workers.queue.jobs import State

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

        If its text was not cleaned with enough confidence, it waits for approval.
        """
        article = body.request()
        prepared = context.preparer.prepare(article)
        new = new_revision(source_id, article, prepared, context.approval_below)
        revision, status = publish_article(
            new,
            context.backend,
            body.priority,
            restore=body.restore,
        )
        response.headers.update(article_tags(source_id, revision.key))
        if status.job.state is not State.READY:
            response.status_code = HTTPStatus.ACCEPTED
        return stored_body(revision, status, new.report, context.links(request))

    @router.get("/{source_id}")
    @allow(Access.LISTENER)
    @on_threads(STATE)
    def get(source_id: SourceId, request: Request, response: Response) -> ArticleBody:
        """Return an article with its narration's state.

        The narration is requested again if it was cancelled or lost by Redis.
        """
        revision = find_article(source_id, context.database)
        status = article_status(revision, context.backend)
        report = find_article_report(revision, context.database)
        response.headers.update(article_tags(source_id, revision.key))
        return article_body(revision, status, report, context.links(request))

    @router.delete("/{source_id}", status_code=HTTPStatus.NO_CONTENT)
    @allow(Access.WRITE)
    @on_threads(STATE)
    def delete(source_id: SourceId) -> None:
        """Remove an article; cancel its job unless another claimant waits for it."""
        drop_article(source_id, context.backend)

    return router
