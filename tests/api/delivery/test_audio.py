"""Tests of finished audio over HTTP: ranges, caching, other origins."""

import hashlib

import httpx2
import pytest

from tests.support.api.requests import fresh_text, request_narration

pytestmark = pytest.mark.live


@pytest.fixture(name="ready")
def _ready(client: httpx2.Client) -> dict[str, str]:
    """Links of a finished narration."""
    links: dict[str, str] = request_narration(client, text=fresh_text()).json()["links"]
    assert client.get(links["audio"]).status_code == 200
    return links


@pytest.mark.parametrize(
    ("range_header", "status", "piece"),
    [
        ("bytes=0-1", 206, slice(0, 2)),
        ("BYTES=0-1", 206, slice(0, 2)),
        ("bytes=100-", 206, slice(100, None)),
        ("bytes=-7", 206, slice(-7, None)),
        ("bytes=5-99999999", 206, slice(5, None)),
        ("bytes=99999999-", 416, slice(0, 0)),
        ("bytes=-0", 416, slice(0, 0)),
        ("bytes=7-5", 200, slice(None)),
        ("bytes=0-" + "9" * 5000, 200, slice(None)),
        ("bytes=abc", 200, slice(None)),
        ("bytes=-", 200, slice(None)),
        ("items=0-1", 200, slice(None)),
        ("bytes=0-1,3-4", 200, slice(None)),
    ],
)
def test_audio_is_served_by_range(
    client: httpx2.Client,
    ready: dict[str, str],
    range_header: str,
    status: int,
    piece: slice,
) -> None:
    whole = client.get(ready["audio"]).content
    response = client.get(ready["audio"], headers={"Range": range_header})
    assert response.status_code == status
    assert response.content == whole[piece]
    assert response.headers["Content-Length"] == str(len(whole[piece]))
    assert response.headers["Accept-Ranges"] == "bytes"
    if status == 206:
        start = range(len(whole))[piece].start
        end = start + len(whole[piece]) - 1
        assert response.headers["Content-Range"] == f"bytes {start}-{end}/{len(whole)}"


def test_head_of_audio_has_its_length_and_no_body(
    client: httpx2.Client, ready: dict[str, str]
) -> None:
    whole, head = client.get(ready["audio"]), client.head(ready["audio"])
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["Content-Length"] == str(len(whole.content))


def test_audio_is_immutable_and_has_an_etag(
    client: httpx2.Client, ready: dict[str, str]
) -> None:
    whole = client.get(ready["audio"])
    etag = whole.headers["ETag"]
    assert etag == f'"{hashlib.sha256(whole.content).hexdigest()}"'
    assert "immutable" in whole.headers["Cache-Control"]
    fresh = client.get(ready["audio"], headers={"If-None-Match": etag})
    assert (fresh.status_code, fresh.content) == (304, b"")
    stale = {"Range": "bytes=0-1", "If-Range": '"other"'}
    assert client.get(ready["audio"], headers=stale).status_code == 200


@pytest.mark.parametrize(
    "lines",
    [
        ["*"],
        ["{etag}"],
        ["W/{etag}"],
        ['"other", W/{etag}'],
        ['"other"', "{etag}"],
    ],
)
def test_audio_that_the_client_has_is_not_sent_again(
    client: httpx2.Client, ready: dict[str, str], lines: list[str]
) -> None:
    etag = client.head(ready["audio"]).headers["ETag"]
    headers = [("If-None-Match", line.format(etag=etag)) for line in lines]
    response = client.get(ready["audio"], headers=headers)
    assert (response.status_code, response.content) == (304, b"")
    assert response.headers["ETag"] == etag


@pytest.mark.parametrize("tag", ['"other"', "other", "{bare}", '"*"'])
def test_audio_with_another_tag_is_sent(
    client: httpx2.Client, ready: dict[str, str], tag: str
) -> None:
    bare = client.head(ready["audio"]).headers["ETag"].strip('"')
    headers = {"If-None-Match": tag.format(bare=bare)}
    assert client.get(ready["audio"], headers=headers).status_code == 200


def test_refused_range_is_not_cached(
    client: httpx2.Client, ready: dict[str, str]
) -> None:
    response = client.get(ready["audio"], headers={"Range": "bytes=99999999-"})
    assert response.headers["Cache-Control"] == "no-store"
    assert "ETag" not in response.headers


def test_other_origins_may_read_audio(
    client: httpx2.Client, ready: dict[str, str]
) -> None:
    response = client.get(ready["audio"], headers={"Origin": "https://news.example"})
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Content-Range" in response.headers["Access-Control-Expose-Headers"]


def test_other_origins_may_not_write(client: httpx2.Client) -> None:
    headers = {"Origin": "https://evil.example", "Access-Control-Request-Method": "PUT"}
    response = client.options("/v1/articles/a", headers=headers)
    assert "PUT" not in response.headers["Access-Control-Allow-Methods"]
