"""Narrations are asked for and followed."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from service.api.context import ApiContext
from service.api.schemas import (
    NarrationBody,
    NarrationCreatedBody,
    NarrationRequestBody,
    cut_bodies,
    narration_body,
)
from service.narrations.requests import (
    get_or_requeue,
    request_narration,
    withdraw_narration,
)
from workers.queue.jobs import State

Key = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]


def routes(desk: ApiContext) -> APIRouter:
    """Return the routes below /v1/narrations, without the audio's."""
    router = APIRouter(prefix="/v1/narrations", tags=["narrations"])

    @router.post("", responses={HTTPStatus.ACCEPTED: {"model": NarrationCreatedBody}})
    def post(
        body: NarrationRequestBody, request: Request, response: Response
    ) -> NarrationCreatedBody:
        """Have text or HTML read: 200 when it is ready, 202 while it is made."""
        article = body.article(desk.selectors, desk.max_html)
        prepared = desk.studio.prepare(article, body.voice)
        if body.restore:
            desk.archive.restore(prepared.key)
        status = request_narration(prepared.order, desk.press, body.priority)
        shown = narration_body(status, desk.site(request)).model_dump()
        article = prepared.cleaned.article
        response.headers["Location"] = shown["links"]["self"]
        response.headers["Cache-Control"] = "no-store"
        if status.job.state is not State.READY:
            response.status_code = HTTPStatus.ACCEPTED
        shown |= {"title": article.title, "voice": prepared.voice.id}
        cuts = cut_bodies(prepared.cleaned.cuts)
        return NarrationCreatedBody(**shown, byline=article.byline, cuts=cuts)

    @router.get("/{key}")
    def get(key: Key, request: Request, response: Response) -> NarrationBody:
        """Tell how far a narration is."""
        response.headers["Cache-Control"] = "no-store"
        status = get_or_requeue(key, desk.press)
        return narration_body(status, desk.site(request))

    @router.delete("/{key}", status_code=HTTPStatus.NO_CONTENT)
    def delete(key: Key) -> None:
        """Take a narration down: its audio goes and every word of it is erased.

        It stays gone until it is asked for with `"restore": true`.
        """
        withdraw_narration(key, desk.press, desk.records)

    return router
