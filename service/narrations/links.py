"""Build every address of narrations, feeds and pages."""

from dataclasses import dataclass

from workers.narration import NarrationKey


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses below one base URL."""

    base_url: str
    """Where listeners reach the service, without a slash at the end."""

    def narration(self, key: NarrationKey) -> str:
        """Return the address of a narration's status."""
        return f"{self.base_url}/v1/narrations/{key}"

    def narration_cuts(self, key: NarrationKey) -> str:
        """Return the address of the lines that were cut from a narration's text."""
        return f"{self.narration(key)}/cuts"

    def article(self, source_id: str) -> str:
        """Return the address of an article."""
        return f"{self.base_url}/v1/articles/{source_id}"

    def articles(self, query: str) -> str:
        """Return the address of a list of articles, by its encoded query."""
        return f"{self.base_url}/v1/articles?{query}"

    def article_cuts(self, source_id: str) -> str:
        """Return the address of the lines that were cut from an article."""
        return f"{self.article(source_id)}/cuts"

    def approval(self, source_id: str) -> str:
        """Return the address at which an article is approved."""
        return f"{self.article(source_id)}/approval"

    def article_narration(self, source_id: str) -> str:
        """Return the address at which an article's narration is started."""
        return f"{self.article(source_id)}/narration"

    def revisions(self, source_id: str) -> str:
        """Return the address of the list of an article's revisions."""
        return f"{self.article(source_id)}/revisions"

    def audio(self, key: NarrationKey) -> str:
        """Return the address of a narration's MP3."""
        return f"{self.base_url}/v1/narrations/{key}.mp3"

    def playlist(self, key: NarrationKey) -> str:
        """Return the address of a narration's HLS playlist."""
        return f"{self.narration(key)}.m3u8"

    def captions(self, key: NarrationKey, suffix: str) -> str:
        """Return the address of a narration's captions, by suffix such as "vtt"."""
        return f"{self.narration(key)}.{suffix}"

    def feed(self, name: str = "all") -> str:
        """Return the address of a podcast feed."""
        return f"{self.base_url}/feeds/{name}.xml"

    def cover(self) -> str:
        """Return the address of the feeds' cover picture."""
        return f"{self.base_url}/cover.png"
