"""Tests of narrations over real processes, as a news frontend requests them."""

import io
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest
from mutagen.mp3 import MP3

from tests.support.api.requests import fresh_text, request_narration
from tests.support.service import RunningService
from workers.narration import DISCLOSURE

pytestmark = pytest.mark.live


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
