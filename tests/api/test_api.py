"""Tests of the HTTP API over real processes, as a news frontend uses it."""

import hashlib
import io
import itertools
import json
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest
from mutagen.mp3 import MP3

from tests.support.service import RunningService
from workers.narration import DISCLOSURE

pytestmark = pytest.mark.live

_counter = itertools.count(1)


def fresh_text() -> str:
    """Return an article that no other test has requested."""
    number = "very " * next(_counter)
    return (
        f"The harbour ferry is {number}late, the council said on Monday evening.\n"
        "Passengers waited on the quay in the rain for most of the afternoon."
    )


def request_narration(client: httpx2.Client, **body: object) -> httpx2.Response:
    return client.post("/v1/narrations", json=body)


@pytest.fixture(name="ready")
def _ready(client: httpx2.Client) -> dict[str, str]:
    """Links of a finished narration."""
    links: dict[str, str] = request_narration(client, text=fresh_text()).json()["links"]
    assert client.get(links["audio"]).status_code == 200
    return links


def test_text_is_accepted_rendered_and_served(client: httpx2.Client) -> None:
    text = fresh_text()
    response = request_narration(client, text=text, title="Ferry late")
    body = response.json()
    assert response.status_code == 202
    assert response.headers["Location"] == body["links"]["self"]
    assert body["state"] in {"queued", "making"}
    assert body["title"] == "Ferry late"
    assert body["disclosure"] == {"text": DISCLOSURE, "short": "AI voice"}
    audio = client.get(body["links"]["audio"])
    assert audio.headers["Content-Type"] == "audio/mpeg"
    status = client.get(body["links"]["self"]).json()
    assert status["state"] == "ready"
    assert status["progress"] == {"done": 3, "total": 3}
    length = MP3(io.BytesIO(audio.content)).info.length
    assert length == pytest.approx(status["duration"], abs=0.2)


def test_repeated_request_is_answered_from_the_library(client: httpx2.Client) -> None:
    text = fresh_text()
    first = request_narration(client, text=text).json()
    client.get(first["links"]["audio"])
    again = request_narration(client, text=text)
    assert again.status_code == 200
    assert again.json()["key"] == first["key"]
    assert again.json()["state"] == "ready"


def test_concurrent_requests_for_one_text_share_a_narration(
    client: httpx2.Client,
) -> None:
    text = fresh_text()
    with ThreadPoolExecutor(8) as frontends:
        responses = list(
            frontends.map(lambda _: request_narration(client, text=text), range(8))
        )
    assert {response.status_code for response in responses} <= {200, 202}
    (audio,) = {response.json()["links"]["audio"] for response in responses}
    assert client.get(audio).status_code == 200


def test_concurrent_puts_of_one_article_are_one_revision(client: httpx2.Client) -> None:
    sent = {"text": fresh_text()}
    with ThreadPoolExecutor(8) as frontends:
        for response in frontends.map(
            lambda _: client.put("/v1/articles/many", json=sent), range(8)
        ):
            assert response.json()["revision"] == 1


def test_lone_surrogates_are_replaced(client: httpx2.Client) -> None:
    """JSON can hold a lone surrogate; a feed cannot."""
    sent = '{"text": "The tide \\ud800 turned at noon.", "title": "Tide \\udfff"}'
    headers = {"Content-Type": "application/json"}
    put = client.put("/v1/articles/half", content=sent, headers=headers)
    assert put.json()["title"] == "Tide ?"
    client.get(put.json()["narration"]["links"]["audio"])
    assert "turned at noon" in client.get("/feeds/all.xml").text


def test_feed_omits_an_article_whose_record_is_damaged(
    service: RunningService, client: httpx2.Client
) -> None:
    put = client.put("/v1/articles/whole", json={"text": fresh_text(), "title": "W"})
    client.get(put.json()["narration"]["links"]["audio"])
    folder = service.data / "records" / "articles"
    (folder / "damaged%40000001.json").write_text("{}")
    (folder / "notes.json").write_text("{}")
    assert "<title>W</title>" in client.get("/feeds/all.xml").text
    assert client.get("/v1/articles/damaged").status_code == 507
    (folder / "damaged%40000001.json").unlink()
    (folder / "notes.json").unlink()


