"""`GET /v1/articles`: pages, filters and states over HTTP."""

import httpx2
import pytest

from service.api import ApiContext


def put(client: httpx2.Client, source_id: str, **fields: object) -> str:
    sent = {"text": f"The ferry of pier {source_id} is late.", "title": source_id}
    answer = client.put(f"/v1/articles/{source_id}", json=sent | fields)
    key: str = answer.json()["narration"]["key"]
    return key


def listed(client: httpx2.Client, **query: str) -> list[str]:
    answer = client.get("/v1/articles", params=query)
    assert answer.status_code == 200, answer.text
    return [article["source_id"] for article in answer.json()["articles"]]


def test_list_shows_articles_with_the_state_of_their_narrations(
    context: ApiContext, idle_client: httpx2.Client
) -> None:
    key = put(idle_client, "one", section="Sea", tags=["tide"], byline="Ada")
    cancelled = put(idle_client, "two", section="Land")
    idle_client.delete(f"/v1/narrations/{put(idle_client, 'three')}")
    context.backend.jobs.cancel(cancelled)
    answer = idle_client.get("/v1/articles").json()
    assert answer["next"] is None
    articles = {article["source_id"]: article for article in answer["articles"]}
    assert list(articles) == ["three", "two", "one"]
    states = {name: entry["narration"]["state"] for name, entry in articles.items()}
    assert states == {"one": "queued", "two": "cancelled", "three": "withdrawn"}
    ferry = articles["one"]
    assert (ferry["title"], ferry["byline"], ferry["tags"]) == ("one", "Ada", ["tide"])
    assert (ferry["section"], ferry["narration"]["key"]) == ("Sea", key)
    # Only the article itself requests its narration again.
    assert not context.backend.jobs.is_live(cancelled)


def test_filters_are_query_parameters(idle_client: httpx2.Client) -> None:
    put(idle_client, "one", section="Sea & sky", tags=["tide"], byline="Ada")
    put(idle_client, "two", section="Land", published="2024-02-08T12:00:00+08:00")
    assert listed(idle_client, section="Sea & sky") == ["one"]
    assert listed(idle_client, tag="tide") == ["one"]
    assert listed(idle_client, author="Ada") == ["one"]
    assert listed(idle_client, state="unfinished") == ["one", "two"]
    assert listed(idle_client, state="ready") == []
    before = {"published_before": "2024-02-08T04:00:01Z"}
    assert listed(idle_client, **before) == ["two"]
    assert listed(idle_client, **before, published_from="2024-02-08T04:00:01Z") == []


def test_next_and_link_lead_to_the_next_page(idle_client: httpx2.Client) -> None:
    for number in range(5):
        put(idle_client, f"a{number}", section="Sea & sky")
    put(idle_client, "b", section="Land")
    found, address = [], "/v1/articles?section=Sea+%26+sky&limit=2"
    while address:
        answer = idle_client.get(address)
        body = answer.json()
        found += [article["source_id"] for article in body["articles"]]
        linked = answer.links.get("next", {}).get("url")
        assert linked == body["next"]
        address = body["next"]
    assert found == ["a4", "a3", "a2", "a1", "a0"]


@pytest.mark.parametrize(
    ("query", "status", "name"),
    [
        ("cursor=nonsense", 400, "invalid-cursor"),
        ("limit=0", 422, "invalid-request"),
        ("limit=101", 422, "invalid-request"),
        ("state=late", 422, "invalid-request"),
        ("published_from=yesterday", 422, "invalid-request"),
        ("published_from=2024-02-08T12:00:00", 422, "invalid-request"),
        ("colour=blue", 422, "invalid-request"),
    ],
)
def test_wrong_queries_are_refused(
    idle_client: httpx2.Client, query: str, status: int, name: str
) -> None:
    answer = idle_client.get(f"/v1/articles?{query}")
    assert answer.status_code == status
    assert answer.json()["type"] == f"about:{name}"
