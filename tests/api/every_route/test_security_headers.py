"""Every answer has the security headers, and none names the server's software."""

import socket
from dataclasses import replace
from typing import cast

import httpx2
import pytest

from service.api import ApiContext
from service.operations.readiness import Readiness
from tests.support.api.addresses import AUDIO, METHODS, addresses_of
from tests.support.api.server import answering


def require_headers(answer: httpx2.Response) -> None:
    place = f"{answer.request.method} {answer.request.url}: {answer.status_code}"
    assert answer.headers.get_list("X-Content-Type-Options") == ["nosniff"], place
    assert answer.headers.get_list("Referrer-Policy") == ["no-referrer"], place
    assert "Server" not in answer.headers, place


def test_every_answer_has_the_security_headers(
    context: ApiContext, ready_client: httpx2.Client
) -> None:
    for path in [*addresses_of(context), "/nowhere"]:
        # Last, it removes what the others need.
        for method in [*sorted(METHODS, reverse=True), "OPTIONS"]:
            require_headers(ready_client.request(method, path))


@pytest.mark.parametrize(
    "headers", [{"Range": "bytes=0-1"}, {"Range": "bytes=9999999-"}]
)
def test_ranges_have_the_security_headers(
    ready_client: httpx2.Client, headers: dict[str, str]
) -> None:
    require_headers(ready_client.get(AUDIO, headers=headers))


def test_preflight_has_the_security_headers(ready_client: httpx2.Client) -> None:
    headers = {"Origin": "https://a.example", "Access-Control-Request-Method": "GET"}
    answer = ready_client.options(AUDIO, headers=headers)
    assert answer.status_code == 200
    require_headers(answer)


def test_body_that_is_too_long_is_refused_with_the_security_headers(
    context: ApiContext,
) -> None:
    with answering(replace(context, max_body=10)) as client:
        answer = client.post("/v1/narrations", json={"text": "The tide is in."})
    assert answer.status_code == 413
    require_headers(answer)


class BrokenReadiness:
    def require(self) -> None:
        raise ZeroDivisionError


def test_failure_of_the_service_has_the_security_headers(context: ApiContext) -> None:
    broken = replace(context, readiness=cast("Readiness", BrokenReadiness()))
    with answering(broken) as client:
        answer = client.get("/readyz")
    assert answer.status_code == 500
    require_headers(answer)


@pytest.mark.live
def test_running_service_does_not_name_its_software(client: httpx2.Client) -> None:
    for path in ("/", "/healthz", "/v1/voices", "/feeds/all.xml", "/nowhere"):
        require_headers(client.get(path))


def test_request_that_is_not_http_is_not_answered_with_a_name(
    idle_client: httpx2.Client,
) -> None:
    address = (idle_client.base_url.host, idle_client.base_url.port)
    with socket.create_connection(address) as connection:
        connection.sendall(b"nonsense\r\n\r\n")
        answer = connection.recv(10_000)
    assert answer.startswith(b"HTTP/1.1 400")
    assert b"server:" not in answer.lower()
