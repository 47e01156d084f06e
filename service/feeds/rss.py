"""Build the podcast feed (RSS 2.0) of articles that can be heard."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from uuid import UUID, uuid5
from xml.etree import ElementTree as ET

from service.articles.listing import Episode
from service.articles.revision import ArticleRevision
from service.narrations.links import Links
from workers.narration import DISCLOSURE

_ATOM = "http://www.w3.org/2005/Atom"
_ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
_PODCAST = "https://podcastindex.org/namespace/1.0"
_GUID_NAMESPACE = UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
"""Podcasting 2.0's namespace of feed guids (podcast:guid)."""

_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 does not allow."""

_SUMMARY_BYTES = 4000
"""Longest description that Apple accepts, in bytes."""


@dataclass(frozen=True, slots=True)
class Channel:
    """Metadata of a feed."""

    title: str
    links: Links

    language: str = "en"
    category: str = "News"

    @property
    def address(self) -> str:
        """Address of the feed."""
        return self.links.feed()


def build_feed(channel: Channel, episodes: Iterable[Episode]) -> bytes:
    """Return the feed as RSS 2.0 with the tags that Apple requires.

    The guid depends only on the publisher's id, so that a corrected article is not a
    second episode; the enclosure's address changes with the content.
    """
    for prefix, namespace in (
        ("atom", _ATOM),
        ("itunes", _ITUNES),
        ("podcast", _PODCAST),
    ):
        ET.register_namespace(prefix, namespace)
    rss = ET.Element("rss", version="2.0")
    root = ET.SubElement(rss, "channel")
    _describe(root, channel)
    for episode in episodes:
        root.append(_item(channel, episode))
    ET.indent(rss)
    feed: bytes = ET.tostring(rss, encoding="utf-8", xml_declaration=True)
    return feed


def last_modified(episodes: Iterable[Episode]) -> datetime | None:
    """Return when the newest episode was dated or received; None without any."""
    return max(
        (max(e.article.dated, e.article.received) for e in episodes), default=None
    )


def _describe(root: ET.Element, channel: Channel) -> None:
    _text(root, "title", channel.title)
    _text(root, "link", channel.links.base_url)
    _text(root, "description", f"Articles of {channel.title}, read. {DISCLOSURE}")
    _text(root, "language", channel.language)
    _text(root, f"{{{_ITUNES}}}author", channel.title)
    ET.SubElement(root, f"{{{_ITUNES}}}category", text=channel.category)
    _text(root, f"{{{_ITUNES}}}explicit", "false")
    ET.SubElement(root, f"{{{_ITUNES}}}image", href=channel.links.cover())
    _text(root, f"{{{_ITUNES}}}type", "episodic")
    address = channel.address
    ET.SubElement(
        root,
        f"{{{_ATOM}}}link",
        href=address,
        rel="self",
        type="application/rss+xml",
    )
    bare = address.partition("://")[2].rstrip("/")
    _text(root, f"{{{_PODCAST}}}guid", str(uuid5(_GUID_NAMESPACE, bare)))
    _disclose(root)


def _item(channel: Channel, episode: Episode) -> ET.Element:
    article, record = episode.article, episode.record
    item = ET.Element("item")
    _text(item, "title", article.title or article.source_id)
    audio = channel.links.audio(record.key)
    length = str(record.bytes)
    ET.SubElement(item, "enclosure", url=audio, length=length, type="audio/mpeg")
    _text(item, "guid", f"outspoken:{article.source_id}").set("isPermaLink", "false")
    _text(item, "pubDate", format_datetime(article.dated))
    _text(item, f"{{{_ITUNES}}}duration", str(round(record.seconds)))
    _text(item, "description", _summary(article))
    if article.url:
        _text(item, "link", article.url)
    if article.byline:
        _text(item, f"{{{_ITUNES}}}author", article.byline)
    if article.image:
        ET.SubElement(item, f"{{{_ITUNES}}}image", href=article.image)
    _text(item, f"{{{_ITUNES}}}explicit", "false")
    _disclose(item)
    return item


def _text(parent: ET.Element, tag: str, text: str) -> ET.Element:
    child = ET.SubElement(parent, tag)
    child.text = _NOT_XML.sub("", text)
    return child


def _disclose(parent: ET.Element) -> None:
    _text(parent, f"{{{_PODCAST}}}txt", "true").set("purpose", "ai-content")


def _summary(article: ArticleRevision) -> str:
    limit = _SUMMARY_BYTES - len(DISCLOSURE) - 2
    start = (article.summary or "").encode()[:limit].decode(errors="ignore")
    return f"{start}\n\n{DISCLOSURE}".strip()
