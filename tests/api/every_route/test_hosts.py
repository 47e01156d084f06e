"""A service on loopback takes writes for known hosts only, against DNS rebinding."""

from dataclasses import replace
from pathlib import Path

import httpx2
import pytest

from service.api import ApiContext
from service.api.__main__ import open_context
from service.settings import ServiceSettings
from tests.support.api.addresses import ARTICLE, WRITES, addresses_of, store_article
from tests.support.api.server import answering

FOREIGN = [
    "evil.example",
    "evil.example:8000",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "evil.example@127.0.0.1",
    "10.0.0.7:8000",
    "0.0.0.0:8000",
    "[::2]:8000",
    "[::1",
    "",
]
LOOPBACK = [
    "127.0.0.1",
    "127.0.0.1:80",
    "127.8.9.1:8000",
    "localhost",
    "LOCALHOST:9",
    "localhost.:8000",
    "wenlow.localhost",
    "[::1]",
    "[::1]:8000",
]
PUBLIC = ["audio.example", "AUDIO.example:443", "audio.example:8000"]


@pytest.mark.parametrize("host", FOREIGN)
def test_every_write_for_a_foreign_host_is_refused(
    context: ApiContext, host: str
) -> None:
    store_article(context)
    known = replace(context, public_url="https://audio.example/news")
    with answering(known) as client:
        for path, methods in addresses_of(context).items():
            for method in methods & set(WRITES):
                answer = client.request(method, path, headers={"Host": host})
                assert answer.status_code == 421, (method, path)
                assert answer.json()["type"] == "about:foreign-host"
        assert client.get(ARTICLE).json()["narration"]["state"] == "ready"


@pytest.mark.parametrize("host", [*LOOPBACK, *PUBLIC])
def test_known_hosts_may_write(context: ApiContext, host: str) -> None:
    known = replace(context, public_url="https://Audio.example/news")
    with answering(known) as client:
        sent = {"text": "The harbour ferry is late."}
        answer = client.put(ARTICLE, json=sent, headers={"Host": host})
        assert answer.status_code == 202
        assert client.delete(ARTICLE, headers={"Host": host}).status_code == 204


def test_everything_is_read_for_any_host(
    context: ApiContext, ready_client: httpx2.Client
) -> None:
    for path, methods in addresses_of(context).items():
        for method in methods - set(WRITES):
            own = ready_client.request(method, path)
            other = ready_client.request(method, path, headers={"Host": "a.example"})
            assert other.status_code == own.status_code, (method, path)


def test_service_on_other_addresses_takes_writes_for_any_host(
    context: ApiContext,
) -> None:
    with answering(replace(context, is_on_loopback=False)) as client:
        headers = {"Host": "narrator.internal:8000"}
        sent = {"text": "The harbour ferry is late."}
        assert client.put(ARTICLE, json=sent, headers=headers).status_code == 202


@pytest.mark.parametrize(
    ("host", "is_on_loopback"),
    [
        ("127.0.0.1", True),
        ("localhost", True),
        ("::1", True),
        ("0.0.0.0", False),  # noqa: S104 - as an operator may set it
        ("::", False),
        ("10.0.0.7", False),
    ],
)
def test_the_address_that_the_service_listens_on_decides(
    tmp_path: Path, host: str, *, is_on_loopback: bool
) -> None:
    settings = ServiceSettings(data=tmp_path, redis_url="redis://absent", host=host)
    assert open_context(settings).is_on_loopback is is_on_loopback


@pytest.mark.live
def test_running_service_refuses_foreign_writes(client: httpx2.Client) -> None:
    answer = client.delete("/v1/articles/absent", headers={"Host": "evil.example"})
    assert answer.status_code == 421
    assert client.delete("/v1/articles/absent").status_code == 404
