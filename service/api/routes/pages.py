"""What a browser shows: the front page and the feed's cover."""

from importlib.resources import files

from fastapi import APIRouter, Response

from service.api.context import ApiContext

_FILES = {
    "/": ("front.html", "text/html; charset=utf-8"),
    "/cover.png": ("cover.png", "image/png"),
    "/front.css": ("front.css", "text/css; charset=utf-8"),
    "/front.js": ("front.js", "text/javascript; charset=utf-8"),
}

_HEADERS = {
    "Cache-Control": "public, max-age=300",
    # Everything the page needs comes from here; nothing is loaded from elsewhere.
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
}


def routes(_: ApiContext) -> APIRouter:
    """Return the routes of the pages."""
    router = APIRouter(include_in_schema=False)
    folder = files("service.web")
    for path, (name, media_type) in _FILES.items():
        answer = Response(
            folder.joinpath(name).read_bytes(), headers=_HEADERS, media_type=media_type
        )
        router.add_api_route(path, lambda a=answer: a, methods=["GET", "HEAD"])
    return router
