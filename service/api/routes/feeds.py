"""`/feeds`: podcast feeds."""

from fastapi import APIRouter, Request, Response

from service.api.context import ApiContext
from service.api.resource_router import ResourceRouter
from service.api.threads import STATE, on_threads
from service.articles.listing import list_episodes
from service.feeds.rss import Channel, build_feed

_FEED_EPISODES = 100
"""Episodes of a feed; podcast apps keep those that they have seen."""


def routes(context: ApiContext) -> APIRouter:
    """Return the routes below /feeds."""
    router = ResourceRouter(prefix="/feeds", tags=["feeds"])

    @router.get("/all.xml", response_class=Response)
    @on_threads(STATE)
    def get(request: Request) -> Response:
        """Return the newest articles that can be heard, as a podcast feed."""
        channel = Channel(context.publication, context.links(request))
        episodes = list_episodes(context.database, _FEED_EPISODES)
        headers = {"Cache-Control": "public, max-age=60"}
        return Response(
            build_feed(channel, episodes),
            headers=headers,
            media_type="application/rss+xml",
        )

    return router
