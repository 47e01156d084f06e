"""Tests of what describes the service: its pages, voices and OpenAPI."""

import json

import httpx2
import pytest

pytestmark = pytest.mark.live


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


def test_openapi_lists_the_audio_route(client: httpx2.Client) -> None:
    paths = json.loads(client.get("/openapi.json").text)["paths"]
    assert "/v1/narrations/{key}.mp3" in paths
