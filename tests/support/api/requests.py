"""Requests to the API, as a news frontend sends them."""

import itertools

import httpx2

_counter = itertools.count(1)


def fresh_text() -> str:
    """Return an article that no other test has requested."""
    number = "very " * next(_counter)
    return (
        f"The harbour ferry is {number}late, the council said on Monday evening.\n"
        "Passengers waited on the quay in the rain for most of the afternoon."
    )


def request_narration(client: httpx2.Client, **body: object) -> httpx2.Response:
    """Post a request for a narration."""
    return client.post("/v1/narrations", json=body)
