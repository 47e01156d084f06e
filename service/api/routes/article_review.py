"""`/v1/articles/{source_id}`: cuts, approval and revisions of an article."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from service.access.policy import Access, allow
from service.api.context import ApiContext
from service.api.resource_router import ResourceRouter
from service.api.routes.articles import SourceId, describe
from service.api.schemas.articles import ArticleBody, article_body
from service.api.schemas.cleaning import CutsBody
from service.api.schemas.requests import ApprovalRequestBody
from service.api.schemas.revisions import RevisionListBody, revisions_body
from service.api.threads import STATE, on_threads
from service.articles.history import list_revisions
from service.articles.publishing import approve_article
from service.articles.revisions import find_article, find_article_report
from service.narrations.cleaning_reports import require_cuts

_PAGE_REVISIONS, _MAX_PAGE_REVISIONS = 50, 100


class RevisionsQuery(BaseModel, extra="forbid"):
    """Which page of a list of revisions."""

    before: Annotated[
        int | None, Query(ge=1, le=2**31 - 1, description="Only earlier revisions.")
    ] = None
    limit: Annotated[int, Query(ge=1, le=_MAX_PAGE_REVISIONS)] = _PAGE_REVISIONS


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
        approved = approve_article(source_id, body.revision, context.backend)
        describe(approved, response)
        report = find_article_report(approved.revision, context.database)
        return article_body(approved, report, context.links(request))

    @router.get("/{source_id}/revisions")
    @allow(Access.READ)
    @on_threads(STATE)
    def revisions(
        source_id: SourceId,
        query: Annotated[RevisionsQuery, Query()],
        request: Request,
        response: Response,
    ) -> RevisionListBody:
        """Return the revisions of an article, newest first; `next` leads on."""
        page = list_revisions(context.database, source_id, query.limit, query.before)
        body = revisions_body(page, query.limit, context.links(request))
        if body.next:
            response.headers["Link"] = f'<{body.next}>; rel="next"'
        return body

    return router
