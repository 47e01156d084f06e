"""`outspoken worker --healthcheck`: whether a worker of this machine is alive."""

import socket
from pathlib import Path

from redis import Redis

from tests.support.cli import call
from workers.queue.stats import Stats


def test_a_worker_of_this_machine_is_healthy(
    tmp_path: Path, broker: str, redis: Redis
) -> None:
    Stats(redis).record_heartbeat(f"{socket.gethostname()}:7")
    check = call("worker", "--healthcheck", data=tmp_path / "data", redis_url=broker)
    assert (check.returncode, check.stdout, check.stderr) == (0, "", "")


def test_a_worker_of_another_machine_does_not_count(
    tmp_path: Path, broker: str, redis: Redis
) -> None:
    Stats(redis).record_heartbeat(f"{socket.gethostname()}-2:7")
    check = call("worker", "--healthcheck", data=tmp_path / "data", redis_url=broker)
    assert check.returncode == 1
    assert f"No worker on {socket.gethostname()} has sent a heartbeat" in check.stderr


def test_a_worker_without_its_queue_is_not_healthy(tmp_path: Path) -> None:
    check = call(
        "worker",
        "--healthcheck",
        data=tmp_path / "data",
        redis_url=f"unix://{tmp_path}/absent",
    )
    assert check.returncode == 1
    assert check.stderr.startswith("outspoken: ")
