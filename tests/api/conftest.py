"""Fixtures of the API's tests."""

from collections.abc import Iterator

import pytest

from service.api import ApiContext
from tests.support.api.live_stream import (
    StreamingSetup,
    rendering,
)


@pytest.fixture(name="setup")
def _setup(context: ApiContext) -> Iterator[StreamingSetup]:
    with rendering(context) as setup:
        yield setup
