"""What a door is told: the workers' settings and those of the service around them."""

from pathlib import Path

from pydantic import Field

from workers import settings


class Settings(settings.Settings):
    """Every setting there is; docs/SETTINGS.md lists them."""

    markers: Path | None = None
    """A publisher's own phrases for the cleaner: a TOML file like markers.toml."""

    max_characters: int = Field(default=200_000, ge=1)
    """Characters of an article after cleaning; three and a half hours of audio."""

    max_body: int = Field(default=4_000_000, ge=1)
    """Bytes of a request's body."""

    host: str = "127.0.0.1"
    """Where the API listens.  It knows no passwords: anything but loopback belongs
    behind a gateway that does."""

    port: int = Field(default=8000, ge=0, le=65535)
    """The API's port; 0 takes a free one."""

    publication: str = "Outspoken"
    """Whose articles these are: the feed's title and author."""

    public_url: str | None = None
    """Where listeners reach the service, such as `https://audio.example.org`; None
    writes links to the address that a request came to."""

    origins: tuple[str, ...] = ("*",)
    """Sites whose pages may read answers (CORS), as a JSON list."""
