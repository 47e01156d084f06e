"""Articles by a publisher's own ids."""

from dataclasses import asdict
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from service.api.context import ApiContext
from service.api.schemas import ArticleBody, ArticleRequestBody, narration_body
from service.articles.publishing import (
    article_status,
    drop_article,
    new_revision,
    publish_article,
)
from service.articles.revisions import ArticleRevision, find_article
from service.narrations.links import Links
from service.narrations.status import NarrationStatus
from workers.queue.jobs import State

SourceId = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:~-]{0,127}$")]


def routes(context: ApiContext) -> APIRouter:
    """Return the routes below /v1/articles."""
    router = APIRouter(prefix="/v1/articles", tags=["articles"])

    @router.put("/{source_id}", responses={HTTPStatus.ACCEPTED: {"model": ArticleBody}})
    def put(
        source_id: SourceId,
        body: ArticleRequestBody,
        request: Request,
        response: Response,
    ) -> ArticleBody:
        """Keep an article and have it read; sending it again changes nothing."""
        sent = body.request()
        revision = new_revision(source_id, sent, context.preparer.prepare(sent))
        kept, status = publish_article(
            revision,
            context.backend,
            context.records,
            body.priority,
            restore=body.restore,
        )
        if status.job.state is not State.READY:
            response.status_code = HTTPStatus.ACCEPTED
        return _shown(kept, status, context.links(request))

    @router.get("/{source_id}")
    def get(source_id: SourceId, request: Request) -> ArticleBody:
        """Show an article and where its narration stands.

        One that nobody remembers, because Redis was emptied, is asked for again.
        """
        kept = find_article(source_id, context.records)
        return _shown(
            kept, article_status(kept, context.backend), context.links(request)
        )

    @router.delete("/{source_id}", status_code=HTTPStatus.NO_CONTENT)
    def delete(source_id: SourceId) -> None:
        """Remove an article; a narration that nobody else waits for is not made."""
        drop_article(source_id, context.backend, context.records)

    return router


def _shown(kept: ArticleRevision, status: NarrationStatus, links: Links) -> ArticleBody:
    fields = asdict(kept)
    shown = {name: fields[name] for name in ArticleBody.model_fields if name in fields}
    narration = narration_body(status, links)
    return ArticleBody(**shown, revision=kept.number, narration=narration)
