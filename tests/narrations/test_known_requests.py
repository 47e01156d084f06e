"""Known requests: a repeated text is prepared once, and forgotten when withdrawn."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import httpx2
import pytest

from service.api import ApiContext
from service.cleaning.report import CleaningReport
from service.narrations.known_requests import KnownRequests
from service.narrations.requests import request_article
from service.preparation import (
    ArticlePreparer,
    ArticleRequest,
    PreparedArticle,
    PreparedSummary,
)
from workers.errors import NarrationWithdrawn
from workers.narration import Narration
from workers.queue.jobs import State

FERRY = ArticleRequest(
    text="The harbour ferry is late, the council said.", title="Late"
)


def summary_of(key: str, title: str = "Late") -> PreparedSummary:
    return PreparedSummary(key, "tone", title, None, CleaningReport((), 1, ()))


def test_an_equal_request_is_known_and_no_other() -> None:
    known = KnownRequests()
    known.remember(FERRY, summary_of("a"))
    assert known.find(replace(FERRY)) == summary_of("a")
    for other in ({"title": "Later"}, {"text": "Late."}, {"voice": "tone"}):
        assert known.find(replace(FERRY, **other)) is None  # type: ignore[arg-type]  # fields


def test_the_least_recently_used_request_is_forgotten() -> None:
    known = KnownRequests(max_characters=450)
    requests = [replace(FERRY, title=str(number)) for number in range(4)]
    for request in requests[:3]:
        known.remember(request, summary_of("a" * 32))
    assert known.find(requests[0])
    known.remember(requests[3], summary_of("a" * 32))
    assert [known.find(request) is not None for request in requests] == [
        True,
        False,
        True,
        True,
    ]


def test_a_summary_longer_than_all_is_not_remembered() -> None:
    known = KnownRequests(max_characters=450)
    known.remember(FERRY, summary_of("a", title="Late" * 200))
    assert known.find(FERRY) is None
    known.remember(FERRY, summary_of("a"))
    assert known.find(FERRY)


def test_all_requests_of_a_narration_are_forgotten_with_it() -> None:
    known = KnownRequests()
    for key, title in (("a", "1"), ("b", "2"), ("a", "3")):
        known.remember(replace(FERRY, title=title), summary_of(key))
    known.forget("a")
    found = [known.find(replace(FERRY, title=title)) for title in "123"]
    assert found == [None, summary_of("b"), None]


@dataclass(frozen=True)
class CountingPreparer:
    """Counts the articles that a preparer prepares."""

    preparer: ArticlePreparer
    prepared: list[PreparedArticle]

    def prepare(self, request: ArticleRequest) -> PreparedArticle:
        self.prepared.append(self.preparer.prepare(request))
        return self.prepared[-1]


@pytest.fixture(name="preparer")
def _preparer(context: ApiContext) -> CountingPreparer:
    return CountingPreparer(context.preparer, [])


Post = Callable[[], tuple[PreparedSummary, State]]


@pytest.fixture(name="post")
def _post(context: ApiContext, preparer: CountingPreparer) -> Post:
    def post() -> tuple[PreparedSummary, State]:
        summary, status = request_article(FERRY, preparer, context.backend)  # type: ignore[arg-type]  # has its method
        return summary, status.job.state

    return post


def test_a_stored_narration_is_prepared_once(
    context: ApiContext, preparer: CountingPreparer, post: Post
) -> None:
    first, state = post()
    assert state is State.QUEUED
    assert post() == (first, State.QUEUED)
    assert len(preparer.prepared) == 2
    narration = Narration(b"mp3", (), 1, 1, "tone", repeatable=True)
    context.archive.store(preparer.prepared[0].spec, narration)
    for _ in range(3):
        assert post() == (first, State.READY)
    assert len(preparer.prepared) == 2


def test_a_withdrawn_narration_is_refused_and_its_text_forgotten(
    context: ApiContext, idle_client: httpx2.Client, post: Post
) -> None:
    summary, _ = post()
    idle_client.delete(f"/v1/narrations/{summary.key}")
    assert context.backend.known_requests.find(FERRY) is None
    with pytest.raises(NarrationWithdrawn):
        post()
    assert context.backend.known_requests.find(FERRY) is None
