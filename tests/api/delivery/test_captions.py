"""Captions over HTTP: every format, caching, and narrations that are not ready."""

import hashlib
import json
from pathlib import Path

import httpx2
import pytest

from service.api import ApiContext
from service.captions.paragraphs import write_text
from service.captions.podcast import PodcastTranscriptBody, write_podcast_transcript
from service.captions.speech_marks import write_speech_marks
from service.captions.srt import write_srt
from service.captions.webvtt import write_paragraphs, write_webvtt
from service.captions.words import WordsBody, write_words
from tests.support.api.addresses import store_article
from tests.support.api.live_stream import (
    KEY,
    PARTS,
    SCRIPT,
    StreamingSetup,
)
from tests.support.api.requests import fresh_text, request_narration
from tests.support.api.server import answering, context_of
from tests.support.scripts import transcript_of
from workers.queue.jobs import State

TRANSCRIPT = transcript_of(SCRIPT)
FORMATS = {
    "vtt": (write_webvtt, "text/vtt; charset=utf-8"),
    "vtt?by=paragraph": (write_paragraphs, "text/vtt; charset=utf-8"),
    "srt": (write_srt, "application/x-subrip; charset=utf-8"),
    "txt": (write_text, "text/plain; charset=utf-8"),
    "json": (write_words, "application/json"),
    "transcript.json": (write_podcast_transcript, "application/json"),
    "marks.jsonl": (write_speech_marks, "application/x-ndjson"),
}


def address(suffix: str, key: str = KEY) -> str:
    return f"/v1/narrations/{key}.{suffix}"


def test_captions_of_a_ready_narration_are_in_every_format(
    context: ApiContext, idle_client: httpx2.Client
) -> None:
    store_article(context)
    for suffix, (write, media_type) in FORMATS.items():
        answer = idle_client.get(address(suffix))
        assert answer.status_code == 200, suffix
        assert answer.text == write(TRANSCRIPT), suffix
        assert answer.headers["Content-Type"] == media_type
        assert answer.headers["Cache-Control"] == "public, max-age=86400"
        etag = answer.headers["ETag"]
        assert etag == f'"{hashlib.sha256(answer.content).hexdigest()}"'
        again = idle_client.get(address(suffix), headers={"If-None-Match": etag})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["ETag"] == etag
        assert again.headers["Cache-Control"] == "public, max-age=86400"


def test_other_origins_may_read_captions(
    context: ApiContext, idle_client: httpx2.Client
) -> None:
    store_article(context)
    for suffix in FORMATS:
        headers = {"Origin": "https://news.example"}
        answer = idle_client.get(address(suffix), headers=headers)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "ETag" in answer.headers["Access-Control-Expose-Headers"]


def test_captions_of_a_narration_that_is_not_ready_are_503(
    setup: StreamingSetup,
) -> None:
    setup.commit(PARTS[0])
    for suffix in FORMATS:
        answer = setup.client.get(address(suffix))
        assert answer.status_code == 503, suffix
        assert int(answer.headers["Retry-After"]) > 0
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.json()["type"] == "about:narration-pending"


@pytest.mark.parametrize(
    ("state", "status"), [(State.FAILED, 409), (State.CANCELLED, 404)]
)
def test_captions_of_a_narration_that_ended_without_audio_are_a_problem(
    setup: StreamingSetup, state: State, status: int
) -> None:
    setup.lease.finish(state)
    for suffix in FORMATS:
        answer = setup.client.get(address(suffix))
        assert answer.status_code == status, suffix
        assert answer.headers["Cache-Control"] == "no-store"


def test_captions_of_an_unknown_narration_are_not_found_and_not_cached(
    idle_client: httpx2.Client,
) -> None:
    for suffix in FORMATS:
        answer = idle_client.get(address(suffix, "0" * 32))
        assert answer.status_code == 404, suffix
        assert answer.headers["Cache-Control"] == "no-store"


def test_captions_of_a_withdrawn_narration_are_gone(
    context: ApiContext, idle_client: httpx2.Client
) -> None:
    store_article(context)
    assert idle_client.delete(f"/v1/narrations/{KEY}").status_code == 204
    for suffix in FORMATS:
        answer = idle_client.get(address(suffix))
        assert answer.status_code == 410, suffix
        assert answer.headers["Cache-Control"] == "no-store"


def test_unknown_kind_of_cues_is_refused(idle_client: httpx2.Client) -> None:
    answer = idle_client.get(address("vtt?by=chapter"))
    assert answer.status_code == 422
    assert answer.json()["type"] == "about:invalid-request"


def test_etag_is_the_same_in_every_process(
    context: ApiContext, idle_client: httpx2.Client, broker: str, tmp_path: Path
) -> None:
    store_article(context)
    with answering(context_of(tmp_path / "data", broker)) as client:
        for suffix in FORMATS:
            ours = idle_client.head(address(suffix)).headers["ETag"]
            assert client.head(address(suffix)).headers["ETag"] == ours


def test_openapi_names_the_media_type_of_each_format_with_an_example(
    idle_client: httpx2.Client,
) -> None:
    paths = idle_client.get("/openapi.json").json()["paths"]
    for suffix, (_, media_type) in FORMATS.items():
        path = address(suffix, "{key}").partition("?")[0]
        content = paths[path]["get"]["responses"]["200"]["content"]
        assert list(content) == [media_type.partition(";")[0]]
        if media_type != "application/json":
            (documented,) = content.values()
            assert documented["example"]


@pytest.mark.live
def test_links_of_a_narration_name_every_format(client: httpx2.Client) -> None:
    sent = {"text": fresh_text(), "title": "Ferry late"}
    links = request_narration(client, **sent).json()["links"]
    assert client.get(links["audio"]).status_code == 200
    assert client.get(links["captions"]).text.startswith("WEBVTT\nLanguage: en\n")
    assert client.get(links["captions_srt"]).text.startswith("1\n00:00:00,050 -->")
    text = client.get(links["transcript"]).text
    assert text == f"Ferry late\n\n{sent['text']}\n".replace("\nPass", "\n\nPass")
    assert client.get(links["transcript_vtt"]).text.count("-->") == 3
    segments = client.get(links["transcript_json"]).json()
    assert PodcastTranscriptBody.model_validate(segments).segments
    words = WordsBody.model_validate(client.get(links["words"]).json()).words
    assert words[0].text == "Ferry"
    marks = client.get(links["marks"]).text.splitlines()
    assert json.loads(marks[0])["value"] == "Ferry late"
    assert client.get(links["playlist"]).text.startswith("#EXTM3U\n")
