"""Every route of the API, with addresses that can be asked for."""

import importlib
import pkgutil
from collections import defaultdict

from fastapi.routing import APIRoute

import service.api.routes
from service.api import ApiContext
from tests.support.api.live_stream import KEY, PARTS, SPEC, narration_of
from tests.support.databases.revisions import REVISION, put

AUDIO = f"/v1/narrations/{KEY}.mp3"
ARTICLE = f"/v1/articles/{REVISION.source_id}"
FEED = "/feeds/all.xml"

METHODS = ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")
WRITES = ("DELETE", "PATCH", "POST", "PUT")


def routes_of(context: ApiContext) -> list[APIRoute]:
    """Return the routes of all resources."""
    modules = [
        importlib.import_module(f"service.api.routes.{found.name}")
        for found in pkgutil.iter_modules(service.api.routes.__path__)
    ]
    routes = [
        route
        for module in modules
        for route in module.routes(context).routes
        if isinstance(route, APIRoute)
    ]
    assert len(routes) > len(modules)
    return routes


def addresses_of(context: ApiContext) -> dict[str, set[str]]:
    """Return the methods of every address, of the article of `store_article`."""
    methods: dict[str, set[str]] = defaultdict(set)
    methods["/openapi.json"] = {"GET", "HEAD"}
    for route in routes_of(context):
        path = route.path_format.format(key=KEY, source_id=REVISION.source_id, number=0)
        methods[path] |= route.methods or set()
    return methods


def store_article(context: ApiContext) -> None:
    """Store an article with a finished narration."""
    # First, for the first script of a narration is the one that is stored.
    context.archive.store(SPEC, narration_of(*PARTS))
    put(context.database, key=KEY)
