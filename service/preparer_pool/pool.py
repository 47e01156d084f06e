"""The pool of processes that prepare articles: `PreparerPool`."""

import logging
import queue
import threading
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Self

from service.errors import PreparersBusy
from service.preparation import ArticleRequest, PreparedArticle
from service.preparer_pool.process import PreparerProcess
from service.settings import ServiceSettings

_LOG = logging.getLogger(__name__)

_MAX_WAIT_S = 60
"""Time that a request waits for an idle process."""

_ATTEMPTS = 2
"""Processes that a request is given to: an idle one may have been killed from outside,
as by a system that is short of memory."""


class PreparerPool:
    """Prepares articles in a fixed number of processes.

    Processes start once and stay; one that exceeds a limit is replaced.
    """

    def __init__(self, settings: ServiceSettings) -> None:
        """Start the processes; they load the rules while this one goes on.

        Raises:
            OSError: a process cannot be started.
        """
        self._settings = settings
        # Last in, first out: the one that was used last has its code in the cache.
        self._idle: queue.LifoQueue[PreparerProcess | None] = queue.LifoQueue()
        self._all: set[PreparerProcess] = set()
        self._lock = threading.Lock()
        self._is_closed = False
        # A process ends with the thread that started it, so one that lasts starts them.
        self._starter = ThreadPoolExecutor(1, thread_name_prefix="start-preparer")
        starts = [
            self._starter.submit(self._start) for _ in range(settings.prepare_processes)
        ]
        for start in starts:
            start.result()

    @property
    def pids(self) -> frozenset[int]:
        """The ids of its processes."""
        with self._lock:
            return frozenset(process.pid for process in self._all)

    def prepare(self, request: ArticleRequest) -> PreparedArticle:
        """Prepare an article in one of the processes; wait for an idle one.

        Raises:
            PreparersBusy: none was idle in time.
            ArticleTooComplex: it took too long or too much memory.
            OutspokenError: any other error of `ArticlePreparer.prepare`.
        """
        for _ in range(_ATTEMPTS - 1):
            try:
                return self._prepare(request)
            except RuntimeError as error:
                _LOG.warning("an article is prepared once more: %s", error)
        return self._prepare(request)

    def __enter__(self) -> Self:
        """Return this pool."""
        return self

    def __exit__(
        self,
        _: type[BaseException] | None,
        __: BaseException | None,
        ___: TracebackType | None,
    ) -> None:
        """End all processes."""
        self.close()

    def close(self) -> None:
        """End all processes; requests that wait for one are refused."""
        self._is_closed = True
        self._idle.put(None)
        self._starter.shutdown()
        with self._lock:
            processes, self._all = self._all, set()
        for process in processes:
            process.close()

    def _prepare(self, request: ArticleRequest) -> PreparedArticle:
        try:
            process = self._idle.get(timeout=_MAX_WAIT_S)
        except queue.Empty:
            message = "Too many articles are sent at once; send this one again later."
            raise PreparersBusy(message) from None
        if process is None:
            self._idle.put(None)  # for the next one that waits
            raise PreparersBusy("The service is stopping; send this again later.")
        try:
            return process.prepare(request)
        finally:
            if process.is_usable:
                self._idle.put(process)
            else:
                self._replace(process)

    def _replace(self, process: PreparerProcess) -> None:
        with self._lock:
            self._all.discard(process)
        process.close()
        if not self._is_closed:
            self._starter.submit(self._restart)

    def _restart(self) -> None:
        try:
            self._start()
        except OSError as error:
            _LOG.warning("a process that prepares articles cannot start: %s", error)

    def _start(self) -> None:
        process = PreparerProcess(self._settings)
        with self._lock:
            self._all.add(process)
        self._idle.put(process)
