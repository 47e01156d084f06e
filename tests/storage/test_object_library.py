"""A service whose library is in an object store."""

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.support.cli import call
from tests.support.objects.faults import FaultyServer
from tests.support.objects.s3 import Bucket
from tests.support.processes import wait_until
from tests.support.service import RunningService, client_of, run, serving

TEXT = "The tide turned at noon. No one saw it turn. The harbour slept on. " * 8


@pytest.fixture(name="client")
def _client(object_service: RunningService) -> Iterator[httpx2.Client]:
    with client_of(object_service) as client:
        yield client


def request(client: httpx2.Client) -> str:
    """Request the narration; return its address."""
    answer = client.post("/v1/narrations", json={"text": TEXT, "source": "article"})
    assert answer.status_code in {200, 202}, answer.text
    return f"/v1/narrations/{answer.json()['key']}"


def state(client: httpx2.Client, narration: str) -> str:
    return str(client.get(narration).json()["state"])


@pytest.mark.live
def test_audio_is_heard_while_it_is_rendered_and_by_range_afterwards(
    client: httpx2.Client, object_service: RunningService, bucket: Bucket
) -> None:
    assert client.get("/readyz").status_code == 200, client.get("/readyz").text
    narration = request(client)
    streamed = client.get(f"{narration}.mp3")
    assert streamed.status_code == 200
    wait_until(lambda: state(client, narration) == "ready")
    assert client.get(f"{narration}.mp3").content == streamed.content
    part = client.get(f"{narration}.mp3", headers={"Range": "bytes=100-299"})
    assert part.status_code == 206
    assert part.content == streamed.content[100:300]
    assert bucket.objects() == 1
    assert not list(object_service.data.rglob("*.mp3"))
    assert client.delete(narration).status_code == 204
    assert bucket.objects() == 0


@pytest.mark.live
def test_a_narration_that_could_not_be_stored_is_made_when_asked_again(
    client: httpx2.Client, faulty: FaultyServer
) -> None:
    faulty.faults += [403] * 500
    narration = request(client)
    wait_until(lambda: state(client, narration) == "failed")
    problem = client.get(narration).json()["problem"]
    assert "refuses the credentials" in problem
    not_ready = client.get("/readyz")
    assert not_ready.status_code == 503
    assert "refuses the credentials" in not_ready.text
    faulty.faults.clear()
    assert request(client) == narration
    wait_until(lambda: state(client, narration) == "ready")
    assert client.get(f"{narration}.mp3").status_code == 200


@pytest.mark.live
def test_finished_audio_is_redirected_to_the_store(
    bucket: Bucket, tmp_path: Path
) -> None:
    settings = {"library": bucket.address, "voice": "tone", "redirect_audio": "true"}
    with (
        serving(tmp_path / "data", **settings) as service,
        client_of(service) as client,
    ):
        narration = request(client)
        wait_until(lambda: state(client, narration) == "ready")
        for method in ("HEAD", "GET"):
            moved = client.request(method, f"{narration}.mp3")
            assert moved.status_code == 307
            assert moved.headers["Cache-Control"] == "no-store"
            found = httpx2.request(method, moved.headers["Location"])
            assert found.status_code == 200
            assert found.headers["Content-Type"] == "audio/mpeg"
        whole = httpx2.get(moved.headers["Location"]).content
        assert whole[:3] == b"ID3"


def test_an_article_is_narrated_without_a_queue(bucket: Bucket, tmp_path: Path) -> None:
    article = tmp_path / "article.txt"
    article.write_text(TEXT)
    spoken = tmp_path / "article.mp3"
    done = run(
        "narrate", article, "-o", spoken, data=tmp_path / "data", library=bucket.address
    )
    assert done.returncode == 0, done.stderr
    assert spoken.exists()
    assert bucket.objects() == 1
    assert not list((tmp_path / "data" / "segments").rglob("*0*"))


def test_doctor_names_a_missing_bucket(bucket: Bucket, tmp_path: Path) -> None:
    missing = f"s3://{bucket.name}-missing/audio"
    done = call("doctor", data=tmp_path, library=missing, voice="tone")
    assert done.returncode == 1
    (wrong,) = (line for line in done.stdout.splitlines() if line.startswith("WRONG"))
    assert f"The bucket of the library {missing} does not exist" in wrong
