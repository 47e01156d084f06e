"""Tests of articles that wait for approval: nothing is narrated before it."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import httpx2
import pytest

from service.api import ApiContext
from service.articles.approvals import add_approval
from service.articles.listing import iter_narrated, list_episodes
from service.articles.publishing import approve_article, drop_article, publish_article
from service.articles.reindex import reindex
from service.articles.revision import NewRevision
from service.articles.revisions import find_article
from service.errors import ArticleNotFound, RevisionOutdated
from service.narrations.backend import NarrationBackend
from tests.support.api.server import answering
from tests.support.databases.revisions import REVISION, new_revision
from tests.support.scripts import script_of
from tests.support.storage import Nth, interrupted
from voices.tone import TONE
from workers.narration import Narration, narration_key
from workers.queue.jobs import State
from workers.storage.article_states import ArticleState

EVERY_ARTICLE = 1.01
"""A confidence that no cleaning reaches."""

SHORT_PAGE = (
    "The harbour ferry is late, the council said on Monday evening.",
    "Passengers waited on the quay in the rain for most of the afternoon.",
)
SENT = {"text": "The ferry is late.\nIt sails at noon.", "title": "Late"}


@pytest.fixture(name="context")
def _context(context: ApiContext) -> ApiContext:
    """An API without workers, where every article waits for approval."""
    return replace(context, approval_below=EVERY_ARTICLE)


def approve(client: httpx2.Client, revision: int) -> httpx2.Response:
    return client.post("/v1/articles/a/approval", json={"revision": revision})


def test_article_that_waits_for_approval_is_stored_and_not_narrated(
    context: ApiContext, idle_client: httpx2.Client
) -> None:
    put = idle_client.put("/v1/articles/a", json=SENT)
    assert put.status_code == 202
    narration = put.json()["narration"]
    assert narration["state"] == "awaiting-approval"
    assert narration["progress"] == {"done": 0, "total": 3}
    for _ in range(2):
        shown = idle_client.get("/v1/articles/a").json()
        assert (shown["title"], shown["narration"]) == ("Late", narration)
    assert idle_client.get(narration["links"]["self"]).status_code == 404
    assert context.backend.jobs.find(narration["key"]) is None


def test_approval_requests_the_narration_once(
    context: ApiContext, idle_client: httpx2.Client
) -> None:
    put = idle_client.put("/v1/articles/a", json=SENT).json()
    key = put["narration"]["key"]
    for _ in range(2):
        approved = idle_client.post(put["links"]["approval"], json={"revision": 1})
        assert approved.status_code == 202
        assert approved.json()["narration"]["state"] == "queued"
    assert idle_client.get("/v1/articles/a").json()["narration"]["state"] == "queued"
    # The article claims the job: its removal cancels it.
    idle_client.delete("/v1/articles/a")
    assert not context.backend.jobs.is_live(key)


def test_approved_article_that_is_sent_again_does_not_wait(
    idle_client: httpx2.Client,
) -> None:
    idle_client.put("/v1/articles/a", json=SENT)
    approve(idle_client, 1)
    again = idle_client.put("/v1/articles/a", json=SENT | {"section": "Sea"}).json()
    assert (again["revision"], again["narration"]["state"]) == (2, "queued")


def test_corrected_article_waits_again(
    context: ApiContext, idle_client: httpx2.Client
) -> None:
    first = idle_client.put("/v1/articles/a", json=SENT).json()["narration"]["key"]
    approve(idle_client, 1)
    corrected = idle_client.put("/v1/articles/a", json=SENT | {"title": "Later"}).json()
    assert corrected["narration"]["state"] == "awaiting-approval"
    job = context.backend.jobs.find(first)
    assert job
    assert job.state is State.CANCELLED


def test_outdated_revision_cannot_be_approved(idle_client: httpx2.Client) -> None:
    idle_client.put("/v1/articles/a", json=SENT)
    idle_client.put("/v1/articles/a", json=SENT | {"title": "Later"})
    refused = approve(idle_client, 1)
    assert refused.status_code == 409
    assert refused.json()["type"] == "about:revision-outdated"
    assert "revision 2" in refused.json()["detail"]
    state = idle_client.get("/v1/articles/a").json()["narration"]["state"]
    assert state == "awaiting-approval"


def test_approval_of_an_unknown_article_is_404(idle_client: httpx2.Client) -> None:
    assert approve(idle_client, 1).status_code == 404


def test_withdrawn_narration_cannot_be_approved(idle_client: httpx2.Client) -> None:
    put = idle_client.put("/v1/articles/a", json=SENT).json()
    idle_client.delete(put["narration"]["links"]["self"])
    assert approve(idle_client, 1).status_code == 410
    shown = idle_client.get("/v1/articles/a").json()
    assert shown["narration"]["state"] == "withdrawn"


def test_narration_that_is_requested_directly_does_not_wait(
    idle_client: httpx2.Client,
) -> None:
    idle_client.put("/v1/articles/a", json=SENT)
    assert idle_client.post("/v1/narrations", json=SENT).json()["state"] == "queued"
    state = idle_client.get("/v1/articles/a").json()["narration"]["state"]
    assert state == "awaiting-approval"


def test_only_an_article_in_doubt_waits(context: ApiContext) -> None:
    html = "".join(f"<p>{line}</p>" for line in SHORT_PAGE)
    with answering(replace(context, approval_below=0.9)) as client:
        page = client.put("/v1/articles/a", json={"html": html, "source": "page"})
        assert page.json()["confidence"] < 0.9
        assert page.json()["narration"]["state"] == "awaiting-approval"
        alone = client.put("/v1/articles/a", json={"html": html, "source": "article"})
        assert alone.json()["confidence"] > 0.9
        assert alone.json()["narration"]["state"] == "queued"


def test_confident_article_does_not_wait(context: ApiContext) -> None:
    with answering(replace(context, approval_below=0.0)) as client:
        put = client.put("/v1/articles/a", json=SENT).json()
        assert put["narration"]["state"] == "queued"
        approved = client.post(put["links"]["approval"], json={"revision": 1}).json()
        assert approved["narration"] == put["narration"]


def test_reindex_does_not_queue_an_article_that_waits(
    context: ApiContext, idle_client: httpx2.Client
) -> None:
    idle_client.put("/v1/articles/a", json=SENT)
    assert reindex(context.backend).articles == 0
    approve(idle_client, 1)
    assert reindex(context.backend).queued == 1


def test_removed_article_that_is_sent_again_waits_again(
    idle_client: httpx2.Client,
) -> None:
    idle_client.put("/v1/articles/a", json=SENT)
    approve(idle_client, 1)
    idle_client.delete("/v1/articles/a")
    again = idle_client.put("/v1/articles/a", json=SENT).json()
    assert again["narration"]["state"] == "awaiting-approval"


def revision(title: str, *, approval_required: bool = True) -> NewRevision:
    script = script_of(title, "The ferry is late.")
    return new_revision(
        replace(
            REVISION,
            title=title,
            key=narration_key(script, TONE),
            approval_required=approval_required,
        )
    )


def test_article_that_waits_is_not_published(context: ApiContext) -> None:
    backend = context.backend
    waiting = publish_article(revision("Late"), backend).revision
    archive = backend.archive
    archive.store(revision("Late").spec, Narration(b"mp3", (), 1, 1, "tone", True))  # noqa: FBT003 - repeatable
    assert list_episodes(context.database, 10) == []
    assert list(iter_narrated(context.database, 10)) == []
    with context.database.write() as connection:
        add_approval(connection, waiting.source_id, waiting.number)
    (episode,) = list_episodes(context.database, 10)
    assert episode.article == replace(
        waiting, state=ArticleState.READY, playing=waiting.key
    )
    assert list(iter_narrated(context.database, 10)) == [episode.article]


def correct(*, waits: bool) -> Callable[[NarrationBackend], object]:
    corrected = revision("Corrected", approval_required=waits)
    return lambda backend: publish_article(corrected, backend)


def remove(backend: NarrationBackend) -> None:
    drop_article(REVISION.source_id, backend)


@pytest.mark.parametrize("number", range(1, 16))
@pytest.mark.parametrize(
    "request_between", [correct(waits=True), correct(waits=False), remove]
)
def test_approval_that_races_with_a_change_leaves_no_job_of_the_old_text(
    context: ApiContext,
    number: int,
    request_between: Callable[[NarrationBackend], object],
) -> None:
    backend = context.backend
    stored = publish_article(revision("First"), backend).revision
    steps = Nth(number, lambda: request_between(backend))
    archive = interrupted(backend.archive, steps)
    with suppress(ArticleNotFound, RevisionOutdated):
        approve_article(
            stored.source_id, stored.number, NarrationBackend(archive, backend.queue)
        )
    if steps.steps < number:  # the approval has fewer steps
        request_between(backend)
    assert not backend.jobs.is_live(stored.key)
    with suppress(ArticleNotFound):
        assert find_article(stored.source_id, backend.database).key != stored.key
