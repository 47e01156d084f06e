"""`GET /v1/articles`: list articles by filters, in pages."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import AwareDatetime, BaseModel

from service.access.policy import Access, allow
from service.api.context import ApiContext
from service.api.resource_router import ResourceRouter
from service.api.schemas.articles import ArticleListBody, listed_body
from service.api.threads import STATE, on_threads
from service.articles.listing import ArticleFilter, Cursor, list_articles
from service.articles.status import listed_narrations
from workers.database.columns import now
from workers.storage.article_states import ArticleState

_PAGE_ARTICLES, _MAX_PAGE_ARTICLES = 50, 100


class ListQuery(BaseModel, extra="forbid"):
    """Filters of a list, and which page of it."""

    section: str | None = None
    tag: str | None = None
    author: str | None = None
    state: ArticleState | None = None
    published_from: AwareDatetime | None = None
    published_before: AwareDatetime | None = None
    public: Annotated[
        Literal[True] | None, Query(description="Only what anyone may hear now.")
    ] = None
    limit: Annotated[int, Query(ge=1, le=_MAX_PAGE_ARTICLES)] = _PAGE_ARTICLES
    cursor: Annotated[str | None, Query(max_length=400)] = None

    def filter(self) -> ArticleFilter:
        """Return the conditions."""
        return ArticleFilter(
            section=self.section,
            tag=self.tag,
            author=self.author,
            state=self.state,
            published_from=self.published_from,
            published_before=self.published_before,
            public_at=now() if self.public else None,
        )


def routes(context: ApiContext) -> APIRouter:
    """Return the route of the list."""
    router = ResourceRouter(prefix="/v1/articles", tags=["articles"])

    @router.get("")
    @allow(Access.READ)
    @on_threads(STATE)
    def get(
        query: Annotated[ListQuery, Query()], request: Request, response: Response
    ) -> ArticleListBody:
        """Return articles, newest first; `next` and `Link` lead to the next page.

        Narrations are not requested again, as `GET /v1/articles/{source_id}` does.
        """
        after = Cursor.decode(query.cursor) if query.cursor else None
        page = list_articles(context.database, query.filter(), query.limit, after)
        links = context.links(request)
        following = None
        if page.next:
            following = links.articles(
                request.url.include_query_params(cursor=page.next.encode()).query
            )
            response.headers["Link"] = f'<{following}>; rel="next"'
        bodies = [
            listed_body(
                listed.revision, listed_narrations(listed, context.backend), links
            )
            for listed in page.articles
        ]
        return ArticleListBody(articles=bodies, next=following)

    return router
