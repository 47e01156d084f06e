"""Cache tags, by which a CDN removes what it holds of a narration or an article."""

from workers.narration import NarrationKey

FEED_TAGS = {"Cache-Tag": "feed"}


def narration_tags(key: NarrationKey) -> dict[str, str]:
    """Return the header of audio, captions and playlists."""
    return {"Cache-Tag": _narration(key)}


def article_tags(source_id: str, key: NarrationKey) -> dict[str, str]:
    """Return the header of an article's answers."""
    return {"Cache-Tag": f"article-{source_id},{_narration(key)}"}


def _narration(key: NarrationKey) -> str:
    return f"narration-{key}"
