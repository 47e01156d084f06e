"""Access levels of routes: `Access`, declared by `allow`."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])

_DECLARED = "outspoken_access"


class Access(StrEnum):
    """Who may use a route; docs/REFERENCE.md lists every route with its level."""

    PUBLIC = "public"
    """Everyone."""

    LISTENER = "listener"
    """Everyone, if the narration or the article in the path is public; else those with
    a signed address or a key that reads."""

    READ = "read"
    """Every key."""

    WRITE = "write"
    """Keys that write."""

    ADMIN = "admin"
    """Keys that administrate."""


def allow(access: Access) -> Callable[[Endpoint], Endpoint]:
    """Return a decorator that declares who may use an endpoint."""

    def declare(endpoint: Endpoint) -> Endpoint:
        setattr(endpoint, _DECLARED, access)
        return endpoint

    return declare


def access_of(endpoint: Callable[..., Any]) -> Access:
    """Return the level that `allow` declared.

    Raises:
        TypeError: None was declared; a route that was forgotten would be open.
    """
    access = getattr(endpoint, _DECLARED, None)
    if not isinstance(access, Access):
        name = getattr(endpoint, "__qualname__", repr(endpoint))
        message = f"{name} declares no access; put @allow(Access.…) above it."
        raise TypeError(message)
    return access
