"""A takedown is of the words and of the article, under every key."""

import httpx2
import pytest

from service.api import ApiContext
from service.articles.reindex import reindex
from tests.support.scripts import script_of
from workers.narration import text_digest

TEXT = "The ferry is late. The council said why."


@pytest.fixture(name="taken")
def _taken(idle_client: httpx2.Client) -> dict[str, object]:
    """An article whose narration was taken down."""
    put = idle_client.put("/v1/articles/libel", json={"text": TEXT}).json()
    assert idle_client.delete(put["narration"]["links"]["self"]).status_code == 204
    return dict(put["narration"])


def put(client: httpx2.Client, source_id: str, **body: object) -> httpx2.Response:
    return client.put(f"/v1/articles/{source_id}", json={"text": TEXT} | body)


@pytest.mark.usefixtures("taken")
@pytest.mark.parametrize(
    "change",
    [
        {},
        {"title": "Another headline"},
        {"text": "The ferry is late! The council said: why."},
        {"byline": "By Another"},
        {"priority": "bulk"},
    ],
)
def test_the_same_words_are_refused_under_another_key(
    idle_client: httpx2.Client, change: dict[str, object]
) -> None:
    for source_id in ("libel", "copy"):
        refused = put(idle_client, source_id, **change)
        assert refused.status_code == 410
        assert "restore" in refused.json()["detail"]
    posted = {"text": TEXT} | change
    posted.pop("byline", None)
    assert idle_client.post("/v1/narrations", json=posted).status_code == 410
    assert idle_client.get("/v1/articles/copy").status_code == 404


@pytest.mark.usefixtures("taken")
def test_a_correction_of_the_article_is_refused_until_it_is_restored(
    idle_client: httpx2.Client,
) -> None:
    corrected = "The ferry is on time. The council is happy."
    refused = put(idle_client, "libel", text=corrected)
    assert refused.status_code == 410
    assert "The article libel was withdrawn" in refused.json()["detail"]
    restored = put(idle_client, "libel", text=corrected, restore=True)
    assert restored.status_code == 202
    assert put(idle_client, "libel", text=corrected).status_code == 202
    # Its former words stay refused.
    assert put(idle_client, "libel").status_code == 410


@pytest.mark.usefixtures("taken")
def test_removing_the_article_does_not_lift_the_takedown(
    idle_client: httpx2.Client,
) -> None:
    assert idle_client.delete("/v1/articles/libel").status_code == 204
    assert put(idle_client, "libel").status_code == 410
    assert put(idle_client, "libel", text="It is on time.").status_code == 410


@pytest.mark.usefixtures("taken")
def test_reindex_does_not_request_it_again(
    context: ApiContext, idle_client: httpx2.Client
) -> None:
    assert reindex(context.backend).queued == 0
    shown = idle_client.get("/v1/articles/libel").json()
    assert shown["narration"]["state"] == "withdrawn"


@pytest.mark.usefixtures("taken")
def test_restoring_the_words_restores_them_under_every_key(
    idle_client: httpx2.Client,
) -> None:
    restored = put(idle_client, "copy", title="Another headline", restore=True)
    assert restored.status_code == 202
    assert put(idle_client, "libel").status_code == 202


def test_an_article_with_other_words_is_not_refused(
    idle_client: httpx2.Client, taken: dict[str, object]
) -> None:
    other = put(idle_client, "other", text="The bridge is open.")
    assert other.status_code == 202
    assert other.json()["narration"]["key"] != taken["key"]


def test_text_digest_ignores_title_punctuation_and_division_into_sentences() -> None:
    digest = text_digest(
        script_of("One", "The ferry is late.", "The council said why.")
    )
    assert digest == text_digest(
        script_of("Two", "“The ferry is late”: the council said why!")
    )
    assert digest != text_digest(script_of("One", "The ferry is late.", "It said why."))
    assert text_digest(script_of("A headline alone")) is None
