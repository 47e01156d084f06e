"""Tests of the podcast feed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree as ET

import httpx2
import pytest

from service.articles.listing import Episode, list_episodes
from service.articles.revision import ArticleRevision
from service.feeds.rss import Channel, build_feed
from service.narrations.links import Links
from tests.support.databases.revisions import put
from voices.sentence import Script
from voices.tone import TONE, ToneEngine
from workers.narration import JobSpec, narration_key
from workers.rendering.render import render_script
from workers.storage.archive import Archive

NAMES = {
    "atom": "http://www.w3.org/2005/Atom",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
}
CHANNEL = Channel("The Wenlow Courier", Links("https://audio.example"))


@pytest.fixture(name="article")
def _article(archive: Archive, script: Script) -> ArticleRevision:
    """An article whose narration is ready."""
    spec = JobSpec(narration_key(script, TONE), TONE.id, script)
    narration = render_script(script, ToneEngine(), lambda _done, _total: None)
    archive.store(spec, narration)
    return put(
        archive.database,
        title="The tide turns & turns <again>",
        key=spec.key,
        url="https://news.example/tide-1",
        summary="It turned at noon.",
    )


def only_episode(archive: Archive) -> Episode:
    (episode,) = list_episodes(archive.database, 10)
    return episode


def parse(feed: bytes) -> ET.Element:
    channel = ET.fromstring(feed).find("channel")  # noqa: S314 - our own feed
    assert channel is not None
    return channel


def test_channel_has_the_tags_that_apple_requires() -> None:
    channel = parse(build_feed(CHANNEL, []))
    texts = ("title", "description", "language", "link", "itunes:explicit")
    assert all(channel.findtext(tag, namespaces=NAMES) for tag in texts)
    category = channel.find("itunes:category", NAMES)
    image = channel.find("itunes:image", NAMES)
    assert category is not None
    assert image is not None
    assert category.get("text") == "News"
    assert image.get("href") == "https://audio.example/cover.png"
    link = channel.find("atom:link", NAMES)
    assert link is not None
    assert link.get("href") == "https://audio.example/feeds/all.xml"


def test_episode_has_exact_lengths_and_the_ai_disclosure(
    archive: Archive, article: ArticleRevision
) -> None:
    episode = only_episode(archive)
    item = parse(build_feed(CHANNEL, [episode])).find("item")
    assert item is not None
    enclosure = item.find("enclosure")
    assert enclosure is not None
    mp3 = archive.read(episode.record)
    assert enclosure.attrib == {
        "url": f"https://audio.example/v1/narrations/{article.key}.mp3",
        "length": str(len(mp3)),
        "type": "audio/mpeg",
    }
    assert item.findtext("title") == article.title
    assert item.findtext("link") == article.url
    seconds = episode.record.seconds
    duration = item.findtext("itunes:duration", namespaces=NAMES)
    assert duration == str(round(seconds))
    published = parsedate_to_datetime(item.findtext("pubDate") or "")
    assert published == datetime.fromisoformat(article.published or "")
    assert "AI" in (item.findtext("description") or "")
    assert item.findtext("podcast:txt[@purpose='ai-content']", namespaces=NAMES)


def test_article_without_audio_is_not_an_episode(
    archive: Archive, article: ArticleRevision
) -> None:
    put(archive.database, source_id="tide-2", key="0" * 32)
    assert only_episode(archive).article == article


def test_withdrawn_article_is_not_an_episode_until_it_is_sent_again(
    archive: Archive, article: ArticleRevision, script: Script
) -> None:
    archive.withdraw(article.key)
    archive.restore(JobSpec(article.key, TONE.id, script), article.source_id)
    narration = render_script(script, ToneEngine(), lambda _done, _total: None)
    archive.store(JobSpec(article.key, TONE.id, script), narration)
    assert list_episodes(archive.database, 10) == []
    again = put(archive.database, key=article.key)
    assert only_episode(archive).article == again


def test_episodes_are_the_newest_first_across_time_zones(
    archive: Archive, article: ArticleRevision
) -> None:
    put(
        archive.database,
        article,
        source_id="b",
        published="2024-02-08T05:00:00+00:00",
    )
    put(archive.database, article, source_id="c", published=None)
    episodes = list_episodes(archive.database, 3)
    assert [episode.article.source_id for episode in episodes] == ["c", "b", "tide-1"]
    newest = list_episodes(archive.database, 2)
    assert newest == episodes[:2]


def test_article_is_an_episode_from_its_date(
    archive: Archive, article: ArticleRevision
) -> None:
    date = datetime(2030, 1, 1, 6, tzinfo=UTC)
    put(archive.database, article, source_id="b", published="2030-01-01T09:00:00+03:00")

    def names(at: datetime, limit: int = 10) -> list[str]:
        episodes = list_episodes(archive.database, limit, at)
        return [episode.article.source_id for episode in episodes]

    assert names(date) == ["b", "tide-1"]
    assert names(date - timedelta(seconds=1)) == ["tide-1"]
    # Later articles take no place of those that are shown.
    assert names(date - timedelta(seconds=1), limit=1) == ["tide-1"]
    assert names(article.dated - timedelta(seconds=1)) == []


def test_episode_has_the_picture_of_its_article(
    archive: Archive, article: ArticleRevision
) -> None:
    item = parse(build_feed(CHANNEL, [only_episode(archive)])).find("item")
    assert item is not None
    assert item.find("itunes:image", NAMES) is None
    put(archive.database, article, image="https://news.example/tide.jpg?a=1&b=2")
    item = parse(build_feed(CHANNEL, [only_episode(archive)])).find("item")
    assert item is not None
    image = item.find("itunes:image", NAMES)
    assert image is not None
    assert image.attrib == {"href": "https://news.example/tide.jpg?a=1&b=2"}


@pytest.mark.usefixtures("article")
def test_corrected_article_keeps_its_guid_and_gets_a_new_address(
    archive: Archive,
) -> None:
    episode = only_episode(archive)
    other = replace(episode.record, key="1" * 32)
    corrected = replace(episode, record=other)
    items = parse(build_feed(CHANNEL, [episode, corrected])).findall("item")
    first, second = (item.findtext("guid") for item in items)
    assert first == second
    addresses = {item.find("enclosure").get("url") for item in items}  # type: ignore[union-attr]
    assert len(addresses) == 2


def test_characters_that_xml_does_not_allow_are_removed(
    archive: Archive, article: ArticleRevision
) -> None:
    put(archive.database, article, title="Tide\x0b\x1b\uffff turns")
    feed = build_feed(CHANNEL, [only_episode(archive)])
    item = parse(feed).find("item")
    assert item is not None
    assert item.findtext("title") == "Tide turns"


@pytest.mark.live
def test_feed_of_a_running_service_links_to_audio(client: httpx2.Client) -> None:
    text = "The harbour ferry sails again, the council said. Passengers cheered loudly."
    put = client.put("/v1/articles/feed-1", json={"text": text, "title": "Sails"})
    client.get(put.json()["narration"]["links"]["audio"])
    answer = client.get("/feeds/all.xml")
    assert answer.headers["Content-Type"].startswith("application/rss+xml")
    assert client.head("/feeds/all.xml").status_code == 200
    channel = parse(answer.content)
    items = {item.findtext("title"): item for item in channel.findall("item")}
    enclosure = items["Sails"].find("enclosure")
    assert enclosure is not None
    audio = client.get(enclosure.attrib["url"])
    assert len(audio.content) == int(enclosure.attrib["length"])
    image = channel.find("itunes:image", NAMES)
    assert image is not None
    assert client.head(image.attrib["href"]).headers["Content-Type"] == "image/png"
