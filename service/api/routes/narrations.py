"""`/v1/narrations`: request, status and takedown of narrations."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from service.access.policy import Access, allow
from service.api.context import ApiContext
from service.api.resource_router import ResourceRouter
from service.api.schemas.cleaning import CutsBody
from service.api.schemas.narrations import (
    NarrationCreatedBody,
    NarrationStatusBody,
    created_body,
    status_body,
)
from service.api.schemas.requests import NarrationRequestBody
from service.api.threads import ARTICLES, STATE, on_threads
from service.articles.takedown import withdraw_narration
from service.narrations.cleaning_reports import find_report, require_cuts
from service.narrations.requests import get_or_requeue, request_article
from workers.queue.jobs import State

Key = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]


def routes(context: ApiContext) -> APIRouter:
    """Return the routes below /v1/narrations, except the audio's."""
    router = ResourceRouter(prefix="/v1/narrations", tags=["narrations"])

    @router.post("", responses={HTTPStatus.ACCEPTED: {"model": NarrationCreatedBody}})
    @allow(Access.WRITE)
    @on_threads(ARTICLES)
    def post(
        body: NarrationRequestBody, request: Request, response: Response
    ) -> NarrationCreatedBody:
        """Request a narration of text or HTML: 200 if it is ready, else 202."""
        summary, status = request_article(
            body.request(),
            context.preparer,
            context.backend,
            body.priority,
            restore=body.restore,
        )
        created = created_body(summary, status, context.links(request))
        response.headers["Location"] = created.links.self
        response.headers["Cache-Control"] = "no-store"
        if status.job.state is not State.READY:
            response.status_code = HTTPStatus.ACCEPTED
        return created

    @router.get("/{key:stem}")
    @allow(Access.LISTENER)
    @on_threads(STATE)
    def get(key: Key, request: Request, response: Response) -> NarrationStatusBody:
        """Return a narration's state and progress."""
        response.headers["Cache-Control"] = "no-store"
        status = get_or_requeue(key, context.backend)
        report = find_report(context.database, key)
        return status_body(status, report, context.links(request))

    @router.get("/{key:stem}/cuts")
    @allow(Access.READ)
    @on_threads(STATE)
    def get_cuts(key: Key) -> CutsBody:
        """Return the lines that were cut from the text sent last for a narration."""
        context.archive.require_not_withdrawn(key)
        return CutsBody.of(require_cuts(find_report(context.database, key)))

    @router.delete("/{key:stem}", status_code=HTTPStatus.NO_CONTENT)
    @allow(Access.WRITE)
    @on_threads(STATE)
    def delete(key: Key) -> None:
        """Take a narration down: remove its audio and erase its text.

        It is refused from then on, unless requested with `"restore": true`.
        """
        withdraw_narration(key, context.backend)

    return router
