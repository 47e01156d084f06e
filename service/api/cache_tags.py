"""Cache tags, by which a CDN removes what it holds of a narration or an article."""

from workers.narration import NarrationKey

FEED_TAGS = {"Cache-Tag": "feed"}


def narration_tags(key: NarrationKey) -> dict[str, str]:
    """Return the header of audio, captions and playlists."""
    return {"Cache-Tag": _narration(key)}


def article_tags(source_id: str, *keys: NarrationKey | None) -> dict[str, str]:
    """Return the header of answers about an article and narrations of it."""
    narrations = [_narration(key) for key in dict.fromkeys(keys) if key]
    return {"Cache-Tag": ",".join([f"article-{source_id}", *narrations])}


def _narration(key: NarrationKey) -> str:
    return f"narration-{key}"
