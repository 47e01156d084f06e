"""One process of the pool, as its parent sees it: `PreparerProcess`."""

import os
import pickle
import subprocess
import sys
import threading
from multiprocessing.connection import Pipe

from service.preparation import ArticleRequest, PreparedArticle
from service.preparer_pool.messages import Answer, too_much_time
from service.settings import ServiceSettings
from voices.errors import OutspokenError

_START_TIMEOUT_S = 60
"""Time in which a process must have loaded the rules; one or two seconds are usual."""


class PreparerProcess:
    """A process that prepares one article at a time.

    A request ends in one of two ways: the process answers, or it is killed when the
    time is over, and the connection breaks.  So writing a long request ends too.
    """

    def __init__(self, settings: ServiceSettings) -> None:
        """Start the process; it loads the rules while this one goes on.

        It ends when the calling thread ends (Linux), so call this from one that does
        not.

        Raises:
            OSError: it cannot be started.
        """
        self._limit_s = settings.prepare_seconds
        self._connection, inherited = Pipe()
        self._is_loaded = False
        fd, parent = inherited.fileno(), os.getpid()
        with inherited:
            # In the session of the API process, so that the supervisor ends both.
            self._process = subprocess.Popen(  # noqa: S603 - our own arguments
                [sys.executable, "-m", "service.preparer_pool", str(fd), str(parent)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[fd],
            )
        self._connection.send_bytes(pickle.dumps(settings))
        self.is_usable = True
        """Whether it can prepare another article."""

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def prepare(self, request: ArticleRequest) -> PreparedArticle:
        """Prepare an article; afterwards `is_usable` says whether to replace this.

        Raises:
            ArticleTooComplex: it took too long or too much memory.
            OutspokenError: any other error of `ArticlePreparer.prepare`.
            RuntimeError: the process has ended or failed.
        """
        if not self._is_loaded:
            self._await_loaded()
        message = pickle.dumps(request, pickle.HIGHEST_PROTOCOL)
        answer = self._exchange(message, self._limit_s)
        if answer is None:
            raise too_much_time(self._limit_s)
        found: tuple[Answer, bool] = pickle.loads(answer)  # noqa: S301 - our own process
        self.is_usable = self.is_usable and found[1]
        if isinstance(found[0], OutspokenError):
            raise found[0]
        if not isinstance(found[0], PreparedArticle):
            raise RuntimeError("The article could not be prepared; the log says where.")  # noqa: TRY004 - a bug, not a wrong type
        return found[0]

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        self._connection.close()

    def _await_loaded(self) -> None:
        if self._exchange(None, _START_TIMEOUT_S) is None:
            raise RuntimeError("A process that prepares articles did not start.")
        self._is_loaded = True

    def _exchange(self, message: bytes | None, limit_s: float) -> bytes | None:
        """Send a message and return the answer; None if the time is over."""
        # Not a time-out of reading: writing blocks as well if the process hangs.
        is_over = threading.Event()
        timer = threading.Timer(limit_s, self._kill, [is_over])
        timer.daemon = True
        timer.start()
        try:
            if message is not None:
                self._connection.send_bytes(message)
            answer = self._connection.recv_bytes()
        except (EOFError, OSError) as error:
            self.is_usable = False
            if is_over.is_set():
                return None
            raise RuntimeError("A process that prepares articles has ended.") from error
        finally:
            timer.cancel()
        # The time may have been over just after the answer.
        self.is_usable = self.is_usable and not is_over.is_set()
        return answer

    def _kill(self, is_over: threading.Event) -> None:
        is_over.set()
        self._process.kill()
