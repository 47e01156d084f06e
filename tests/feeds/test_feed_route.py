"""The feed over HTTP: it is sent again only after a change."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx2
import pytest

from service.api import ApiContext
from tests.support.api.addresses import AUDIO, FEED, store_article
from tests.support.api.live_stream import KEY
from tests.support.databases.revisions import RECEIVED, put


def test_feed_that_the_client_has_is_not_sent_again(
    context: ApiContext, idle_client: httpx2.Client
) -> None:
    store_article(context)
    etag = idle_client.get(FEED).headers["ETag"]
    for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        answer = idle_client.get(FEED, headers={"If-None-Match": known})
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["ETag"] == etag
        assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert idle_client.get(FEED, headers={"If-None-Match": '"x"'}).status_code == 200


def test_date_of_the_feed_is_that_of_the_newest_episode(
    context: ApiContext, idle_client: httpx2.Client
) -> None:
    assert "Last-Modified" not in idle_client.get(FEED).headers
    store_article(context)
    # Published before it was received.
    first = idle_client.get(FEED).headers["Last-Modified"]
    assert parsedate_to_datetime(first) == RECEIVED
    newest = datetime(2025, 3, 1, 12, tzinfo=UTC)
    put(context.database, source_id="b", key=KEY, published=newest.isoformat())
    second = idle_client.get(FEED).headers["Last-Modified"]
    assert parsedate_to_datetime(second) == newest


def test_feed_without_a_withdrawn_article_is_sent_again(
    context: ApiContext, idle_client: httpx2.Client
) -> None:
    store_article(context)
    full = idle_client.get(FEED).headers
    assert idle_client.delete(AUDIO.removesuffix(".mp3")).status_code == 204
    known = {
        "If-None-Match": full["ETag"],
        "If-Modified-Since": full["Last-Modified"],
    }
    answer = idle_client.get(FEED, headers=known)
    assert answer.status_code == 200
    assert b"<item>" not in answer.content
    del known["If-None-Match"]
    assert idle_client.get(FEED, headers=known).status_code == 200


def test_article_of_the_future_is_not_in_the_feed(
    context: ApiContext, idle_client: httpx2.Client
) -> None:
    store_article(context)
    put(context.database, key=KEY, published="9999-01-01T00:00:00Z")
    assert b"<item>" not in idle_client.get(FEED).content


@pytest.mark.live
@pytest.mark.parametrize("field", ["text", "html", "markdown"])
def test_given_title_is_heard_and_shown_without_html(
    client: httpx2.Client, field: str
) -> None:
    title = f"Fish &amp; <em>chips</em> of {field} &lt;b&gt;again&lt;/b&gt;"
    sent = {field: f"The quay sells fish to the {field} again.", "title": title}
    shown = f"Fish & chips of {field} again"
    put = client.put(f"/v1/articles/fish-{field}", json=sent).json()
    assert put["title"] == shown
    audio = client.get(put["narration"]["links"]["audio"]).content
    assert shown.encode() in audio[:1000]
    feed = client.get(FEED).text
    assert f"<title>Fish &amp; chips of {field} again</title>" in feed
