"""Build the ASGI application."""

from importlib.metadata import version

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from service.api.context import ApiContext
from service.api.middleware.body_limit import BodyLimit
from service.api.middleware.host_check import HostCheck
from service.api.middleware.request_metrics import RequestMetrics
from service.api.middleware.security_headers import SecurityHeaders
from service.api.openapi import describe_keys
from service.api.problems import install_problem_handlers
from service.api.routes import (
    article_list,
    article_narration,
    article_review,
    articles,
    audio,
    captions,
    feeds,
    health,
    hls,
    narrations,
    pages,
    voices,
)


def create_app(context: ApiContext) -> FastAPI:
    """Return the API, with its dependencies from `context`."""
    app = FastAPI(
        title="Outspoken",
        version=version("outspoken"),
        # FastAPI's own pages load scripts from another site; /openapi.json is enough.
        docs_url=None,
        redoc_url=None,
    )
    app.add_middleware(
        BodyLimit, limit=context.max_body, timeout_s=context.request_timeout_s
    )
    if context.is_on_loopback:
        app.add_middleware(HostCheck, hosts=context.public_hosts)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=context.origins,
        # Every page may listen; only pages of named origins may write.
        allow_methods=["GET", "HEAD"] if "*" in context.origins else ["*"],
        allow_headers=["*"],
        expose_headers=["Accept-Ranges", "Content-Length", "Content-Range", "ETag"],
    )
    # Added last, these are outermost, so the responses of the others are counted and
    # have the headers too.
    app.add_middleware(SecurityHeaders)
    app.add_middleware(RequestMetrics, metrics=context.metrics)
    install_problem_handlers(app)
    for resource in (
        audio,
        captions,
        hls,
        narrations,
        article_list,
        article_narration,
        article_review,
        articles,
        voices,
        feeds,
        pages,
        health,
    ):
        app.include_router(resource.routes(context))
    describe_keys(app)
    return app
