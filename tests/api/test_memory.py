"""Memory that a large request takes comes back."""

from pathlib import Path

import httpx2
import pytest

from tests.support.paths import START_TIMEOUT_S
from tests.support.processes import children_of, command_of, wait_until
from tests.support.service import serving

pytestmark = [pytest.mark.live, pytest.mark.trial]

SMALL = {
    "text": "The tide turned at noon, the council of the town said.",
    "language": "en",
}
LARGE = [
    {"text": "half " * 30_000, "language": "en"},
    {"text": "word " * 4_000_000, "language": "en"},
    {"html": "<p>The tide turned.</p>" * 40_000, "language": "en"},
    {"html": "<td>" * 400_000, "language": "en"},
]
MAX_RATIO = 1.3


def resident_bytes(supervisor: int) -> int:
    """Return the memory of the API's processes."""
    api = [pid for pid in children_of(supervisor) if "service.api" in command_of(pid)]
    pids = [*api, *(child for pid in api for child in children_of(pid))]
    pages = [int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in pids]
    return sum(pages) * 4096


def test_memory_comes_back_after_large_requests(tmp_path: Path) -> None:
    with (
        serving(tmp_path / "data", voice="tone", prepare_processes="1") as service,
        httpx2.Client(base_url=service.address, timeout=START_TIMEOUT_S) as client,
    ):
        for body in (SMALL, LARGE[0]):
            client.post("/v1/narrations", json=body)
        before = resident_bytes(service.process.pid)
        for body in LARGE * 3:
            client.post("/v1/narrations", json=body)
        wait_until(lambda: resident_bytes(service.process.pid) < MAX_RATIO * before)
