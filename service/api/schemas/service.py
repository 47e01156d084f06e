"""JSON of the service itself: its voices and its health."""

from typing import Literal, Self

from pydantic import BaseModel

from voices.voice import Voice


class VoiceBody(BaseModel):
    """An installed voice."""

    id: str
    language: str
    licence: str
    credit: str

    default: bool
    """Whether it reads requests that name no voice."""

    @classmethod
    def of(cls, voice: Voice, default: str) -> Self:
        """Return the JSON of a voice."""
        return cls(
            id=voice.id,
            language=voice.language,
            licence=voice.licence,
            credit=voice.credit,
            default=voice.id == default,
        )


class HealthBody(BaseModel):
    """That the service is healthy."""

    status: Literal["ok"] = "ok"
