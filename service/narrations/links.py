"""Build the addresses of narrations, feeds and pages; nothing else does."""

from collections.abc import Callable
from dataclasses import dataclass

from workers.narration import NarrationKey


def _unsigned(address: str) -> str:
    return address


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses below one base URL."""

    base_url: str
    """Where listeners reach the service, without a slash at the end."""

    sign: Callable[[str], str] = _unsigned
    """Returns an address that also opens audio that is not public."""

    def narration(self, key: NarrationKey) -> str:
        """Return the address of a narration's state."""
        return f"{self.base_url}/v1/narrations/{key}"

    def audio(self, key: NarrationKey) -> str:
        """Return the address of a narration's MP3."""
        return self.sign(f"{self.base_url}/v1/narrations/{key}.mp3")

    def feed(self, name: str = "all") -> str:
        """Return the address of a podcast feed."""
        return f"{self.base_url}/feeds/{name}.xml"

    def cover(self) -> str:
        """Return the address of the feeds' cover picture."""
        return f"{self.base_url}/cover.png"
