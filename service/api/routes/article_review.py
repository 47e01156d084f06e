"""`/v1/articles/{source_id}`: what was cut from an article, and its approval."""

from http import HTTPStatus

from fastapi import APIRouter, Request, Response

from service.access.policy import Access, allow
from service.api.context import ApiContext
from service.api.resource_router import ResourceRouter
from service.api.routes.articles import SourceId
from service.api.schemas.articles import ArticleBody, article_body
from service.api.schemas.cleaning import CutsBody
from service.api.schemas.requests import ApprovalRequestBody
from service.api.threads import STATE, on_threads
from service.articles.publishing import approve_article
from service.articles.revisions import find_article, find_article_report
from service.narrations.cleaning_reports import require_cuts
from workers.queue.jobs import State


def routes(context: ApiContext) -> APIRouter:
    """Return the routes with which a person reviews an article."""
    router = ResourceRouter(prefix="/v1/articles", tags=["articles"])

    @router.get("/{source_id}/cuts")
    @allow(Access.READ)
    @on_threads(STATE)
    def get_cuts(source_id: SourceId) -> CutsBody:
        """Return the lines that were cut from the latest revision of an article."""
        revision = find_article(source_id, context.database)
        report = find_article_report(revision, context.database)
        return CutsBody.of(require_cuts(report))

    @router.post(
        "/{source_id}/approval",
        responses={HTTPStatus.ACCEPTED: {"model": ArticleBody}},
    )
    @allow(Access.WRITE)
    @on_threads(STATE)
    def approve(
        source_id: SourceId,
        body: ApprovalRequestBody,
        request: Request,
        response: Response,
    ) -> ArticleBody:
        """Request the narration of an article that waits for approval.

        Approving it again has no effect; an outdated revision is refused.
        """
        revision, status = approve_article(source_id, body.revision, context.backend)
        if status.job.state is not State.READY:
            response.status_code = HTTPStatus.ACCEPTED
        report = find_article_report(revision, context.database)
        return article_body(revision, status, report, context.links(request))

    return router
