"""What a door is told: the workers' settings and those of the service around them."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import SettingsError

from service.errors import InvalidSelector, InvalidSettings
from service.page import MAX_HTML, Selectors
from service.script import Announcements, Pauses
from service.script.announcements import fields_of
from workers import settings


class ServiceSettings(settings.WorkerSettings):
    """Every setting there is; docs/REFERENCE.md lists them."""

    lexicon: Path | None = None
    """A publisher's own pronunciations: a TOML file like voices/lexicons/en.toml."""

    intro: str = ""
    """What is said before an article: a template of service.script.announcements."""

    outro: str = ""
    """What is said after it."""

    pauses: Mapping[str, object] = Field(default_factory=dict)
    """Silences that differ from those of service.script.pauses, in seconds, as a JSON
    object such as {"paragraph": 0.7}."""

    markers: Path | None = None
    """A publisher's own phrases for the cleaner: a TOML file like markers.toml."""

    max_characters: int = Field(default=200_000, ge=1)
    """Characters of an article after cleaning; three and a half hours of audio."""

    max_body: int = Field(default=4_000_000, ge=1)
    """Bytes of a request's body."""

    max_html: int = Field(default=MAX_HTML, ge=1)
    """Characters of a page of HTML; reading one takes time that grows with it."""

    html_include: tuple[str, ...] = ()
    """CSS selectors of where the article stands on a page, as a JSON list; on pages
    that have such an element nothing else is read."""

    html_exclude: tuple[str, ...] = ()
    """CSS selectors of what is never read of a page, as a JSON list."""

    host: str = Field(default="127.0.0.1", min_length=1)
    """Where the API listens.  It knows no passwords: anything but loopback belongs
    behind a gateway that does."""

    port: int = Field(default=8000, ge=0, le=65535)
    """The API's port; 0 takes a free one."""

    api_processes: int = Field(default=1, ge=1)
    """Processes of the API that `outspoken serve` runs; one serves hundreds of
    listeners, as it waits more than it works."""

    publication: str = "Outspoken"
    """Whose articles these are: the feed's title and author."""

    public_url: str | None = None
    """Where listeners reach the service, such as `https://audio.example.org`; None
    writes links to the address that a request came to."""

    origins: tuple[str, ...] = ("*",)
    """Sites whose pages may use the API (CORS), as a JSON list; "*" lets every page
    listen and none write."""

    voices_url: str | None = None
    """Where `outspoken voices add` finds voices: the address of a mirror of
    rhasspy/piper-voices, under which its voices.json lies."""

    @field_validator("html_include", "html_exclude")
    @classmethod
    def _selectors(cls, selectors: tuple[str, ...]) -> tuple[str, ...]:
        try:
            Selectors(selectors)
        except InvalidSelector as error:
            raise ValueError(str(error).rstrip(".")) from error
        return selectors

    @field_validator("intro", "outro")
    @classmethod
    def _template(cls, template: str) -> str:
        # Raises ValueError for a field that there is not.
        list(fields_of(template))
        return template.strip()

    @field_validator("pauses")
    @classmethod
    def _seconds(cls, seconds: Mapping[str, object]) -> Mapping[str, object]:
        Pauses.of_seconds(seconds)
        return seconds

    @property
    def announcements(self) -> Announcements:
        """What the publisher wants said around its articles."""
        return Announcements(self.intro, self.outro, self.publication)

    @property
    def selectors(self) -> Selectors:
        """What the publisher wants read of its pages."""
        return Selectors(self.html_include, self.html_exclude)

    @field_validator("public_url", "voices_url")
    @classmethod
    def _address(cls, address: str | None) -> str | None:
        if address and not address.startswith(("http://", "https://")):
            message = "begin it with https://"
            raise ValueError(message)
        return address or None


def read_settings(**given: object) -> ServiceSettings:
    """Read the settings; `given` ones go before the environment's.

    Raises InvalidSettings, which names the setting.
    """
    try:
        return ServiceSettings().model_copy(update=given)
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        message = f"Mend the setting OUTSPOKEN_{name}: {first['msg']}."
        raise InvalidSettings(message) from error
    except SettingsError as error:  # a list that is no JSON
        raise InvalidSettings(f"Mend a setting: {error}.") from error
    except UnicodeDecodeError as error:
        raise InvalidSettings(
            "The file .env is no UTF-8 text; save it as such."
        ) from error


def require_voices_url(settings: ServiceSettings) -> str:
    """Return the URL of the voices' mirror; raises InvalidSettings if unset."""
    if settings.voices_url is None:
        message = (
            "Set OUTSPOKEN_VOICES_URL to the address of a mirror of"
            " rhasspy/piper-voices, or add files that you have with --file."
        )
        raise InvalidSettings(message)
    return settings.voices_url


def require_redis_url(settings: ServiceSettings) -> str:
    """Return the address of the queue's Redis; raises InvalidSettings without one."""
    if settings.redis_url is None:
        message = "Set OUTSPOKEN_REDIS_URL, or start everything with `outspoken serve`."
        raise InvalidSettings(message)
    return settings.redis_url