def test_language_that_the_voice_does_not_speak_is_refused(
    client: httpx2.Client,
) -> None:
    response = request_narration(
        client, text="Die Ebbe kam.", language="de", voice="en_US-joe-medium"
    )
    assert response.json()["type"] == "about:language-not-spoken"
    assert "in German" in response.json()["detail"]


def test_cuts_are_reported_with_their_rules(client: httpx2.Client) -> None:
    text = "Advertisement\n" + fresh_text() + "\nAdvertisement"
    cuts = request_narration(client, text=text).json()["cuts"]
    assert [(cut["text"], cut["line"]) for cut in cuts] == [
        ("Advertisement", 0),
        ("Advertisement", 3),
    ]
    assert {cut["rule"] for cut in cuts} == {"advertisement"}


def test_html_is_accepted_and_rendered(client: httpx2.Client) -> None:
    paragraphs = "".join(f"<p>{line}</p>" for line in fresh_text().split("\n"))
    html = f"<html><body><article><h1>Late</h1>{paragraphs}</article></body></html>"
    body = request_narration(client, html=html).json()
    assert body["progress"]["total"] == 3
    assert client.get(body["links"]["audio"]).status_code == 200


def test_markdown_is_accepted(client: httpx2.Client) -> None:
    markdown = "# Late\n\n" + fresh_text().replace("\n", "\n\n")
    body = request_narration(client, markdown=markdown).json()
    assert body["progress"]["total"] == 3


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        ({}, 422, "about:invalid-request"),
        ({"text": "a", "html": "b"}, 422, "about:invalid-request"),
        ({"html": "a", "markdown": "b"}, 422, "about:invalid-request"),
        ({"text": "a", "unknown": 1}, 422, "about:invalid-request"),
        ({"text": "a", "source": "book"}, 422, "about:invalid-request"),
        ({"text": ""}, 422, "about:nothing-to-read"),
        ({"text": "Advertisement"}, 422, "about:nothing-to-read"),
        ({"text": "The tide is in.", "voice": "x"}, 422, "about:voice-not-found"),
        ({"text": "word " * 50_000}, 413, "about:article-too-long"),
        ({"text": "word " * 5_000_000}, 413, "about:body-too-long"),
    ],
)
def test_unreadable_request_is_a_problem(
    client: httpx2.Client, body: dict[str, object], status: int, kind: str
) -> None:
    response = request_narration(client, **body)
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert (problem["type"], problem["status"]) == (kind, status)
    assert problem["detail"].endswith(".")


def test_invalid_json_is_a_problem(client: httpx2.Client) -> None:
    response = client.post("/v1/narrations", content=b"{", headers={"X-A": "b"})
    assert response.status_code == 422
    assert response.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/narrations/" + "0" * 32, 404),
        ("GET", "/v1/narrations/" + "0" * 32 + ".mp3", 404),
        ("GET", "/v1/narrations/nonsense", 422),
        ("GET", "/v1/articles/nobody", 404),
        ("PUT", "/v1/articles/sl%2Fash", 404),
        ("GET", "/nowhere", 404),
        ("PATCH", "/v1/narrations", 405),
    ],
)
def test_unknown_path_or_method_is_a_problem(
    client: httpx2.Client, method: str, path: str, status: int
) -> None:
    response = client.request(method, path)
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("range_header", "status", "piece"),
    [
        ("bytes=0-1", 206, slice(0, 2)),
        ("bytes=100-", 206, slice(100, None)),
        ("bytes=-7", 206, slice(-7, None)),
        ("bytes=5-99999999", 206, slice(5, None)),
        ("bytes=99999999-", 416, slice(0, 0)),
        ("bytes=-0", 416, slice(0, 0)),
        ("bytes=7-5", 200, slice(None)),
        ("bytes=0-" + "9" * 5000, 200, slice(None)),
        ("bytes=abc", 200, slice(None)),
        ("items=0-1", 200, slice(None)),
        ("bytes=0-1,3-4", 200, slice(None)),
    ],
)
def test_audio_is_served_by_range(
    client: httpx2.Client,
    ready: dict[str, str],
    range_header: str,
    status: int,
    piece: slice,
) -> None:
    whole = client.get(ready["audio"]).content
    response = client.get(ready["audio"], headers={"Range": range_header})
    assert response.status_code == status
    assert response.content == whole[piece]
    assert response.headers["Content-Length"] == str(len(whole[piece]))
    assert response.headers["Accept-Ranges"] == "bytes"
    if status == 206:
        start = range(len(whole))[piece].start
        end = start + len(whole[piece]) - 1
        assert response.headers["Content-Range"] == f"bytes {start}-{end}/{len(whole)}"


