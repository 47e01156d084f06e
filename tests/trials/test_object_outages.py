"""Trials of an object store that fails while narrations are made and heard."""

import time
from functools import partial

import httpx2
import pytest

from tests.support.cli import call
from tests.support.objects.faults import FaultyServer
from tests.support.objects.s3 import Bucket
from tests.support.service import RunningService
from tests.support.trials.crash_trials import (
    Figures,
    article,
    eventually,
    frontend,
    is_in,
    metric,
    post,
)

pytestmark = [pytest.mark.live, pytest.mark.timeout(900)]

ALWAYS = 100_000
"""More faults than there are requests."""

SENTENCES = 20

RENDERED = 'outspoken_sentences_total{source="rendered"}'

BOUND_S = 60
"""Ten times the time in which /readyz and requests are answered."""


def refusal(client: httpx2.Client, path: str) -> tuple[str, float]:
    """Return why a request is refused for now, and after which time."""
    began = time.monotonic()
    answer = client.get(path)
    took = time.monotonic() - began
    assert answer.status_code == 503, answer.text
    assert int(answer.headers["Retry-After"]) > 0
    assert took < BOUND_S
    return str(answer.json()["detail"]), took


@pytest.mark.parametrize(
    "fault",
    [pytest.param(fault, marks=pytest.mark.trial) for fault in (503, "silent")],
)
def test_a_narration_that_ends_while_the_store_fails_is_stored_later(
    object_service: RunningService,
    bucket: Bucket,
    faulty: FaultyServer,
    fault: int | str,
    figures: Figures,
) -> None:
    with frontend(object_service) as client:
        first = post(client, article(f"before {fault}", 2))
        eventually(partial(is_in, client, first, "ready"))
        heard = client.get(f"/v1/narrations/{first}.mp3").content
        before = metric(client, RENDERED)
        if fault == "silent":
            faulty.may_answer.clear()
        else:
            faulty.faults += [int(fault)] * ALWAYS
        key = post(client, article(f"meanwhile {fault}", SENTENCES))
        why, took = refusal(client, f"/v1/narrations/{first}.mp3")
        assert bucket.address in why
        why, ready_took = refusal(client, "/readyz")
        assert "library" in why
        doctor = call(
            "doctor", data=object_service.data, library=bucket.address, voice="tone"
        )
        assert f"WRONG  The library {bucket.address} does not answer" in doctor.stdout
        if fault != "silent":  # the worker waits a minute for each answer
            logged = f"{key} is tried again: The library {bucket.address}"
            eventually(lambda: logged in object_service.log.read_text())
        faulty.faults.clear()
        faulty.may_answer.set()
        eventually(partial(is_in, client, key, "ready"))
        eventually(lambda: client.get("/readyz").status_code == 200)
        assert client.get(f"/v1/narrations/{first}.mp3").content == heard
        assert client.get(f"/v1/narrations/{key}.mp3").status_code == 200
        eventually(lambda: metric(client, RENDERED) >= before + SENTENCES)
        assert metric(client, RENDERED) == before + SENTENCES
        figures(
            f"S3 answers {fault or 'by closing'}",
            f"503 after {took:.1f} s, /readyz after {ready_took:.1f} s; the narration"
            f" stored later, {SENTENCES} of {SENTENCES} sentences rendered",
        )


@pytest.mark.trial
def test_a_slow_store_is_waited_for(
    object_service: RunningService, faulty: FaultyServer, figures: Figures
) -> None:
    with frontend(object_service) as client:
        faulty.pause_s = 2
        key = post(client, article("slow", SENTENCES))
        eventually(partial(is_in, client, key, "ready"))
        began = time.monotonic()
        audio = client.get(f"/v1/narrations/{key}.mp3")
        took = time.monotonic() - began
        assert audio.status_code == 200
        assert client.get("/readyz").status_code == 200
        figures("S3 takes 2 s per answer", f"ready; the file heard after {took:.1f} s")


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (403, "refuses the credentials"),
        pytest.param("none", "does not exist; create it", marks=pytest.mark.trial),
    ],
)
def test_a_fault_of_settings_is_named_and_the_rest_resumed_once_it_is_corrected(
    object_service: RunningService,
    bucket: Bucket,
    faulty: FaultyServer,
    fault: int | str,
    said: str,
) -> None:
    with frontend(object_service) as client:
        text = article(f"settings {fault}", SENTENCES)
        if fault == 403:
            faulty.faults += [403] * ALWAYS
        else:
            httpx2.delete(f"{bucket.endpoint}/{bucket.name}").raise_for_status()
        key = post(client, text)
        eventually(partial(is_in, client, key, "failed"))
        assert said in client.get(f"/v1/narrations/{key}").json()["problem"]
        # A bucket that was there is taken to be there for ten seconds.
        eventually(lambda: said in client.get("/readyz").text)
        doctor = call(
            "doctor", data=object_service.data, library=bucket.address, voice="tone"
        )
        assert said in doctor.stdout
        faulty.faults.clear()
        httpx2.put(f"{bucket.endpoint}/{bucket.name}")
        assert post(client, text) == key
        eventually(partial(is_in, client, key, "ready"))
        eventually(lambda: metric(client, RENDERED) >= SENTENCES)
        assert metric(client, RENDERED) == SENTENCES
