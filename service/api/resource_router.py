"""Routes that HTTP clients expect of every resource: `ResourceRouter`."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request
from starlette.convertors import Convertor, register_url_convertor
from starlette.routing import Match

from service.access.policy import Access, access_of

KEY_SCHEME = "key"
"""Name of the security scheme of API keys in OpenAPI."""

_METHODS = ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")


class _Stem(Convertor[str]):
    """A part of a path without a dot: an extension names another resource."""

    regex = "[^/.]+"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("stem", _Stem())


class ResourceRouter(APIRouter):
    """A router whose GET routes answer HEAD too, and whose routes declare their access.

    In a path, `{name:stem}` matches a part without a dot.
    """

    def add_api_route(
        self,
        path: str,
        endpoint: Callable[..., Any],
        **options: Any,  # noqa: ANN401 - as of the base class
    ) -> None:
        """Add a route; the server removes the body of an answer to HEAD.

        Raises:
            TypeError: `service.access.policy.allow` does not declare its access.
        """
        described = _describe(access_of(endpoint))
        options["openapi_extra"] = described | (options.get("openapi_extra") or {})
        super().add_api_route(path, endpoint, **options)
        if "GET" in options["methods"]:
            head = options | {"methods": ["HEAD"], "include_in_schema": False}
            super().add_api_route(path, endpoint, **head)


def _describe(access: Access) -> dict[str, Any]:
    """Return what OpenAPI says of an access level."""
    with_key: dict[str, list[str]] = {KEY_SCHEME: []}
    security = {
        Access.PUBLIC: [{}],
        Access.LISTENER: [{}, with_key],
    }.get(access, [with_key])
    return {"x-access": access.value, "security": security}


def allowed_methods(request: Request) -> list[str]:
    """Return the methods that the path of a request has."""
    return [
        method
        for method in _METHODS
        if any(
            route.matches({**request.scope, "method": method})[0] is Match.FULL
            for route in request.app.routes
        )
    ]
