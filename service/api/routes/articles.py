"""Articles by a publisher's own ids."""

from dataclasses import asdict
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from service.api.context import ApiContext
from service.api.schemas import ArticleBody, ArticleRequestBody, narration_body
from service.articles.publishing import article_status, drop_article, publish_article
from service.articles.revisions import ArticleRevision, find_article
from service.narrations.requests import NarrationStatus
from service.preparation import PreparedArticle
from workers.queue.jobs import State

SourceId = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:~-]{0,127}$")]


def routes(desk: ApiContext) -> APIRouter:
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
        article = body.article(desk.selectors, desk.max_html)
        prepared = desk.studio.prepare(article, body.voice)
        if body.restore:
            desk.archive.restore(prepared.key)
        revision = _revision(source_id, body, prepared)
        kept, status = publish_article(
            revision, desk.press, desk.records, body.priority
        )
        if status.job.state is not State.READY:
            response.status_code = HTTPStatus.ACCEPTED
        return _shown(kept, status, desk.site(request))

    @router.get("/{source_id}")
    def get(source_id: SourceId, request: Request) -> ArticleBody:
        """Show an article and where its narration stands.

        One that nobody remembers, because Redis was emptied, is asked for again.
        """
        kept = find_article(source_id, desk.records)
        return _shown(kept, article_status(kept, desk.press), desk.site(request))

    @router.delete("/{source_id}", status_code=HTTPStatus.NO_CONTENT)
    def delete(source_id: SourceId) -> None:
        """Remove an article; a narration that nobody else waits for is not made."""
        drop_article(source_id, desk.press, desk.records)

    return router


def _revision(
    source_id: str, body: ArticleRequestBody, prepared: PreparedArticle
) -> ArticleRevision:
    article = prepared.cleaned.article
    return ArticleRevision(
        source_id=source_id,
        title=article.title,
        key=prepared.key,
        voice=prepared.voice.id,
        script=prepared.script,
        received=datetime.now(UTC).isoformat(timespec="seconds"),
        byline=article.byline,
        section=body.section,
        tags=body.tags,
        published=article.published,
        modified=body.modified.isoformat() if body.modified else None,
        url=str(body.url) if body.url else article.url,
        image=str(body.image) if body.image else article.image,
        summary=article.paragraphs[0],
    )


def _shown(kept: ArticleRevision, status: NarrationStatus, site: str) -> ArticleBody:
    fields = asdict(kept)
    shown = {name: fields[name] for name in ArticleBody.model_fields if name in fields}
    narration = narration_body(status, site)
    return ArticleBody(**shown, revision=kept.number, narration=narration)
