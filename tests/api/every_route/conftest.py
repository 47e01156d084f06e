"""Fixtures of tests over every route."""

from collections.abc import Iterator

import httpx2
import pytest

from service.api import ApiContext
from tests.support.api.addresses import store_article
from tests.support.api.server import answering


@pytest.fixture(name="ready_client")
def _ready_client(context: ApiContext) -> Iterator[httpx2.Client]:
    """A client of an API that has an article with a finished narration."""
    store_article(context)
    with answering(context) as client:
        yield client
