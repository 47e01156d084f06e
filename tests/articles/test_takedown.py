"""What is taken down is gone, with every word of it, until it is restored."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from redis import Redis

from service.api import ApiContext
from service.articles.publishing import publish_article
from service.articles.revisions import ArticleRevision, erase_text
from service.narrations.backend import NarrationBackend
from tests.support.api_server import answering, context_of
from tests.support.service import RunningService
from voices.sentence import Script
from voices.tone import TONE
from workers.errors import NarrationWithdrawn
from workers.narration import narration_key
from workers.queue.jobs import Lane, State
from workers.storage.archive import Archive, audio_name
from workers.storage.blobs import memory_library
from workers.storage.records import Document, MemoryRecords

CANARY = "Zyxwquokka"

_fresh = itertools.count(1)


def article(sentences: int = 2, word: str = CANARY) -> dict[str, object]:
    """Return an article that was not requested before."""
    number = "very " * next(_fresh)
    text = " ".join(
        f"The {word} ferry of pier {pier} is {number}late." for pier in range(sentences)
    )
    return {
        "text": text,
        "title": f"{word} late",
        "byline": f"Ada {word}",
        "url": f"https://news.example/{word}",
    }


def files_with(word: str, service: RunningService) -> list[Path]:
    """Return every file that is kept and has a word of an article in it.

    The broker's own file is not among them: it forgets when it is written anew.
    """
    kept = [*service.data.glob("records/**/*"), *service.data.glob("library/**/*")]
    there = [file for file in kept if file.is_file()]
    return [file for file in there if word.encode() in file.read_bytes()]


def status_of(client: httpx2.Client, key: str) -> int:
    return client.get(f"/v1/narrations/{key}").status_code


@pytest.mark.live
def test_what_is_taken_down_is_gone_with_every_word(
    service: RunningService, client: httpx2.Client
) -> None:
    word = "Quokka"
    put = client.put("/v1/articles/withdrawn-1", json=article(word=word)).json()
    links, key = put["narration"]["links"], put["narration"]["key"]
    assert client.get(links["audio"]).status_code == 200
    assert files_with(word, service)
    for _ in range(2):
        assert client.delete(links["self"]).status_code == 204
        assert files_with(word, service) == []
    for link in ("self", "audio"):
        gone = client.get(links[link])
        assert gone.status_code == 410
        assert gone.json()["type"] == "about:narration-withdrawn"
        assert gone.headers["Cache-Control"] == "no-store"
    shown = client.get("/v1/articles/withdrawn-1").json()
    assert shown["narration"]["state"] == "withdrawn"
    assert word not in str(shown)
    assert key not in client.get("/feeds/all.xml").text


@pytest.mark.live
def test_what_is_taken_down_comes_back_only_on_purpose(
    service: RunningService, client: httpx2.Client
) -> None:
    word = "Wombat"
    sent = article(word=word)
    kept = client.put("/v1/articles/withdrawn-2", json=sent).json()
    first = kept["narration"]
    whole = client.get(first["links"]["audio"]).content
    client.delete(first["links"]["self"])
    again = client.post("/v1/narrations", json=sent_as_text(sent))
    assert again.status_code == 410
    assert client.put("/v1/articles/withdrawn-2", json=sent).status_code == 410
    assert files_with(word, service) == []
    back = client.post("/v1/narrations", json=sent_as_text(sent) | {"restore": True})
    assert back.json()["key"] == first["key"]
    assert client.get(first["links"]["audio"]).content == whole
    # Restored by its text, an article that was erased before is no episode.
    assert first["key"] not in client.get("/feeds/all.xml").text
    put = client.put("/v1/articles/withdrawn-2", json=sent)
    assert first["key"] in client.get("/feeds/all.xml").text
    assert (put.status_code, put.json()["narration"]["state"]) == (200, "ready")


def sent_as_text(sent: dict[str, object]) -> dict[str, object]:
    return {name: sent[name] for name in ("text", "title")}


@pytest.mark.live
def test_what_is_taken_down_while_it_is_made_leaves_nothing(
    service: RunningService, client: httpx2.Client
) -> None:
    word = "Numbat"
    put = client.put("/v1/articles/withdrawn-3", json=article(400, word)).json()
    links, key = put["narration"]["links"], put["narration"]["key"]
    with client.stream("GET", links["audio"]) as answer:
        sound = answer.iter_raw()
        next(sound)
        assert client.get(links["self"]).json()["state"] == "making"
        assert client.delete(links["self"]).status_code == 204
        with pytest.raises(httpx2.RemoteProtocolError):
            list(sound)
    # Its worker learns it after a sentence, and takes away what it still committed.
    while list(service.data.glob(f"library/.segments/{key}/**/*")):
        assert client.get(links["audio"]).status_code == 410
    assert files_with(word, service) == []
    assert not list((service.data / "records" / "narrations").glob(f"{key}*"))


@pytest.fixture(name="context")
def _context(tmp_path: Path, broker: str, redis: Redis) -> ApiContext:
    assert redis.dbsize() == 0
    return context_of(tmp_path / "data", broker)


@pytest.fixture(name="lone")
def _lone(context: ApiContext) -> Iterator[httpx2.Client]:
    """A client of an API without workers: what is ordered stays queued."""
    with answering(context) as client:
        yield client


def state_of(context: ApiContext, key: str) -> State | None:
    job = context.backend.jobs.find(key)
    return job.state if job else None


def test_what_nobody_knows_cannot_be_taken_down(lone: httpx2.Client) -> None:
    answer = lone.delete("/v1/narrations/" + "0" * 32)
    assert answer.status_code == 404
    assert answer.json()["type"] == "about:narration-not-found"


def test_what_waits_is_taken_down_with_its_words_in_the_queue(
    context: ApiContext, lone: httpx2.Client, redis: Redis
) -> None:
    put = lone.put("/v1/articles/a", json=article()).json()
    assert lone.delete(put["narration"]["links"]["self"]).status_code == 204
    assert state_of(context, put["narration"]["key"]) is State.CANCELLED
    for key in redis.scan_iter("outspoken:job:*"):
        assert CANARY not in str(redis.hgetall(key))


def test_an_article_that_is_removed_is_not_made(
    context: ApiContext, lone: httpx2.Client
) -> None:
    put = lone.put("/v1/articles/a", json=article()).json()
    assert lone.delete("/v1/articles/a").status_code == 204
    assert state_of(context, put["narration"]["key"]) is State.CANCELLED
    assert lone.get("/v1/articles/a").status_code == 404
    assert lone.delete("/v1/articles/a").status_code == 404


def test_what_another_article_or_somebody_waits_for_is_made(
    context: ApiContext, lone: httpx2.Client
) -> None:
    shared, posted = article(), article()
    put = lone.put("/v1/articles/a", json=shared).json()
    lone.put("/v1/articles/b", json=shared)
    lone.put("/v1/articles/c", json=posted)
    narration = lone.post("/v1/narrations", json=sent_as_text(posted)).json()
    lone.delete("/v1/articles/a")
    lone.delete("/v1/articles/c")
    assert state_of(context, put["narration"]["key"]) is State.QUEUED
    assert state_of(context, narration["key"]) is State.QUEUED
    lone.delete("/v1/articles/b")
    assert state_of(context, put["narration"]["key"]) is State.CANCELLED


def test_what_was_corrected_is_not_made_as_it_was(
    context: ApiContext, lone: httpx2.Client
) -> None:
    first = lone.put("/v1/articles/a", json=article()).json()
    second = lone.put("/v1/articles/a", json=article()).json()
    assert state_of(context, first["narration"]["key"]) is State.CANCELLED
    assert state_of(context, second["narration"]["key"]) is State.QUEUED


class TakenDownMeanwhile(MemoryRecords):
    """Somebody takes the narration down just before its article is kept."""

    def create(self, kind: str, name: str, document: Document) -> bool:
        if kind == "articles":
            key = str(document["key"])
            Archive(memory_library(), self).withdraw(key)
            erase_text(key, self)
        return super().create(kind, name, document)


def test_an_article_that_is_kept_while_it_is_taken_down_has_no_words(
    context: ApiContext, script: Script
) -> None:
    records = TakenDownMeanwhile()
    backend = NarrationBackend(
        Archive(memory_library(), records), records, context.backend.queue
    )
    key = narration_key(script, TONE)
    revision = ArticleRevision(
        "a", CANARY, key, TONE.id, script, "2024-02-08T18:00:00Z"
    )
    with pytest.raises(NarrationWithdrawn):
        publish_article(revision, backend, records)
    (name,) = records.names("articles")
    assert CANARY not in str(records.find("articles", name))


def test_an_article_whose_narration_was_cancelled_asks_for_it_again(
    context: ApiContext, lone: httpx2.Client
) -> None:
    put = lone.put("/v1/articles/a", json=article()).json()
    context.backend.jobs.cancel(put["narration"]["key"])
    shown = lone.get("/v1/articles/a").json()
    assert shown["narration"]["state"] == "queued"


def test_bulk_waits_behind_what_is_interactive(
    context: ApiContext, lone: httpx2.Client
) -> None:
    jobs = context.backend.jobs
    sent = article()
    put = lone.put("/v1/articles/a", json=sent | {"priority": "bulk"}).json()
    key = put["narration"]["key"]
    assert jobs.lane(key) is Lane.BULK
    lone.get("/v1/articles/a")
    assert jobs.lane(key) is Lane.BULK
    lone.post("/v1/narrations", json=sent_as_text(sent))
    assert jobs.lane(key) is Lane.INTERACTIVE
    wrong = lone.post("/v1/narrations", json={"text": "a", "priority": "soon"})
    assert wrong.status_code == 422


@pytest.mark.live
def test_what_made_room_is_made_again_from_its_record(
    service: RunningService, client: httpx2.Client
) -> None:
    links = client.post("/v1/narrations", json=sent_as_text(article())).json()["links"]
    first = client.get(links["audio"])  # to its end: then it is finished
    sha256 = client.head(links["audio"]).headers["ETag"].strip('"')
    (service.data / "library" / audio_name(sha256)).unlink()
    assert client.get(links["self"]).json()["state"] in {"queued", "making", "ready"}
    assert client.get(links["audio"]).content == first.content
