"""A real S3 API on 127.0.0.1, and its buckets."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx2
import pytest
from moto.server import ThreadedMotoServer


@dataclass(frozen=True)
class Bucket:
    """An empty bucket."""

    endpoint: str
    name: str

    @property
    def address(self) -> str:
        """Address of a library in it."""
        return f"s3://{self.name}/news/audio"

    def objects(self) -> int:
        """Return the number of objects in it."""
        listed = httpx2.get(f"{self.endpoint}/{self.name}?list-type=2")
        return listed.text.count("<Key>")


@contextmanager
def s3_server() -> Iterator[str]:
    """Serve the S3 API in this process; yield its endpoint."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield f"http://{host}:{port}"
    finally:
        server.stop()


def credentials(endpoint: str) -> dict[str, str]:
    """Return the environment variables of a client."""
    return {
        "AWS_ACCESS_KEY_ID": "test-key",
        "AWS_SECRET_ACCESS_KEY": "test-secret",  # pragma: allowlist secret
        "AWS_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": endpoint,
    }


def create_bucket(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Bucket:
    """Create a bucket, and set the environment variables of its clients."""
    bucket = Bucket(endpoint, f"test-{uuid.uuid4()}")
    httpx2.put(f"{endpoint}/{bucket.name}").raise_for_status()
    for name, value in credentials(endpoint).items():
        monkeypatch.setenv(name, value)
    return bucket
