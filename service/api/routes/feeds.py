"""`/feeds`: podcast feeds."""

from fastapi import APIRouter, Request, Response

from service.api.context import ApiContext
from service.articles.approvals import list_published
from service.feeds.rss import Channel, build_feed, find_episodes


def routes(context: ApiContext) -> APIRouter:
    """Return the routes below /feeds."""
    router = APIRouter(prefix="/feeds", tags=["feeds"])

    @router.head("/all.xml", response_class=Response)
    @router.get("/all.xml", response_class=Response)
    def get(request: Request) -> Response:
        """Return every published article that has audio as a podcast feed."""
        channel = Channel(context.publication, context.links(request))
        episodes = find_episodes(list_published(context.records), context.archive)
        headers = {"Cache-Control": "public, max-age=60"}
        return Response(
            build_feed(channel, episodes),
            headers=headers,
            media_type="application/rss+xml",
        )

    return router
