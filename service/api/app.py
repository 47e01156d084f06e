"""The application is put together."""

from importlib.metadata import version

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from service.api.context import Desk
from service.api.middleware.body_limit import BodyLimit
from service.api.middleware.request_metrics import Counting
from service.api.problems import explain_problems
from service.api.routes import articles, audio, feeds, health, narrations, pages, voices


def create_app(desk: Desk) -> FastAPI:
    """Return the API over what `desk` holds."""
    app = FastAPI(
        title="Outspoken",
        version=version("outspoken"),
        # FastAPI's own pages load scripts from another site; /openapi.json is enough.
        docs_url=None,
        redoc_url=None,
    )
    app.add_middleware(BodyLimit, limit=desk.max_body)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=desk.origins,
        # Any page may listen; only the named ones may write.
        allow_methods=["GET", "HEAD"] if "*" in desk.origins else ["*"],
        allow_headers=["*"],
        expose_headers=["Accept-Ranges", "Content-Length", "Content-Range", "ETag"],
    )
    # The last is the outermost: what the others answer is counted too.
    app.add_middleware(Counting, metrics=desk.metrics)
    explain_problems(app)
    for resource in (audio, narrations, articles, voices, feeds, pages, health):
        app.include_router(resource.routes(desk))
    return app
