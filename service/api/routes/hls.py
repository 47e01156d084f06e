"""`/v1/narrations/{key}.m3u8`: HTTP Live Streaming, even while it is rendered."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from service.access.policy import Access, allow
from service.api.cache_tags import narration_tags
from service.api.context import ApiContext
from service.api.etags import content_response
from service.api.hls.playlist import write_playlist
from service.api.hls.source import HlsSource
from service.api.resource_router import ResourceRouter
from service.api.routes.narrations import Key
from service.api.streaming.response import IMMUTABLE

Number = Annotated[int, Path(ge=0, le=999_999)]

_PLAYLIST_TYPE = "application/vnd.apple.mpegurl"
_SEGMENT_TYPE = "audio/mpeg"
_GROWING = "no-store"
# Not immutable: a later release may write it differently.
_FINISHED = "public, max-age=86400"

_EXAMPLE = """#EXTM3U
#EXT-X-VERSION:3
#EXT-X-TARGETDURATION:4
#EXT-X-MEDIA-SEQUENCE:0
#EXT-X-PLAYLIST-TYPE:EVENT
#EXT-X-START:TIME-OFFSET=0
#EXTINF:3.996735,
0123456789abcdef0123456789abcdef/hls/0.mp3
#EXT-X-ENDLIST
"""


def routes(context: ApiContext) -> APIRouter:
    """Return the routes of the playlist and its segments."""
    router = ResourceRouter(prefix="/v1/narrations", tags=["narrations"])
    source = HlsSource(
        context.backend, context.live_streams, context.first_byte_timeout_s
    )

    @router.get(
        "/{key:stem}.m3u8",
        response_class=Response,
        responses={
            HTTPStatus.OK: {
                "content": {
                    _PLAYLIST_TYPE: {"schema": {"type": "string"}, "example": _EXAMPLE}
                }
            }
        },
    )
    @allow(Access.LISTENER)
    async def playlist(key: Key, request: Request) -> Response:
        """Return the HLS playlist; it grows until the narration is finished.

        Waits for the first segment, at most 30 seconds.
        """
        layout = await source.layout(key, request.is_disconnected)
        content = write_playlist(key, layout).encode()
        cache_control = _FINISHED if layout.is_finished else _GROWING
        headers = {"Cache-Control": cache_control} | narration_tags(key)
        return content_response(content, request.headers, headers, _PLAYLIST_TYPE)

    @router.get(
        "/{key:stem}/hls/{number}.mp3",
        response_class=Response,
        responses={
            HTTPStatus.OK: {"content": {_SEGMENT_TYPE: {"schema": {"type": "string"}}}}
        },
    )
    @allow(Access.LISTENER)
    async def segment(key: Key, number: Number, request: Request) -> Response:
        """Return a segment of the playlist: four seconds of MP3 with their time."""
        layout, content = await source.segment(key, number, request.is_disconnected)
        cache_control = IMMUTABLE if layout.is_finished else _GROWING
        headers = {"Cache-Control": cache_control} | narration_tags(key)
        return content_response(content, request.headers, headers, _SEGMENT_TYPE)

    return router
