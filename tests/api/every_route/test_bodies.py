"""Bodies that are no JSON, or nested too deeply, on every route that reads one."""

import json
from collections.abc import Iterator

import httpx2
import pytest

from service.api import ApiContext
from service.api.schemas.requests import ArticleRequestBody
from tests.support.api.addresses import ARTICLE, routes_of

JSON = {"Content-Type": "application/json"}
TEXT = "The harbour ferry is late."


def bodies_of(context: ApiContext) -> Iterator[tuple[str, str]]:
    """Yield method and address of every route that reads a body."""
    for route in routes_of(context):
        if route.body_field:
            path = route.path_format.format(source_id="tide-1")
            for method in route.methods or set():
                yield method, path


def nested(depth: int) -> Iterator[str]:
    yield "[" * depth + "]" * depth
    yield '{"a":' * depth + "1" + "}" * depth
    yield '[{"a":' * depth + "1" + "}]" * depth


@pytest.mark.parametrize("depth", [500, 5000, 200_000])
def test_body_that_is_nested_deeply_is_refused(
    context: ApiContext, idle_client: httpx2.Client, depth: int
) -> None:
    for method, path in bodies_of(context):
        for body in nested(depth):
            answer = idle_client.request(method, path, content=body, headers=JSON)
            assert answer.status_code in {400, 422}, (method, path, body[:6])
            assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("depth", [100, 500, 5000])
@pytest.mark.parametrize("field", [*ArticleRequestBody.model_fields, "unknown"])
def test_field_that_is_nested_deeply_is_refused(
    idle_client: httpx2.Client, field: str, depth: int
) -> None:
    for value in nested(depth):
        others = {"text": TEXT, "title": "Late"}
        others.pop(field, None)
        sent = f'{json.dumps(others)[:-1]}, "{field}": {value}}}'
        answer = idle_client.put(ARTICLE, content=sent, headers=JSON)
        assert answer.status_code in {400, 422}, answer.text
        assert "service failed" not in answer.text


@pytest.mark.parametrize(
    "media_type",
    [None, "text/plain", "text/json", "application/x-www-form-urlencoded", "json"],
)
def test_body_of_another_type_is_refused(
    context: ApiContext, idle_client: httpx2.Client, media_type: str | None
) -> None:
    content = json.dumps({"text": TEXT}).encode()
    headers = {"Content-Type": media_type} if media_type else {}
    addresses = list(bodies_of(context))
    assert len(addresses) == 3
    for method, path in addresses:
        answer = idle_client.request(method, path, content=content, headers=headers)
        assert answer.status_code == 415, (method, path)
        assert answer.json()["type"] == "about:unsupported-media-type"


@pytest.mark.parametrize(
    "media_type",
    ["application/json; charset=utf-8", "APPLICATION/JSON", "application/ld+json"],
)
def test_json_with_a_parameter_is_read(
    idle_client: httpx2.Client, media_type: str
) -> None:
    content = json.dumps({"text": TEXT}).encode()
    answer = idle_client.put(
        ARTICLE, content=content, headers={"Content-Type": media_type}
    )
    assert answer.status_code == 202


def test_field_whose_name_utf_8_cannot_represent_is_refused(
    idle_client: httpx2.Client,
) -> None:
    sent = '{"text": "The tide.", "\\ud800": 1}'
    answer = idle_client.put(ARTICLE, content=sent, headers=JSON)
    assert answer.status_code == 422
