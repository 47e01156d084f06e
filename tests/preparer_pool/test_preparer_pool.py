"""Articles are prepared in processes that have limits and end with the service."""

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from service.article import ContentSource
from service.errors import ArticleTooComplex, NothingToRead
from service.preparation import ArticleRequest, PreparedArticle, load_preparer
from service.preparer_pool import PreparerPool
from service.settings import ServiceSettings
from tests.support.paths import START_TIMEOUT_S
from tests.support.processes import wait_until, wait_until_gone

SENTENCE = "The tide turned at noon, and no one in the harbour town saw it turn."
ARTICLE = ArticleRequest(text=f"{SENTENCE}\n" * 3, source=ContentSource.ARTICLE)
WORDS_OF_A_STORY = 800
MAX_MESSAGE_BYTES = 100_000
"""What is packed and unpacked in less than ten milliseconds."""


@pytest.fixture(name="pool")
def _pool() -> Iterator[PreparerPool]:
    settings = ServiceSettings(voice="tone", prepare_processes=1, prepare_seconds=5)
    with PreparerPool(settings) as pool:
        yield pool


def here(request: ArticleRequest) -> PreparedArticle:
    """Prepare an article in this process."""
    return load_preparer(ServiceSettings(voice="tone")).prepare(request)


def test_a_process_prepares_what_this_process_would(pool: PreparerPool) -> None:
    assert pool.prepare(ARTICLE) == here(ARTICLE)


def test_a_refusal_comes_back_as_the_same_error(pool: PreparerPool) -> None:
    before = pool.pids
    with pytest.raises(NothingToRead, match="There is no text to read"):
        pool.prepare(ArticleRequest(text=""))
    assert pool.pids == before


def test_an_article_that_takes_too_long_is_refused(pool: PreparerPool) -> None:
    pool.prepare(ARTICLE)
    [hanging] = pool.pids
    os.kill(hanging, signal.SIGSTOP)
    with pytest.raises(ArticleTooComplex, match="more than 5 seconds"):
        pool.prepare(ARTICLE)
    wait_until_gone([hanging])


def test_a_process_that_took_too_long_is_replaced(pool: PreparerPool) -> None:
    [hanging] = pool.pids
    pool.prepare(ARTICLE)
    os.kill(hanging, signal.SIGSTOP)
    with pytest.raises(ArticleTooComplex):
        pool.prepare(ARTICLE)
    assert pool.prepare(ARTICLE) == here(ARTICLE)
    assert hanging not in pool.pids


def test_a_process_killed_from_outside_costs_no_article(pool: PreparerPool) -> None:
    pool.prepare(ARTICLE)
    [killed] = pool.pids
    os.kill(killed, signal.SIGKILL)
    assert pool.prepare(ARTICLE) == here(ARTICLE)


def test_processes_end_when_the_pool_is_closed(pool: PreparerPool) -> None:
    pids = pool.pids
    pool.close()
    wait_until_gone(pids)


@pytest.mark.live
@pytest.mark.parametrize("state", ["idle", "busy"])
def test_processes_end_with_a_parent_that_is_killed(state: str) -> None:
    program = (
        "import time\n"
        "from service.preparer_pool import PreparerPool\n"
        "from service.settings import ServiceSettings\n"
        "pool = PreparerPool(ServiceSettings(voice='tone', prepare_processes=2))\n"
        "print(*pool.pids, flush=True)\n"
        "time.sleep(600)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout
        pids = [int(pid) for pid in parent.stdout.readline().split()]
        assert len(pids) == 2
        wait_until(lambda: all(map(has_bound_itself, pids)), START_TIMEOUT_S)
        if state == "busy":  # one that hangs cannot find out by itself
            for pid in pids:
                os.kill(pid, signal.SIGSTOP)
        parent.kill()
    wait_until_gone(pids)


def has_bound_itself(pid: int) -> bool:
    """Whether a process has begun to ignore Ctrl-C, which it does after binding."""
    with open(f"/proc/{pid}/status", encoding="ascii") as status:  # noqa: PTH123
        [ignored] = [line for line in status if line.startswith("SigIgn")]
    return bool(int(ignored.split()[1], 16) & 1 << (signal.SIGINT - 1))


def test_an_ordinary_story_is_a_short_message() -> None:
    text = "\n".join(
        f"Number {n}: {SENTENCE} {SENTENCE}"
        for n in range(WORDS_OF_A_STORY // len(SENTENCE.split()) // 2)
    )
    prepared = here(ArticleRequest(text=text, clean=False))
    assert len(pickle.dumps(prepared)) < MAX_MESSAGE_BYTES
