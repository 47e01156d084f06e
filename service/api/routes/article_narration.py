"""`POST /v1/articles/{source_id}/narration`: start the narration of an article."""

from http import HTTPStatus

from fastapi import APIRouter, Request, Response

from service.access.policy import Access, allow
from service.api.context import ApiContext
from service.api.resource_router import ResourceRouter
from service.api.routes.articles import SourceId, describe
from service.api.schemas.narrations import NarrationBody, narration_body
from service.api.threads import STATE, on_threads
from service.articles.publishing import start_narration
from service.articles.status import require_audio


def routes(context: ApiContext) -> APIRouter:
    """Return the route with which a listener starts a narration."""
    router = ResourceRouter(prefix="/v1/articles", tags=["articles"])

    @router.post(
        "/{source_id}/narration",
        responses={HTTPStatus.ACCEPTED: {"model": NarrationBody}},
    )
    @allow(Access.LISTENER)
    @on_threads(STATE)
    def start(
        source_id: SourceId, request: Request, response: Response
    ) -> NarrationBody:
        """Request the narration of an article for a listener; return what is heard.

        For articles of the policy `on_first_play`.  A GET of the audio does not start
        it, since programs that only follow links send that too.
        """
        started = start_narration(source_id, context.backend)
        describe(started, response)
        status = require_audio(started.narrations)
        links = context.links(request)
        response.headers["Location"] = links.narration(status.job.key)
        return narration_body(status, links)

    return router
