"""Claimants wait for a job; a job whose last claimant leaves is cancelled."""

import secrets
from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class ClaimantKind(StrEnum):
    """Kind of a claimant, as stored in Redis and in the names of pins."""

    ANONYMOUS = "anonymous"
    """A request that sent the text; it cannot be withdrawn."""

    LISTENER = "listener"
    """Someone who asked for the audio of a bulk job; all of them are one claimant."""

    ARTICLE = "article"
    """An article stored under the publisher's own id."""

    LIVE_STREAM = "listeners"
    """All listeners of a live stream in one API process."""


@dataclass(frozen=True, slots=True)
class Claimant:
    """Someone who waits for a job."""

    kind: ClaimantKind

    id: str = ""
    """Distinguishes claimants of the same kind; empty if there is only one."""

    def __str__(self) -> str:
        """Return the stored form: the kind, or "kind:id"."""
        return f"{self.kind}:{self.id}" if self.id else str(self.kind)

    @classmethod
    def article(cls, source_id: str) -> Self:
        """Return the claimant for an article, by the publisher's own id."""
        return cls(ClaimantKind.ARTICLE, source_id)

    @classmethod
    def new_live_stream(cls) -> Self:
        """Return a new claimant for the listeners of one live stream."""
        return cls(ClaimantKind.LIVE_STREAM, secrets.token_hex(8))


ANONYMOUS = Claimant(ClaimantKind.ANONYMOUS)

LISTENER = Claimant(ClaimantKind.LISTENER)
