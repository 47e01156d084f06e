"""A news system that sends articles while a trial breaks things."""

import contextlib
import hashlib
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial

import httpx2

from tests.support.service import RunningService
from tests.support.trials.crash_trials import article, eventually, frontend, is_in

_SENDERS = 4


class Publisher:
    """Sends articles, each again until it is acknowledged."""

    def __init__(self, service: RunningService, total: int, name: str = "tide") -> None:
        self._service = service
        self._name = name
        self._waiting = iter(range(total))
        self._lock = threading.Lock()
        self._senders: list[Future[None]] = []
        self.acknowledged: dict[str, str] = {}
        """Keys of narrations by article."""

        self.refused: Counter[str] = Counter()
        """Requests that were repeated, by the reason."""

    @contextmanager
    def sending(self) -> Iterator[None]:
        """Send during the block, and wait for the rest after it."""
        with ThreadPoolExecutor(_SENDERS) as pool:
            self._senders = [pool.submit(self._send_all) for _ in range(_SENDERS)]
            yield
            for sender in self._senders:
                sender.result()

    def has_sent(self, count: int) -> bool:
        """Whether this many articles were acknowledged; fail if a sender failed."""
        for sender in self._senders:
            if sender.done():
                sender.result()
        return len(self.acknowledged) >= count

    def require_all_heard(self) -> None:
        """Fail unless every article is there, and its audio is read whole."""
        with frontend(self._service) as client:
            for source, key in self.acknowledged.items():
                eventually(partial(is_in, client, key, "ready"))
                path = f"/v1/articles/{source}"
                narration = client.get(path).raise_for_status().json()["narration"]
                assert (narration["key"], narration["state"]) == (key, "ready")
                audio = client.get(f"/v1/narrations/{key}.mp3").raise_for_status()
                sha256 = hashlib.sha256(audio.content).hexdigest()
                assert audio.headers["ETag"] == f'"{sha256}"'

    def _send_all(self) -> None:
        with frontend(self._service) as client:
            while (number := self._next()) is not None:
                name = f"{self._name}-{number}"
                # Narrations that sound the same share a file.
                text = article(name, 2 + number % 9)
                sent = {"text": text, "title": f"Tide {number}"}
                self.acknowledged[name] = self._send(client, name, sent)

    def _next(self) -> int | None:
        with self._lock:
            return next(self._waiting, None)

    def _send(self, client: httpx2.Client, name: str, sent: object) -> str:
        while True:
            reason = "no answer"
            with contextlib.suppress(httpx2.TransportError):
                answer = client.put(f"/v1/articles/{name}", json=sent)
                if answer.status_code in {200, 202}:
                    return str(answer.json()["narration"]["key"])
                assert answer.status_code in {503, 507}, answer.text
                assert (answer.status_code == 503) == ("Retry-After" in answer.headers)
                reason = str(answer.json()["title"])
            with self._lock:
                self.refused[reason] += 1
            threading.Event().wait(0.1)
