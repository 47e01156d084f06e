"""`GET /v1/voices`: the installed voices."""

from fastapi import APIRouter

from service.access.policy import Access, allow
from service.api.context import ApiContext
from service.api.resource_router import ResourceRouter
from service.api.schemas.service import VoiceBody


def routes(context: ApiContext) -> APIRouter:
    """Return the route of the voices."""
    router = ResourceRouter(prefix="/v1/voices", tags=["voices"])

    @router.get("")
    @allow(Access.PUBLIC)
    async def get() -> list[VoiceBody]:
        """List the installed voices."""
        return [
            VoiceBody.of(voice, context.default_voice)
            for voice in context.catalogue.voices
        ]

    return router
