"""Describe what FastAPI cannot know of the API: `describe_keys`."""

from typing import Any

from fastapi import FastAPI

from service.api.resource_router import KEY_SCHEME

_SCHEME = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "osk_…",
    "description": "An API key of `outspoken keys create`; see `x-access` of a route.",
}


def describe_keys(app: FastAPI) -> None:
    """Add the security scheme of API keys to the OpenAPI document of an app."""
    write = app.openapi

    def openapi() -> dict[str, Any]:
        document = write()
        components = document.setdefault("components", {})
        components["securitySchemes"] = {KEY_SCHEME: _SCHEME}
        return document

    # As FastAPI's documentation has it: the document is an attribute of the app.
    app.openapi = openapi  # type: ignore[method-assign]
