"""Tests of takedowns: erasure, restoring, effect on articles and jobs."""

import itertools
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest
from redis import Redis

from service.api import ApiContext
from service.articles.publishing import publish_article
from service.articles.revisions import find_article
from service.articles.takedown import withdraw_narration
from service.errors import ArticleNotFound, NarrationNotFound
from service.narrations.backend import NarrationBackend
from tests.support.databases.revisions import REVISION, new_revision
from tests.support.service import RunningService
from tests.support.storage import Nth, interrupted
from workers.errors import NarrationWithdrawn
from workers.narration import NarrationKey
from workers.queue.jobs import Lane, State

CANARY = "Zyxwquokka"

_counter = itertools.count(1)


def article(sentences: int = 2, word: str = CANARY) -> dict[str, object]:
    """Return an article that no other test has requested."""
    number = "very " * next(_counter)
    text = " ".join(
        f"The {word} ferry of pier {pier} is {number}late." for pier in range(sentences)
    )
    return {
        "text": f"By Ada {word}\n{text}",
        "source": "page",
        "title": f"{word} late",
        "byline": f"Ada {word}",
        "url": f"https://news.example/{word}",
    }


def files_with(word: str, service: RunningService) -> list[Path]:
    """Return every stored file that contains a word.

    Files of Redis are not searched: its log keeps the word until it is rewritten.
    """
    paths = [*service.data.glob("outspoken.db*"), *service.data.glob("library/**/*")]
    return [
        path for path in paths if path.is_file() and word.encode() in path.read_bytes()
    ]


def status_of(client: httpx2.Client, key: str) -> int:
    return client.get(f"/v1/narrations/{key}").status_code


@pytest.mark.live
def test_takedown_removes_audio_and_text(
    service: RunningService, client: httpx2.Client
) -> None:
    word = "Quokka"
    put = client.put("/v1/articles/withdrawn-1", json=article(word=word)).json()
    links, key = put["narration"]["links"], put["narration"]["key"]
    assert client.get(links["audio"]).status_code == 200
    assert word in put["cuts"][0]["text"]
    assert files_with(word, service)
    for _ in range(2):
        assert client.delete(links["self"]).status_code == 204
        assert files_with(word, service) == []
    for link in ("self", "audio"):
        refused = client.get(links[link])
        assert refused.status_code == 410
        assert refused.json()["type"] == "about:narration-withdrawn"
        assert refused.headers["Cache-Control"] == "no-store"
    shown = client.get("/v1/articles/withdrawn-1").json()
    assert shown["narration"]["state"] == "withdrawn"
    assert word not in str(shown)
    assert key not in client.get("/feeds/all.xml").text


@pytest.mark.live
def test_withdrawn_narration_returns_only_with_restore(
    service: RunningService, client: httpx2.Client
) -> None:
    word = "Wombat"
    sent = article(word=word)
    put = client.put("/v1/articles/withdrawn-2", json=sent).json()
    first = put["narration"]
    whole = client.get(first["links"]["audio"]).content
    client.delete(first["links"]["self"])
    refused = client.post("/v1/narrations", json=sent_as_text(sent))
    assert refused.status_code == 410
    assert client.put("/v1/articles/withdrawn-2", json=sent).status_code == 410
    assert files_with(word, service) == []
    restored = client.post(
        "/v1/narrations", json=sent_as_text(sent) | {"restore": True}
    )
    assert restored.json()["key"] == first["key"]
    assert client.get(first["links"]["audio"]).content == whole
    # The narration is restored, the metadata of the erased article is not.
    assert first["key"] not in client.get("/feeds/all.xml").text
    again = client.put("/v1/articles/withdrawn-2", json=sent)
    assert first["key"] in client.get("/feeds/all.xml").text
    assert (again.status_code, again.json()["narration"]["state"]) == (200, "ready")


def sent_as_text(sent: dict[str, object]) -> dict[str, object]:
    return {name: sent[name] for name in ("text", "title", "source")}


@pytest.mark.live
def test_takedown_while_rendering_leaves_nothing(
    service: RunningService, client: httpx2.Client
) -> None:
    word = "Numbat"
    put = client.put("/v1/articles/withdrawn-3", json=article(400, word)).json()
    links, key = put["narration"]["links"], put["narration"]["key"]
    with client.stream("GET", links["audio"]) as answer:
        chunks = answer.iter_raw()
        next(chunks)
        assert client.get(links["self"]).json()["state"] == "making"
        assert client.delete(links["self"]).status_code == 204
        with pytest.raises(httpx2.RemoteProtocolError):
            list(chunks)
    # The worker notices after a sentence and removes the segments it committed.
    while (service.data / "library" / ".segments" / key).exists():
        assert client.get(links["audio"]).status_code == 410
    assert files_with(word, service) == []


def state_of(context: ApiContext, key: str) -> State | None:
    job = context.backend.jobs.find(key)
    return job.state if job else None


def test_takedown_of_an_unknown_narration_is_404(
    idle_client: httpx2.Client,
) -> None:
    answer = idle_client.delete("/v1/narrations/" + "0" * 32)
    assert answer.status_code == 404
    assert answer.json()["type"] == "about:narration-not-found"


