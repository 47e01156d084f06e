"""How many processors there are for us: a container is given fewer than there are."""

import os
from math import ceil
from pathlib import Path

_LIMIT = Path("/sys/fs/cgroup/cpu.max")
"""Microseconds that may be used, and of how many; "max" where there is no limit."""


def cores(limit: Path = _LIMIT) -> int:
    """Return the processors that this process may use, at least one."""
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None
    count = count or os.cpu_count() or 1
    try:
        quota, period = limit.read_text(encoding="ascii").split()
        return max(1, min(count, ceil(int(quota) / int(period))))
    except (OSError, ValueError):
        return count
