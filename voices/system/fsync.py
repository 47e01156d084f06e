"""What was written is on the disk, also after a power cut."""

import os
from pathlib import Path


def fsync(path: Path) -> None:
    """Have a file's content, or a folder's list of names, written; raises OSError."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
