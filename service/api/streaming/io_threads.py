"""Thread pool for blocking disk reads, separate from the one that waits for Redis."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

# Of its own: threads that wait for a Redis that is away must not keep from listeners
# what lies on the disk.
_DISK = ThreadPoolExecutor(8, thread_name_prefix="disk")


async def run_blocking(what: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Return what a function returns that reads the disk."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_DISK, lambda: what(*args, **kwargs))
