"""What this machine computes with: on another kind sound differs in its last bits."""

import platform
from contextlib import suppress
from functools import cache
from pathlib import Path


@cache
def processor() -> str:
    """Return the kind of processor and what it can do, in lines of text."""
    with suppress(OSError):
        described = Path("/proc/cpuinfo").read_text(encoding="utf-8").split("\n\n")[0]
        return "\n".join(
            line
            for line in sorted(described.splitlines())
            if line.startswith(("model name", "flags", "Features", "CPU part"))
        )
    return f"{platform.machine()} {platform.processor()}"
