"""Tests of articles over HTTP, under the publisher's own ids."""

from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest

from tests.support.api.requests import fresh_text

pytestmark = pytest.mark.live


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


def test_concurrent_puts_of_one_article_are_one_revision(client: httpx2.Client) -> None:
    sent = {"text": fresh_text()}
    with ThreadPoolExecutor(8) as frontends:
        for response in frontends.map(
            lambda _: client.put("/v1/articles/many", json=sent), range(8)
        ):
            assert response.json()["revision"] == 1


def test_what_cannot_be_stored_is_not_kept(client: httpx2.Client) -> None:
    """JSON can hold a lone surrogate and NUL; a feed and a database cannot."""
    sent = (
        '{"title": " Tide\\u0000 \\udfff\\n", "tags": ["se\\u0000a"],'
        ' "text": "The tide \\ud800 turned at noon."}'
    )
    headers = {"Content-Type": "application/json"}
    put = client.put("/v1/articles/half", content=sent, headers=headers)
    assert (put.json()["title"], put.json()["tags"]) == ("Tide ?", ["sea"])
    client.get(put.json()["narration"]["links"]["audio"])
    assert "turned at noon" in client.get("/feeds/all.xml").text


@pytest.mark.parametrize(
    "field",
    [
        {"section": "s" * 501},
        {"byline": "b" * 501},
        {"tags": ["t" * 201]},
        {"tags": ["sea"] * 101},
    ],
)
def test_metadata_longer_than_an_index_holds_is_refused(
    client: httpx2.Client, field: dict[str, object]
) -> None:
    answer = client.put("/v1/articles/long", json={"text": fresh_text()} | field)
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith(f"Fix {next(iter(field))}")
