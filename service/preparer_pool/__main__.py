"""A process of the pool: prepare the articles that its parent sends.

python -m service.preparer_pool FD PARENT      FD: a socket of `PreparerProcess`
"""

import gc
import logging
import pickle
import resource
import signal
import sys
from contextlib import suppress
from multiprocessing.connection import Connection

from service.article import ContentSource
from service.preparation import ArticlePreparer, ArticleRequest, load_preparer
from service.preparer_pool.messages import Answer, Failure, too_much_memory
from service.settings import ServiceSettings
from voices.errors import OutspokenError
from voices.system.child_process import end_with_parent
from voices.system.heap import release_memory, resident_bytes
from workers.logs import configure_logs

_LOG = logging.getLogger(__name__)

_MAX_BYTES = 1_500_000_000
"""Memory that one article may take; the largest that is allowed takes a third of it."""

_LARGE_REQUEST_BYTES = 200_000
"""Length of a request after which freed memory is returned to the system."""

_WORN_BYTES = 300_000_000
"""Memory above which the process is replaced after an article."""


def main() -> None:
    """Prepare articles until the parent closes the connection."""
    end_with_parent(int(sys.argv[2]))
    # Ctrl-C reaches all processes of a terminal; the parent decides when to end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_DATA, (_MAX_BYTES, _MAX_BYTES))
    with Connection(int(sys.argv[1])) as connection:
        try:
            settings: ServiceSettings = pickle.loads(connection.recv_bytes())  # noqa: S301 - our parent's
            configure_logs("preparer", settings.log_level)
            preparer = load_preparer(settings)
            _warm_up(preparer)
            # It stays, so that collections only look at what articles leave.
            gc.freeze()
            connection.send_bytes(b"ready")
            while _answer(connection, preparer):
                pass
        except (EOFError, BrokenPipeError, ConnectionResetError):
            return  # the parent has ended, or replaces this process


def _warm_up(preparer: ArticlePreparer) -> None:
    """Load what is loaded with the first page and the first text."""
    sentence = "The ferry sails again on Monday, the council of the harbour town said."
    for request in (
        ArticleRequest(html=f"<article><p>{sentence}</p></article>"),
        ArticleRequest(text=sentence, source=ContentSource.PAGE),
    ):
        with suppress(OutspokenError):
            preparer.prepare(request)


def _answer(connection: Connection, preparer: ArticlePreparer) -> bool:
    """Prepare one article; return whether this process can prepare another."""
    message = connection.recv_bytes()
    is_large = len(message) > _LARGE_REQUEST_BYTES
    request = pickle.loads(message)  # noqa: S301 - our parent's
    is_usable = True
    try:
        answer: Answer = preparer.prepare(request)
    except OutspokenError as error:
        answer = error
    except MemoryError:
        answer, is_usable = too_much_memory(), False
    except Exception:  # noqa: BLE001 - one bug must not cost a process
        _LOG.exception("an article could not be prepared")
        answer = Failure()
    is_usable = is_usable and resident_bytes() < _WORN_BYTES
    connection.send_bytes(pickle.dumps((answer, is_usable), pickle.HIGHEST_PROTOCOL))
    if is_large:
        # After the answer, which the caller waits for.
        del message, request, answer
        release_memory()
    return is_usable


if __name__ == "__main__":
    main()