def test_takedown_of_a_queued_job_erases_its_text_from_redis(
    context: ApiContext, idle_client: httpx2.Client, redis: Redis
) -> None:
    put = idle_client.put("/v1/articles/a", json=article()).json()
    assert idle_client.delete(put["narration"]["links"]["self"]).status_code == 204
    assert state_of(context, put["narration"]["key"]) is State.CANCELLED
    for key in redis.scan_iter("outspoken:job:*"):
        assert CANARY not in str(redis.hgetall(key))


def test_removing_an_article_cancels_its_job(
    context: ApiContext, idle_client: httpx2.Client
) -> None:
    put = idle_client.put("/v1/articles/a", json=article()).json()
    assert idle_client.delete("/v1/articles/a").status_code == 204
    assert state_of(context, put["narration"]["key"]) is State.CANCELLED
    assert idle_client.get("/v1/articles/a").status_code == 404
    assert idle_client.delete("/v1/articles/a").status_code == 404


def test_job_with_another_claimant_is_not_cancelled(
    context: ApiContext, idle_client: httpx2.Client
) -> None:
    shared, posted = article(), article()
    put = idle_client.put("/v1/articles/a", json=shared).json()
    idle_client.put("/v1/articles/b", json=shared)
    idle_client.put("/v1/articles/c", json=posted)
    narration = idle_client.post("/v1/narrations", json=sent_as_text(posted)).json()
    idle_client.delete("/v1/articles/a")
    idle_client.delete("/v1/articles/c")
    assert state_of(context, put["narration"]["key"]) is State.QUEUED
    assert state_of(context, narration["key"]) is State.QUEUED
    idle_client.delete("/v1/articles/b")
    assert state_of(context, put["narration"]["key"]) is State.CANCELLED


def test_correcting_an_article_cancels_the_previous_job(
    context: ApiContext, idle_client: httpx2.Client
) -> None:
    first = idle_client.put("/v1/articles/a", json=article()).json()
    second = idle_client.put("/v1/articles/a", json=article()).json()
    assert state_of(context, first["narration"]["key"]) is State.CANCELLED
    assert state_of(context, second["narration"]["key"]) is State.QUEUED


@pytest.mark.parametrize("number", range(1, 10))
def test_article_put_during_a_takedown_is_erased_or_refused(
    context: ApiContext, number: int
) -> None:
    backend = context.backend
    new = new_revision(replace(REVISION, title=CANARY))
    steps = Nth(number, lambda: take_down(backend, new.revision.key))
    archive = interrupted(backend.archive, steps)
    withdrawn = False
    try:
        publish_article(new, NarrationBackend(archive, backend.queue))
    except NarrationWithdrawn:
        withdrawn = True
    if steps.steps < number:
        return
    assert backend.archive.is_withdrawn(new.revision.key)
    assert backend.archive.find_spec(new.revision.key) is None
    with suppress(ArticleNotFound):
        stored = find_article(REVISION.source_id, backend.database)
        assert (stored.erased, stored.title) == (True, None)
        return
    assert withdrawn


def take_down(backend: NarrationBackend, key: NarrationKey) -> None:
    with suppress(NarrationNotFound):  # before the article is known
        withdraw_narration(key, backend)
        return
    backend.archive.withdraw(key)


def test_reading_an_article_requeues_its_cancelled_job(
    context: ApiContext, idle_client: httpx2.Client
) -> None:
    put = idle_client.put("/v1/articles/a", json=article()).json()
    context.backend.jobs.cancel(put["narration"]["key"])
    shown = idle_client.get("/v1/articles/a").json()
    assert shown["narration"]["state"] == "queued"


def test_interactive_request_moves_a_bulk_job_to_the_interactive_lane(
    context: ApiContext, idle_client: httpx2.Client
) -> None:
    jobs = context.backend.jobs
    sent = article()
    put = idle_client.put("/v1/articles/a", json=sent | {"priority": "bulk"}).json()
    key = put["narration"]["key"]
    assert jobs.lane(key) is Lane.BULK
    idle_client.get("/v1/articles/a")
    assert jobs.lane(key) is Lane.BULK
    idle_client.post("/v1/narrations", json=sent_as_text(sent))
    assert jobs.lane(key) is Lane.INTERACTIVE
    wrong = idle_client.post("/v1/narrations", json={"text": "a", "priority": "soon"})
    assert wrong.status_code == 422


@pytest.mark.live
def test_evicted_narration_is_rendered_again_from_its_record(
    service: RunningService, client: httpx2.Client
) -> None:
    links = client.post("/v1/narrations", json=sent_as_text(article())).json()["links"]
    first = client.get(links["audio"])  # to its end: then it is finished
    sha256 = client.head(links["audio"]).headers["ETag"].strip('"')
    (stored,) = (service.data / "library").glob(f"*/{sha256}-*.mp3")
    stored.unlink()
    assert client.get(links["self"]).json()["state"] in {"queued", "making", "ready"}
    assert client.get(links["audio"]).content == first.content
