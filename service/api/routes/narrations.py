"""`/v1/narrations`: request, status and takedown of narrations."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from service.api.context import ApiContext
from service.api.schemas import (
    NarrationBody,
    NarrationCreatedBody,
    NarrationRequestBody,
    created_body,
    narration_body,
)
from service.articles.takedown import withdraw_narration
from service.narrations.requests import get_or_requeue, request_narration
from workers.queue.jobs import State

Key = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]


def routes(context: ApiContext) -> APIRouter:
    """Return the routes below /v1/narrations, except the audio's."""
    router = APIRouter(prefix="/v1/narrations", tags=["narrations"])

    @router.post("", responses={HTTPStatus.ACCEPTED: {"model": NarrationCreatedBody}})
    def post(
        body: NarrationRequestBody, request: Request, response: Response
    ) -> NarrationCreatedBody:
        """Request a narration of text or HTML: 200 if it is ready, else 202."""
        prepared = context.preparer.prepare(body.request())
        status = request_narration(
            prepared.spec, context.backend, body.priority, restore=body.restore
        )
        created = created_body(prepared, status, context.links(request))
        response.headers["Location"] = created.links.self
        response.headers["Cache-Control"] = "no-store"
        if status.job.state is not State.READY:
            response.status_code = HTTPStatus.ACCEPTED
        return created

    @router.get("/{key}")
    def get(key: Key, request: Request, response: Response) -> NarrationBody:
        """Return a narration's state and progress."""
        response.headers["Cache-Control"] = "no-store"
        status = get_or_requeue(key, context.backend)
        return narration_body(status, context.links(request))

    @router.delete("/{key}", status_code=HTTPStatus.NO_CONTENT)
    def delete(key: Key) -> None:
        """Take a narration down: remove its audio and erase its text.

        It is refused from then on, unless requested with `"restore": true`.
        """
        withdraw_narration(key, context.backend, context.records)

    return router
