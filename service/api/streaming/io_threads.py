"""Thread pool for blocking disk reads, separate from waits for Redis."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

# Separate, so that threads that wait for Redis during an outage do not block listeners
# whose audio is on the disk.
_DISK = ThreadPoolExecutor(8, thread_name_prefix="disk")


async def run_blocking(
    function: Callable[P, T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """Call a function that reads the disk, in the pool; return its result."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_DISK, lambda: function(*args, **kwargs))