def test_head_of_audio_has_its_length_and_no_body(
    client: httpx2.Client, ready: dict[str, str]
) -> None:
    whole, head = client.get(ready["audio"]), client.head(ready["audio"])
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["Content-Length"] == str(len(whole.content))


def test_audio_is_immutable_and_has_an_etag(
    client: httpx2.Client, ready: dict[str, str]
) -> None:
    whole = client.get(ready["audio"])
    etag = whole.headers["ETag"]
    assert etag == f'"{hashlib.sha256(whole.content).hexdigest()}"'
    assert "immutable" in whole.headers["Cache-Control"]
    fresh = client.get(ready["audio"], headers={"If-None-Match": etag})
    assert (fresh.status_code, fresh.content) == (304, b"")
    stale = {"Range": "bytes=0-1", "If-Range": '"other"'}
    assert client.get(ready["audio"], headers=stale).status_code == 200


def test_other_origins_may_read_audio(
    client: httpx2.Client, ready: dict[str, str]
) -> None:
    response = client.get(ready["audio"], headers={"Origin": "https://news.example"})
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Content-Range" in response.headers["Access-Control-Expose-Headers"]


def test_other_origins_may_not_write(client: httpx2.Client) -> None:
    headers = {"Origin": "https://evil.example", "Access-Control-Request-Method": "PUT"}
    response = client.options("/v1/articles/a", headers=headers)
    assert "PUT" not in response.headers["Access-Control-Allow-Methods"]


def test_article_is_stored_under_the_publishers_id(client: httpx2.Client) -> None:
    sent = {
        "text": fresh_text(),
        "title": "Late",
        "byline": "Ada Brook",
        "tags": ["sea"],
    }
    first = client.put("/v1/articles/ferry-1", json=sent)
    assert first.status_code == 202
    assert first.json()["revision"] == 1
    client.get(first.json()["narration"]["links"]["audio"])
    again = client.put("/v1/articles/ferry-1", json=sent)
    assert (again.status_code, again.json()["revision"]) == (200, 1)
    stored = client.get("/v1/articles/ferry-1").json()
    assert (stored["title"], stored["byline"], stored["tags"]) == (
        "Late",
        "Ada Brook",
        ["sea"],
    )
    assert stored["narration"]["state"] == "ready"


def test_corrected_article_is_a_new_revision(client: httpx2.Client) -> None:
    first = client.put("/v1/articles/ferry-2", json={"text": fresh_text()}).json()
    second = client.put("/v1/articles/ferry-2", json={"text": fresh_text()}).json()
    assert (first["revision"], second["revision"]) == (1, 2)
    assert first["narration"]["key"] != second["narration"]["key"]
    now = client.get("/v1/articles/ferry-2").json()
    assert now["narration"]["key"] == second["narration"]["key"]


def test_voices_are_listed_with_their_licences(client: httpx2.Client) -> None:
    voices = client.get("/v1/voices").json()
    assert {voice["id"]: voice["licence"] for voice in voices} == {
        "en_US-joe-medium": "CC0",
        "tone": "CC0",
    }


def test_pages_load_nothing_from_other_sites(client: httpx2.Client) -> None:
    for path in ("/", "/front.css", "/front.js", "/cover.png"):
        response = client.get(path)
        assert response.status_code == 200
        assert "default-src 'self'" in response.headers["Content-Security-Policy"]
        assert client.head(path).status_code == 200
    assert "http" not in client.get("/").text.replace("http-equiv", "")


def test_logs_contain_no_word_of_an_article(
    service: RunningService, client: httpx2.Client
) -> None:
    canary = "Zyxwquokka"
    text = f"The {canary} ferry is late, the harbour council said on Monday evening."
    links = request_narration(client, text=text).json()["links"]
    client.get(links["audio"])
    request_narration(client, text=f"{canary} " * 900_000)
    request_narration(client, text=text, voice=canary)
    logs = list(service.data.rglob("*.log"))
    assert logs, "the broker logs at least"
    for log in [*logs, service.log]:
        assert canary not in log.read_text()


def test_openapi_lists_the_audio_route(client: httpx2.Client) -> None:
    paths = json.loads(client.get("/openapi.json").text)["paths"]
    assert "/v1/narrations/{key}.mp3" in paths
