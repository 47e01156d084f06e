"""Clients that send slowly take neither threads nor connections from the others."""

import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from http import HTTPStatus

import httpx2
import pytest

from service.api import ApiContext
from service.api.middleware import body_limit
from tests.support.api.server import answering
from tests.support.paths import START_TIMEOUT_S

HALF_HEADER = b"GET /healthz HTTP/1.1\r\nHo"
HEADER = (
    b"POST /v1/narrations HTTP/1.1\r\nHost: localhost\r\nContent-Length: 40000\r\n\r\n"
)
HALF_BODY = HEADER + b'{"text": "The tide'
SLOW_CLIENTS = 45
PATIENT_S, IMPATIENT_S = 300, 0.3
"""Time for a request, in tests that do not wait for its end and in those that do."""


@contextmanager
def connected(client: httpx2.Client, data: bytes) -> Iterator[socket.socket]:
    """Connect to the server, send data and leave the connection open."""
    url = client.base_url
    with socket.create_connection((url.host, url.port or 80), START_TIMEOUT_S) as door:
        door.sendall(data)
        yield door


def rest_of(door: socket.socket) -> bytes:
    """Return what is received until the server closes the connection."""
    received = b""
    while data := door.recv(65_536):
        received += data
    return received


@pytest.mark.parametrize("data", [b"", HALF_HEADER])
def test_a_connection_without_a_whole_header_is_closed(
    context: ApiContext, data: bytes
) -> None:
    impatient = replace(context, request_timeout_s=IMPATIENT_S)
    with answering(impatient) as client, connected(client, data) as door:
        assert rest_of(door) == b""


def test_a_header_that_trickles_in_is_not_waited_for(context: ApiContext) -> None:
    impatient = replace(context, request_timeout_s=IMPATIENT_S)
    with answering(impatient) as client, connected(client, HALF_HEADER) as door:
        door.settimeout(IMPATIENT_S / 10)
        for _ in range(10 * START_TIMEOUT_S):
            try:
                door.sendall(b"o")
                if door.recv(1) == b"":
                    return
            except TimeoutError:
                continue
            except OSError:
                return  # closed while we sent
        pytest.fail("the connection stays open")


def test_the_second_header_of_a_connection_has_a_time_limit_too(
    context: ApiContext,
) -> None:
    impatient = replace(context, request_timeout_s=IMPATIENT_S)
    first = b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
    with answering(impatient) as client, connected(client, first) as door:
        assert door.recv(65_536).startswith(b"HTTP/1.1 200")
        door.sendall(HALF_HEADER)
        rest_of(door)


@pytest.mark.parametrize("sent", [HEADER, HALF_BODY], ids=["none of it", "half of it"])
def test_a_body_that_does_not_arrive_is_answered_and_its_connection_closed(
    context: ApiContext, sent: bytes
) -> None:
    impatient = replace(context, request_timeout_s=IMPATIENT_S)
    with answering(impatient) as client, connected(client, sent) as door:
        answer = rest_of(door)
    # Not only later, by the time-out between requests, which each byte resets.
    assert b"connection: close" in answer.lower()
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"about:body-too-slow" in answer


def test_a_short_body_that_arrives_in_time_is_not_refused(context: ApiContext) -> None:
    body = json.dumps({"text": "The tide turned."}).encode()
    header = HEADER.replace(b"40000", str(len(body)).encode())
    header = header.replace(b"\r\n\r\n", b"\r\nContent-Type: application/json\r\n\r\n")
    with answering(context) as client, connected(client, header) as door:
        for at in range(len(body)):
            door.sendall(body[at : at + 1])
        assert door.recv(65_536).startswith(b"HTTP/1.1 202 ")


def test_everything_is_answered_while_many_bodies_arrive_slowly(
    context: ApiContext,
) -> None:
    patient = replace(context, request_timeout_s=PATIENT_S)
    with answering(patient) as client, ExitStack() as stack:
        for _ in range(SLOW_CLIENTS):
            stack.enter_context(connected(client, HALF_BODY))
        assert client.get("/healthz").status_code == HTTPStatus.OK
        assert client.get("/").status_code == HTTPStatus.OK
        missing = f"/v1/narrations/{'0' * 32}"
        assert client.get(missing).status_code == HTTPStatus.NOT_FOUND
        sent = client.post("/v1/narrations", json={"text": "The tide turned."})
        assert sent.status_code == HTTPStatus.ACCEPTED


def test_of_too_many_bodies_at_once_the_last_is_refused(
    context: ApiContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(body_limit, "_MAX_READERS", 2)
    patient = replace(context, request_timeout_s=PATIENT_S)
    with answering(patient) as client, ExitStack() as stack:
        for _ in range(2):
            stack.enter_context(connected(client, HALF_BODY))
        with connected(client, HALF_BODY) as door:
            refusal = rest_of(door)
        assert refusal.startswith(b"HTTP/1.1 503 ")
        assert b"retry-after" in refusal.lower()
        assert client.get("/healthz").status_code == HTTPStatus.OK


def test_bodies_that_are_held_at_once_have_a_limit_together(
    context: ApiContext,
) -> None:
    short = replace(context, request_timeout_s=PATIENT_S, max_body=60)
    with answering(short) as client, ExitStack() as stack:
        for _ in range(4):
            stack.enter_context(connected(client, HEADER + b" " * 60))
        with connected(client, HEADER + b" " * 60) as door:
            assert rest_of(door).startswith(b"HTTP/1.1 503 ")


def test_a_body_that_is_too_long_closes_its_connection(context: ApiContext) -> None:
    short = replace(context, max_body=60)
    with answering(short) as client, connected(client, HEADER + b" " * 61) as door:
        answer = rest_of(door)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"connection: close" in answer.lower()
