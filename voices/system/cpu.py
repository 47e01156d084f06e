"""CPU count and CPU fingerprint of this machine."""

import os
import platform
from contextlib import suppress
from functools import cache
from math import ceil
from pathlib import Path

_CGROUP_LIMIT = Path("/sys/fs/cgroup/cpu.max")
"""Quota and period in microseconds; the quota is "max" if unlimited."""


def cpu_count(limit: Path = _CGROUP_LIMIT) -> int:
    """Return the number of CPUs that this process may use, at least one."""
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None
    count = count or os.cpu_count() or 1
    try:
        quota, period = limit.read_text(encoding="ascii").split()
        return max(1, min(count, ceil(int(quota) / int(period))))
    except (OSError, ValueError):
        return count


@cache
def cpu_fingerprint() -> str:
    """Return the CPU model and its feature flags, as lines of text."""
    with suppress(OSError):
        cpu = Path("/proc/cpuinfo").read_text(encoding="utf-8").split("\n\n")[0]
        return "\n".join(
            line
            for line in sorted(cpu.splitlines())
            if line.startswith(("model name", "flags", "Features", "CPU part"))
        )
    return f"{platform.machine()} {platform.processor()}"
