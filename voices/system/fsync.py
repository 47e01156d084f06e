"""Flush files and folders to the disk."""

import os
from pathlib import Path


def fsync(path: Path) -> None:
    """Flush a file's content or a folder's entries; raises OSError."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
