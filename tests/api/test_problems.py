"""Tests of problems: every request that cannot be answered has one."""

import re

import httpx2
import pytest

from tests.support.api.requests import request_narration

pytestmark = pytest.mark.live


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
        ({"html": "<div>" * 10_000 + "<p>The tide."}, 413, "about:page-too-long"),
        ({"html": "<p>\0</p>"}, 422, "about:nothing-to-read"),
        ({"text": ["The tide."]}, 422, "about:invalid-request"),
        ({"text": "\N{PARTY POPPER}" * 9}, 422, "about:nothing-to-read"),
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
    assert re.fullmatch(r"[A-Z][^\n]*[.]", problem["detail"])
    assert "Value error" not in problem["detail"]


def test_invalid_json_is_a_problem(client: httpx2.Client) -> None:
    headers = {"Content-Type": "application/json"}
    response = client.post("/v1/narrations", content=b"{", headers=headers)
    assert response.status_code == 422
    assert response.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/narrations/" + "0" * 32, 404),
        ("GET", "/v1/narrations/" + "0" * 32 + ".mp3", 404),
        ("GET", "/v1/narrations/nonsense", 422),
        ("GET", "/v1/articles/absent", 404),
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


def test_language_that_the_voice_does_not_speak_is_refused(
    client: httpx2.Client,
) -> None:
    response = request_narration(
        client, text="Die Ebbe kam.", language="de", voice="en_US-joe-medium"
    )
    assert response.json()["type"] == "about:language-not-spoken"
    assert "in German" in response.json()["detail"]
