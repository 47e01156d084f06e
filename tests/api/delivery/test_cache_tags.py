"""`Cache-Tag`: a CDN can remove all that it holds of a narration or an article."""

import httpx2

from service.api import ApiContext
from tests.support.api.addresses import ARTICLE, AUDIO, FEED, store_article
from tests.support.api.live_stream import KEY, PARTS, StreamingSetup
from tests.support.databases.revisions import REVISION

NARRATION = f"narration-{KEY}"
OF_NARRATION = [
    f"/v1/narrations/{KEY}.{suffix}"
    for suffix in ("mp3", "m3u8", "vtt", "srt", "txt", "json", "marks.jsonl")
] + [f"/v1/narrations/{KEY}/hls/0.mp3"]


def test_answers_name_the_narration_that_they_are_of(
    context: ApiContext, idle_client: httpx2.Client
) -> None:
    store_article(context)
    for path in OF_NARRATION:
        answer = idle_client.get(path)
        assert (answer.status_code, answer.headers["Cache-Tag"]) == (200, NARRATION)
        headers = {"If-None-Match": answer.headers["ETag"]}
        again = idle_client.get(path, headers=headers)
        assert (again.status_code, again.headers["Cache-Tag"]) == (304, NARRATION)


def test_ranges_and_streams_have_the_tag(setup: StreamingSetup) -> None:
    setup.commit(*PARTS)
    with setup.client.stream("GET", AUDIO) as live:
        assert live.headers["Cache-Tag"] == NARRATION
        setup.finish(*PARTS)
    answer = setup.client.get(AUDIO, headers={"Range": "bytes=0-1"})
    while answer.status_code == 200:
        answer = setup.client.get(AUDIO, headers={"Range": "bytes=0-1"})
    assert (answer.status_code, answer.headers["Cache-Tag"]) == (206, NARRATION)


def test_answers_of_articles_name_article_and_narrations(
    context: ApiContext, idle_client: httpx2.Client
) -> None:
    store_article(context)
    tags = f"article-{REVISION.source_id},{NARRATION}"
    assert idle_client.get(ARTICLE).headers["Cache-Tag"] == tags
    sent = idle_client.put(ARTICLE, json={"text": "The tide turned at noon."})
    # The first one is heard until the second one is ready.
    replacement = f"narration-{sent.json()['replacement']['key']}"
    assert sent.headers["Cache-Tag"] == f"{tags},{replacement}"


def test_feed_has_its_tag(context: ApiContext, idle_client: httpx2.Client) -> None:
    store_article(context)
    answer = idle_client.get(FEED)
    assert answer.headers["Cache-Tag"] == "feed"
    headers = {"If-None-Match": answer.headers["ETag"]}
    assert idle_client.get(FEED, headers=headers).headers["Cache-Tag"] == "feed"
