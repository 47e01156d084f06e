"""Paths of the checkout, and the time-out of everything that tests start."""

from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
CACHE = ROOT / ".pytest_cache" / "outspoken"
"""Compiled voices of the processes that tests start; kept from run to run."""

START_TIMEOUT_S = 120
"""A time-out: a service starts in three seconds."""
