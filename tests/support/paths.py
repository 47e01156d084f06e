"""Paths and files of the checkout, and the time-out of what tests start."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
CACHE = ROOT / ".pytest_cache" / "outspoken"
"""Compiled voices of the processes that tests start; kept from run to run."""

START_TIMEOUT_S = 120
"""A time-out: a service starts in three seconds."""


def tracked_files() -> list[Path]:
    """Return the files of the repository, including new ones, without ignored ones."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],  # noqa: S607 - git on PATH
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    return [path for name in listed if (path := ROOT / name).exists()]
