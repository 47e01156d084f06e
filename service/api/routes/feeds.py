"""`/feeds`: podcast feeds."""

from email.utils import format_datetime

from fastapi import APIRouter, Request, Response

from service.access.policy import Access, allow
from service.api.cache_tags import FEED_TAGS
from service.api.context import ApiContext
from service.api.etags import content_response
from service.api.resource_router import ResourceRouter
from service.api.threads import STATE, on_threads
from service.articles.listing import list_episodes
from service.feeds.rss import Channel, build_feed, last_modified

_FEED_EPISODES = 100
"""Episodes of a feed; podcast apps keep those that they have seen."""


def routes(context: ApiContext) -> APIRouter:
    """Return the routes below /feeds."""
    router = ResourceRouter(prefix="/feeds", tags=["feeds"])

    @router.get("/all.xml", response_class=Response)
    @allow(Access.PUBLIC)
    @on_threads(STATE)
    def get(request: Request) -> Response:
        """Return the newest articles that can be heard, as a podcast feed.

        Only its ETag is compared: the date stays when an article is taken down.
        """
        channel = Channel(context.publication, context.links(request))
        episodes = list_episodes(context.database, _FEED_EPISODES)
        feed = build_feed(channel, episodes)
        headers = {"Cache-Control": "public, max-age=60"} | FEED_TAGS
        if modified := last_modified(episodes):
            headers["Last-Modified"] = format_datetime(modified, usegmt=True)
        return content_response(feed, request.headers, headers, "application/rss+xml")

    return router
