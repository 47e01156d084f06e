"""`GET /` and its files: the front page and the feed's cover."""

from collections.abc import Callable, Coroutine, Mapping
from importlib.resources import files
from typing import NamedTuple

from fastapi import APIRouter, Response

from service.access.policy import Access, allow
from service.api.context import ApiContext
from service.api.resource_router import ResourceRouter

_SAME_ORIGIN_HEADERS = {
    "Cache-Control": "public, max-age=300",
    # The front page loads nothing from other sites, and they may not frame it.
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'self'",
}


class _Page(NamedTuple):
    file: str
    media_type: str
    headers: Mapping[str, str]


_PAGES = {
    "/": _Page("front.html", "text/html; charset=utf-8", _SAME_ORIGIN_HEADERS),
    "/cover.png": _Page("cover.png", "image/png", _SAME_ORIGIN_HEADERS),
    "/front.css": _Page("front.css", "text/css; charset=utf-8", _SAME_ORIGIN_HEADERS),
    "/front.js": _Page(
        "front.js", "text/javascript; charset=utf-8", _SAME_ORIGIN_HEADERS
    ),
}
"""Each page by its path, with its own security headers: an embedded page would have to
allow framing."""


def routes(_: ApiContext) -> APIRouter:
    """Return the routes of the pages."""
    router = ResourceRouter(include_in_schema=False)
    folder = files("service.web")
    for path, page in _PAGES.items():
        answer = Response(
            folder.joinpath(page.file).read_bytes(),
            headers=page.headers,
            media_type=page.media_type,
        )
        router.add_api_route(path, _answering(answer), methods=["GET"])
    return router


def _answering(answer: Response) -> Callable[[], Coroutine[None, None, Response]]:
    @allow(Access.PUBLIC)
    async def answer_at_once() -> Response:
        return answer

    return answer_at_once
