"""`/v1/narrations/{key}.mp3`: the audio, even while it is rendered."""

from fastapi import APIRouter, Request, Response

from service.access.policy import Access, allow
from service.api.cache_tags import narration_tags
from service.api.context import ApiContext
from service.api.resource_router import ResourceRouter
from service.api.routes.narrations import Key
from service.api.streaming.playback import find_or_join
from service.api.streaming.response import (
    file_response,
    live_response,
    redirect_response,
)
from service.api.streaming.subscribers import Subscriber
from workers.narration import NarrationRecord


def routes(context: ApiContext) -> APIRouter:
    """Return the route of the MP3."""
    router = ResourceRouter(prefix="/v1/narrations", tags=["narrations"])

    @router.get("/{key:stem}.mp3", response_class=Response)
    @allow(Access.LISTENER)
    async def audio(key: Key, request: Request) -> Response:
        """Return the MP3: by range once it is finished, else while it is rendered.

        With OUTSPOKEN_REDIRECT_AUDIO the finished file is fetched from the library.

        A narration that is queued is waited for, at most 30 seconds.
        """
        source = await find_or_join(
            key,
            context.backend,
            context.live_streams,
            context.first_byte_timeout_s,
            request.is_disconnected,
        )
        response = await respond(source, request)
        response.headers.update(narration_tags(key))
        return response

    async def respond(
        source: NarrationRecord | Subscriber, request: Request
    ) -> Response:
        if isinstance(source, Subscriber):
            return live_response(source, request)
        if context.redirect_audio:
            signed = await redirect_response(context.archive, source, request)
            if signed:
                return signed
        return await file_response(context.archive, source, request)

    return router
