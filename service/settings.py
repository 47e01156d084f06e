"""Settings of the API, the command line and the supervisor.

No domain package is imported here, so that reading a setting loads neither the HTML
parser nor the reading rules; `service.reading_options` builds their values.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import SettingsError

from service.errors import InvalidSettings
from workers import settings


class ServiceSettings(settings.WorkerSettings):
    """All settings; docs/REFERENCE.md lists them."""

    lexicon: Path | None = None
    """The publisher's pronunciations: a TOML file like voices/lexicons/en.toml."""

    intro: str = ""
    """Announcement before an article: a template of service.script.announcements."""

    outro: str = ""
    """Announcement after it."""

    pauses: Mapping[str, object] = Field(default_factory=dict)
    """Pauses in seconds that differ from those of service.script.pauses, as a JSON
    object such as {"paragraph": 0.7}."""

    markers: Path | None = None
    """The publisher's phrases for the cleaner: a TOML file like en.toml."""

    max_characters: int = Field(default=200_000, ge=1)
    """Characters of an article after cleaning; three and a half hours of audio."""

    max_body: int = Field(default=24_000_000, ge=1)
    """Bytes of a request body."""

    request_seconds: float = Field(default=10, gt=0)
    """Time limit for the header of a request and for a short body; then the connection
    is closed."""

    max_html: int = Field(default=10_000_000, ge=1)
    """Characters of an HTML page.  Most of a long page are scripts; of text it may have
    service.page.bounds.lengths.MAX_TEXT_CHARACTERS."""

    prepare_processes: int = Field(default=2, ge=1)
    """Processes in which each API process cleans articles; one takes 80 MB."""

    prepare_seconds: float = Field(default=20, gt=0)
    """Time limit of cleaning one article and writing its script."""

    html_include: tuple[str, ...] = ()
    """CSS selectors of the article, as a JSON list; on pages with such an element
    nothing else is read."""

    html_exclude: tuple[str, ...] = ()
    """CSS selectors of elements that are never read, as a JSON list."""

    table_rows: int = Field(default=12, ge=0)
    """Rows of the longest table that is read, a row at a time; 0 to read none."""

    embeds: Literal["read", "skip"] = "skip"
    """Whether embedded posts of social networks are read, as quotations."""

    approval_below: float = Field(default=0, ge=0, le=1)
    """Confidence of cleaning below which an article waits for approval; 0 for never."""

    host: str = Field(default="127.0.0.1", min_length=1)
    """Address that the API listens on.  It has no authentication: anything but loopback
    needs a gateway in front."""

    port: int = Field(default=8000, ge=0, le=65535)
    """Port of the API; 0 picks a free one."""

    api_processes: int = Field(default=1, ge=1)
    """API processes that `outspoken serve` runs; one serves hundreds of listeners."""

    redirect_audio: bool = False
    """Whether finished audio is fetched from the library of objects itself, by a
    redirect to a signed address; listeners must reach its endpoint."""

    publication: str = "Outspoken"
    """Name of the publication: the feed's title and author, and in announcements."""

    public_url: str | None = None
    """Base URL that listeners reach, such as `https://audio.example.org`; None uses the
    address of each request."""

    origins: tuple[str, ...] = ("*",)
    """Sites whose pages may use the API (CORS), as a JSON list; "*" lets every page
    read and none write."""

    voices_url: str | None = None
    """Base URL of a mirror of rhasspy/piper-voices, for `outspoken voices add`."""

    @field_validator("intro", "outro")
    @classmethod
    def _strip(cls, template: str) -> str:
        return template.strip()

    @field_validator("public_url", "voices_url")
    @classmethod
    def _require_http(cls, url: str | None) -> str | None:
        if url and not url.startswith(("http://", "https://")):
            message = "begin it with https://"
            raise ValueError(message)
        return url or None


def read_settings(**overrides: object) -> ServiceSettings:
    """Read the settings from the environment and `.env`; `overrides` win.

    Raises:
        InvalidSettings: A value is not valid; the message names the setting.
    """
    try:
        return ServiceSettings().model_copy(update=overrides)
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"])
        raise invalid_setting(name, first["msg"]) from error
    except SettingsError as error:  # a list or object that is not JSON
        raise InvalidSettings(f"Invalid setting: {error}.") from error
    except UnicodeDecodeError as error:
        message = "The file .env is not UTF-8 text; save it as UTF-8."
        raise InvalidSettings(message) from error


def invalid_setting(name: str, reason: str) -> InvalidSettings:
    """Return the error for a field of the settings."""
    return InvalidSettings(f"Invalid setting OUTSPOKEN_{name.upper()}: {reason}.")


def require_voices_url(settings: ServiceSettings) -> str:
    """Return the URL of the voices' mirror.

    Raises:
        InvalidSettings: It is not set.
    """
    if settings.voices_url is None:
        message = (
            "Set OUTSPOKEN_VOICES_URL to the address of a mirror of"
            " rhasspy/piper-voices, or add local files with --file."
        )
        raise InvalidSettings(message)
    return settings.voices_url


def require_redis_url(settings: ServiceSettings) -> str:
    """Return the address of the queue's Redis.

    Raises:
        InvalidSettings: It is not set.
    """
    if settings.redis_url is None:
        message = "Set OUTSPOKEN_REDIS_URL, or start everything with `outspoken serve`."
        raise InvalidSettings(message)
    return settings.redis_url
