"""A pool of processes that ends at once with the run that started it."""

import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection


@contextmanager
def process_pool(processes: int) -> Iterator[ProcessPoolExecutor]:
    """Yield a pool; an exception of the block ends its processes in mid-task.

    The pool's own shutdown would wait for the tasks.  The processes also end if this
    one is killed: the system then closes its end of a pipe.
    """
    # Spawned, not forked: a voice opened before a fork would hang in the child.
    context = get_context("spawn")
    ends, lives = context.Pipe(duplex=False)
    pool = ProcessPoolExecutor(
        processes, context, initializer=_end_with_run, initargs=(ends,)
    )
    with ends, lives, pool:
        try:
            yield pool
        except BaseException:
            lives.close()
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _end_with_run(ends: Connection) -> None:
    """End this process as soon as the other end of a pipe is closed."""
    # A terminal sends it to all processes; the run's own decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_wait_for_end, args=[ends], daemon=True).start()


def _wait_for_end(ends: Connection) -> None:
    with suppress(OSError):
        ends.poll(None)
    os._exit(1)
