"""Wait for a check a few seconds only, even if it never ends: `BoundedCheck`."""

import threading
from collections.abc import Callable
from concurrent.futures import Future

from service.errors import NotReady
from voices.errors import OutspokenError


class BoundedCheck:
    """A check that runs once at a time, in a thread of its own.

    A thread that does not end delays neither other checks nor the end of the process.
    """

    def __init__(self, place: str, check: Callable[[], None]) -> None:
        """Name the checked `place` in errors; `check` raises OutspokenError."""
        self._place = place
        self._check = check
        self._lock = threading.Lock()
        self._result: Future[None] | None = None

    def start(self) -> None:
        """Run the check, unless it is running."""
        with self._lock:
            if self._result is None or self._result.done():
                self._result = Future()
                threading.Thread(
                    target=self._run, args=[self._result], daemon=True
                ).start()

    def problem(self, timeout_s: float) -> str | None:
        """Return what the started check found; None if nothing is wrong."""
        assert self._result  # noqa: S101 - it was started
        try:
            self._result.result(timeout_s)
        except OutspokenError as error:
            return str(error)
        except TimeoutError:
            return str(NotReady(f"{self._place} does not answer; check its server."))
        return None

    def _run(self, result: Future[None]) -> None:
        try:
            self._check()
        except BaseException as error:  # noqa: BLE001 - the waiting thread raises it
            result.set_exception(error)
        else:
            result.set_result(None)
