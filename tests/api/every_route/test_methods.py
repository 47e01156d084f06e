"""Every address answers HEAD as GET, and refuses other methods with `Allow`."""

import httpx2
import pytest

from service.api import ApiContext
from tests.support.api.addresses import AUDIO, METHODS, addresses_of
from tests.support.api.live_stream import KEY

CHANGING = {"date", "content-length"}
"""Headers that may differ between two answers: metrics count the first one."""


def headers_of(answer: httpx2.Response) -> dict[str, str]:
    return {
        name: value for name, value in answer.headers.items() if name not in CHANGING
    }


def test_head_has_the_headers_of_get_and_no_body(
    context: ApiContext, ready_client: httpx2.Client
) -> None:
    read = [path for path, methods in addresses_of(context).items() if "GET" in methods]
    assert len(read) > 10
    for path in read:
        get, head = ready_client.get(path), ready_client.head(path)
        assert get.content, path
        assert head.content == b"", path
        assert head.status_code == get.status_code, path
        assert headers_of(head) == headers_of(get), path
        assert "Content-Length" in head.headers, path
        if path != "/metrics":
            assert head.headers["Content-Length"] == str(len(get.content)), path


def test_other_methods_are_refused_with_those_that_are_allowed(
    context: ApiContext, ready_client: httpx2.Client
) -> None:
    for path, allowed in addresses_of(context).items():
        for method in {*METHODS, "OPTIONS", "TRACE"} - allowed:
            answer = ready_client.request(method, path)
            assert answer.status_code == 405, (method, path)
            named = answer.headers["Allow"].split(", ")
            assert sorted(named) == sorted(allowed), (method, path)
            assert answer.headers["Content-Type"] == "application/problem+json"


def test_audio_cannot_be_deleted_by_its_address(ready_client: httpx2.Client) -> None:
    answer = ready_client.delete(AUDIO)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")
    assert ready_client.get(AUDIO).status_code == 200


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", [f"{KEY}.xyz", f"{KEY}.mp3.xyz", "a.b", f"{KEY}."])
def test_unknown_extension_is_not_found(
    idle_client: httpx2.Client, method: str, name: str
) -> None:
    answer = idle_client.request(method, f"/v1/narrations/{name}")
    assert answer.status_code == 404
    assert idle_client.get(f"/v1/narrations/{name}/cuts").status_code == 404
