"""Refuse writes for foreign hosts, against DNS rebinding."""

import re
from collections.abc import Collection
from http import HTTPStatus
from ipaddress import ip_address

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from service.api.problems import problem

_HOST = re.compile(r"([^\s\[\]:@/]+|\[[0-9A-Fa-f:.]+\])(?::\d*)?")
"""A name or address, and a port."""

_READS = {"GET", "HEAD", "OPTIONS"}


def is_loopback(host: str) -> bool:
    """Return whether a name or address means this machine."""
    name = host.strip("[]").rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


class HostCheck:
    """Refuses writes whose Host is neither loopback nor a known name.

    A service that listens on loopback has no authentication.  A page on the web could
    have its own name resolve to 127.0.0.1, and then write as if it were of this site;
    its requests still have its name as Host.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str]) -> None:
        """Pass writes for loopback and for `hosts` to `app`, and every read."""
        self._app = app
        self._hosts = {host.lower() for host in hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse the request or call the application."""
        if (
            scope["type"] != "http"
            or scope["method"] in _READS
            or self._is_known(Headers(scope=scope).getlist("Host"))
        ):
            await self._app(scope, receive, send)
            return
        detail = (
            "The service does not have the host of this request; send it to loopback,"
            " or set OUTSPOKEN_PUBLIC_URL to the address that clients use."
        )
        refusal = problem(HTTPStatus.MISDIRECTED_REQUEST, "ForeignHost", detail)
        # The body is not read.
        refusal.headers["Connection"] = "close"
        await refusal(scope, receive, send)

    def _is_known(self, hosts: list[str]) -> bool:
        if len(hosts) != 1:
            return False
        match = _HOST.fullmatch(hosts[0])
        if match is None:
            return False
        return is_loopback(match[1]) or match[1].lower() in self._hosts
